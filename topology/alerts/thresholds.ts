/**
 * When somebody is told: every threshold of every rule on one page, each with its reason. A rule that fires without
 * anybody having to do something is a mistake here; so is one that fires after a buyer has called.
 */
export const alertThresholds = {
  /** What is dead is started again within a second or two, and a stage boots in 20 s: longer, and it does not come. */
  downForSeconds: 20,
  /** A minute of rates: two or three looks may fail, and a burst of ten seconds still shows. */
  rateSeconds: 60,

  /** Requests are turned away at 1 s (`eventLoopDelayMs`); at a quarter of that every answer is felt to be late. */
  eventLoopSeconds: 0.25,
  eventLoopForSeconds: 30,
  /** A pool hands a connection on within 2 ms: twenty waiting are 40 ms on top of every statement, and growing. */
  connectionsAwaited: 20,
  connectionsAwaitedForSeconds: 15,
  /**
   * Of those a server admits (rules/databases.ts). Applications may open 86 of a hundred, so their load alone never
   * fires this; 3 are kept for the superuser, and operators, backups and moves need some as well.
   */
  serverConnectionsShare: 0.9,
  serverConnectionsForSeconds: 30,
  /** The budget is what `up` adds together; it has no reserve, so beyond it another component pays. */
  memoryOfBudget: 1.25,
  memoryForSeconds: 120,
  /** With a tenth left there are days to make room; with a thirtieth PostgreSQL is about to stop taking orders. */
  diskFreeWarning: 0.1,
  diskFreeCritical: 0.03,
  diskForSeconds: 30,

  /** Events are carried within milliseconds, and looked for once a second: half a minute late, something holds them. */
  eventsLateSeconds: 30,
  eventsLateForSeconds: 30,
  /** Four segments of the log. A replica is left out of reading long before; this far behind it does not catch up. */
  replicaLateBytes: 64e6,
  replicaLateForSeconds: 30,

  /** One answer of fifty is an error: more than the odd timeout, and few buyers come back. */
  failedShare: 0.02,
  /** Below one failure in ten seconds a share says nothing: a shop at night has one request a minute. */
  failedPerSecond: 0.1,
  failedForSeconds: 15,
  /** A page takes 2 ms and a checkout 10 ms; beyond a second buyers leave. */
  slowSeconds: 1,
  /** Sixty requests a minute, below which the slowest of a hundred is simply the slowest one. */
  slowPerSecond: 1,
  slowForSeconds: 60,

  /** The cache is passed by within milliseconds, and each error was a read that went to the database. */
  cacheErrorsPerSecond: 1,
  cacheForSeconds: 20,

  /** It runs every minute, and for large shops as often as costs 3 % of its time: two hours are 4 minutes a run. */
  auditAgeSeconds: 7_200,
  auditForSeconds: 60,

  /** A month, in which somebody who has to ask somebody else gets a new one. */
  certificateSeconds: 30 * 86_400,

  /** The server tries three times, a second apart, and then once a minute. */
  archiveForSeconds: 60,
  /** One is made a day; after two days something keeps it from being made. */
  baseAgeSeconds: 2 * 86_400,

  /** The synchronous standby changes hands within a second; later than this writes are being refused. */
  standbyForSeconds: 5,
};

export type AlertThresholds = typeof alertThresholds;
