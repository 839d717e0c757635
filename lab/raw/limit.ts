/** What the machine can do at best, taken in the same run as what it is compared with. */
export interface Limit {
  readonly name: string;
  /** How it was driven. */
  readonly by: string;
  readonly perSecond: number;
  /** CPU of the server's side for one, in milliseconds; for the database of its processes, without the client. */
  readonly cpuMs: number;
  readonly p50?: number;
  readonly p99?: number;
}

/** Where the database of the shop that is measured listens, and as whom the lab may make a database of its own. */
export interface DatabaseServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly postmasterPid: number;
}
