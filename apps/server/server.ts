import Fastify, { type FastifyInstance, LogController } from "fastify";
import { sandbox } from "#apps/sandbox/sandbox";
import { buildStorefront } from "#apps/storefront/build";
import { storefront } from "#apps/storefront/plugin";
import type { Bus } from "#platform/bus/api";
import { openFileConfig } from "#platform/config/drivers/file";
import type { Database } from "#platform/database/api";
import { openPg } from "#platform/database/drivers/pg";
import type { Files } from "#platform/files/api";
import { openDisk } from "#platform/files/drivers/disk";
import { openWebdav } from "#platform/files/drivers/webdav";
import type { Flags } from "#platform/flags/api";
import { openFlags } from "#platform/flags/open";
import type { Limiter } from "#platform/http/limiter";
import { watchServers } from "#platform/telemetry/database-servers";
import { openRecentErrors, type RecentErrors } from "#platform/telemetry/errors";
import { type Metrics, openMetrics } from "#platform/telemetry/metrics";
import type { Traces } from "#platform/telemetry/traces";
import { at, reachable } from "#topology/address";
import type { Alert } from "#topology/alerts/rule";
import { cachedAnswers } from "./cached-answers.ts";
import { type Caches, openCaches } from "./caches.ts";
import { closeOrderly, refuseWhileClosing } from "./close-orderly.ts";
import { type Composition, compose, type Doors } from "./compose.ts";
import { addConsole } from "./console.ts";
import { edge, greet } from "./edge.ts";
import { fileRoutes } from "./file-routes.ts";
import { openInside } from "./inside.ts";
import { openLimits } from "./limits.ts";
import { openApiRoutes } from "./open-api.ts";
import { auditsOf, type Operated, operate } from "./operate.ts";
import { limitAccounts, protection } from "./protection.ts";
import { readiness } from "./readiness.ts";
import { drawRefusals, refusalPages } from "./refusal-page.ts";
import { refuseBadly } from "./refuse-badly.ts";
import { requestIds } from "./request-id.ts";
import { apiRoutes } from "./routes.ts";
import { insistsOnTls, sendSecurityHeaders } from "./security-headers.ts";
import { sandboxSchema, schemas } from "./set-up.ts";
import type { ServerSettings } from "./settings.ts";
import { switchedDoors } from "./switched-doors.ts";
import { startJobs } from "./ticker.ts";
import { openTls } from "./tls.ts";
import { tracedRequests } from "./traced-requests.ts";
import { refuseUnreadable, refuseUnroutable } from "./unreadable.ts";
import { compileSchemas } from "./validation.ts";
import { openWatch } from "./watch.ts";

/** A shop that answers. */
export interface Server {
  /** Where it listens, with the port it got. */
  readonly url: string;
  readonly doors: Doors;
  readonly bus: Bus;
  readonly database: Database;
  readonly metrics: Metrics;
  readonly files: Files;
  /** Answers what it has begun, refuses what comes, carries its events on, then lets go of the database. */
  close(): Promise<void>;
}

/** Starts every part of the shop in this process, on the database that is named; what fails leaves nothing open. */
export async function openServer(s: ServerSettings): Promise<Server> {
  // Closed in the opposite order.
  await using opened = new AsyncDisposableStack();
  const metrics = openMetrics();
  const errors = openRecentErrors(metrics.registry, s.clock);
  const app = makeFastify(s, errors);
  const log = (message: string, error?: unknown) => app.log.error({ err: error }, message);
  const traces = s.trace && (await openTraces(s, s.trace.to, s.trace.sample, metrics, log));
  opened.defer(() => traces?.close());
  const traced = traces !== undefined;
  const database = openDatabase(s, traced, log);
  opened.defer(() => database.close());
  const own = `${s.http.tls ? "https" : "http"}://${at({ host: reachable(s.http.host), port: s.http.port })}`;
  const inside = s.http.tls && (s.demo || s.http.inside) ? await openInside(s.http.inside) : undefined;
  opened.defer(() => inside?.close());
  const ownApi = inside?.url ?? own;
  const caches = openCaches({ ...s.cache, traced }, metrics, s.clock, database.positions);
  opened.defer(() => caches?.close());
  const limiter = openLimits(s, (what) => caches?.tally.counted("limits", what, 1));
  opened.defer(() => limiter.close());
  const flags = await openFlags(openFileConfig(s.directories.settings, log), log);
  opened.defer(() => flags.close());
  const composition = composeShop(s, { ownApi, log, database, metrics, caches, flags, traces });
  metrics.watch({ pools: database.load, boxes: composition.bus.lag });
  if (database.servers) watchServers(metrics.registry, database.servers);
  const files = openFiles(s);
  const audits = auditsOf(s, composition, metrics);
  const watch = openWatch(s, { database, metrics, audits, log: app.log });
  opened.defer(() => watch.stop());
  const { alerts } = watch;
  const operated = operate(s, { database, metrics, audits, flags, errors, alerts });
  opened.defer(() => operated.monitor.stop());
  opened.defer(() => composition.bus.stop());
  opened.defer(() => closeOrderly(app));
  await addRoutes(app, {
    s,
    alerts,
    operated,
    own,
    ownApi,
    log,
    database,
    metrics,
    files,
    composition,
    flags,
    caches,
    traces,
    limiter,
  });
  await database.ready();
  composition.bus.start();
  const jobs = startJobs(composition.jobs, log);
  opened.defer(() => jobs.stop());
  const tls = s.http.tls && (await openTls(app.server, s.http, s.limits.receiveMs));
  opened.defer(() => tls?.stop());
  await app.listen({ host: s.http.host, port: s.http.port });
  inside?.answer((request, response) => app.routing(request, response));
  const whole = opened.move();
  return {
    url: s.http.publicUrl ?? own,
    doors: composition.doors,
    bus: composition.bus,
    database,
    metrics,
    files,
    close: () => whole.disposeAsync(),
  };
}

/** What routes stand on. */
interface Parts {
  readonly s: ServerSettings;
  readonly alerts: () => readonly Alert[];
  readonly own: string;
  /** Where this server reaches itself. */
  readonly ownApi: string;
  readonly log: (message: string, error?: unknown) => void;
  readonly database: Database;
  readonly metrics: Metrics;
  readonly files: Files;
  readonly composition: Composition;
  readonly operated: Operated;
  readonly flags: Flags;
  readonly caches: Caches | undefined;
  readonly traces: Traces | undefined;
  readonly limiter: Limiter;
}

/** Every domain, with the switches and the caches before the doors that are opened. */
function composeShop(
  s: ServerSettings,
  parts: Pick<Parts, "ownApi" | "log" | "database" | "metrics" | "caches" | "flags" | "traces">,
): Composition {
  const { ownApi, log, database, metrics, caches, flags, traces } = parts;
  const { clock, payWithinMs } = s;
  const sandbox = () => ({
    key: s.secret("sandbox"),
    pageUrl: "/sandbox",
    apiUrl: `${ownApi}/sandbox`,
    clock,
  });
  const composed = compose({
    database,
    clock,
    log,
    ...(caches ? { reading: caches.reading } : {}),
    ...(s.reach ? { reach: s.reach } : {}),
    ...(traces ? { traces } : {}),
    payWithinMs,
    counted: metrics.counted,
    providers: s.demo ? { sandbox: sandbox() } : {},
  });
  return { ...composed, doors: switchedDoors(composed.doors, flags) };
}

/** Uploads are on this machine, or on a server that all processes of the shop share. */
const openFiles = ({ files, directories, secret }: ServerSettings): Files =>
  files ? openWebdav({ ...files, token: secret("files") }) : openDisk(directories.files);

/** A schema for every domain; the sandbox's too where the shop is one for trying. */
const openDatabase = (s: ServerSettings, traced: boolean, log: Parts["log"]): Database =>
  openPg({
    host: s.database.host,
    port: s.database.port,
    ...(s.database.others ? { others: s.database.others } : {}),
    database: s.database.name,
    connections: s.database.connections,
    ...(s.database.authority ? { authority: s.database.authority } : {}),
    domains: s.demo ? schemas : schemas.filter((name) => name !== sandboxSchema),
    password: (schema) => s.secret(`database ${schema}`),
    statementTimeoutMs: 10_000,
    traced,
    log,
  });

/** OpenTelemetry is loaded here, and where there is nobody to send traces to not at all. */
async function openTraces(
  { place }: ServerSettings,
  to: string,
  sample: number,
  { registry }: Metrics,
  log: (message: string, error?: unknown) => void,
): Promise<Traces> {
  const { openOtlp } = await import("#platform/telemetry/drivers/otlp");
  return openOtlp({ to, sample, place, registry, log });
}

/** In pino's count; above it lies only what ends a process. */
const levelOfErrors = 50;

function makeFastify(s: ServerSettings, errors: RecentErrors): FastifyInstance {
  // Node looks for requests that take too long every 30 s unless told otherwise: longer than they may take. And it
  // gives the longer of the two times to the body, whichever was meant for it.
  const { receiveMs } = s.limits;
  const checking = { connectionsCheckingInterval: Math.ceil(receiveMs / 10), headersTimeout: receiveMs };
  return Fastify({
    logger: {
      level: s.logLevel,
      // Tokens and passwords travel in these; a log keeps none of them.
      hooks: {
        logMethod(args, method, level) {
          if (level >= levelOfErrors) errors.logged(args, this.bindings()["reqId"]);
          method.apply(this, args);
        },
      },
      redact: ["req.headers.authorization", "req.headers.cookie", 'res.headers["set-cookie"]'],
      ...(s.logTo ? { stream: s.logTo } : {}),
    },
    logController: new LogController({
      disableRequestLogging: s.logLevel !== "info" && s.logLevel !== "debug",
    }),
    genReqId: requestIds(s.http.trustedProxies ?? []),
    requestIdHeader: false,
    trustProxy: s.http.trustedProxies ? [...s.http.trustedProxies] : false,
    bodyLimit: s.limits.bodyBytes,
    connectionTimeout: 30_000,
    requestTimeout: receiveMs,
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: refuseUnroutable,
    keepAliveTimeout: 72_000,
    forceCloseConnections: "idle",
    // Fastify's own answer has no code; the edge refuses what comes while closing.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 300, ignoreTrailingSlash: true },
    ...(s.http.tls
      ? { https: { ...checking, cert: s.http.tls.cert, key: s.http.tls.key } }
      : { http: checking }),
  }) as unknown as FastifyInstance;
}

async function addRoutes(app: FastifyInstance, with_: Parts): Promise<void> {
  const { s, own, ownApi, log, database, metrics, files, composition, operated, flags, caches } = with_;
  const { limiter } = with_;
  const { doors } = composition;
  compileSchemas(app);
  refusalPages(app);
  refuseBadly(app);
  greet(app, s.clock);
  if (with_.traces) tracedRequests(app, with_.traces, { proxy: s.trace?.proxy, clock: s.clock });
  await sendSecurityHeaders(app, insistsOnTls(s.http.publicUrl));
  refuseWhileClosing(app);
  await protection(app, limiter, s.limits);
  readiness(app, { database, metrics, alerts: with_.alerts, token: s.secret("supervisor") });
  await edge(app, doors, s.clock, database.positions !== undefined);
  limitAccounts(app, limiter, s.limits);
  if (caches) cachedAnswers(app, caches, s.clock);
  const opened = { ...doors, operations: operated.operations };
  await app.register(async (api) => apiRoutes(api, opened), { prefix: "/api/v1" });
  openApiRoutes(app, s.http.publicUrl ?? own);
  fileRoutes(app, files);
  if (s.demo) {
    const { callbackDelaysMs } = s.demo;
    await app.register(
      sandbox({
        store: database.store(sandboxSchema),
        clock: s.clock,
        key: s.secret("sandbox"),
        callbackUrl: `${ownApi}/api/v1/payments/callbacks/sandbox`,
        log,
        ...(callbackDelaysMs ? { delaysMs: callbackDelaysMs } : {}),
      }),
    );
  }
  const build = await buildStorefront({
    buildDir: s.directories.build,
    log: (message) => app.log.info(message),
  });
  drawRefusals(app, build);
  await addConsole(app, s, operated, build.assets.icon);
  await app.register(storefront, {
    doors,
    build,
    clock: s.clock,
    flags,
    paymentProvider: "sandbox",
    ...(s.demo ? { demoAccounts: s.demo.accounts } : {}),
  });
}
