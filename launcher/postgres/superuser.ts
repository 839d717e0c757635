import pg from "pg";
import { superuserName } from "./settings.ts";

/** A server that answers is quick; whoever watches or waits for one asks again. */
const answerWithinMs = 2_000;

/** Where a server listens: an address, or the directory of its socket. */
export interface Server {
  readonly host: string;
  readonly port: number;
}

interface Asking {
  /** Absent: the one that every server has. */
  readonly database?: string;
  /** For connecting, and for each statement. Absent: 2 s. */
  readonly withinMs?: number;
  /** What the server's own list of connections calls it. */
  readonly name?: string;
}

/** A connection of a server's superuser; it breaks silently, and the next statement says so. */
export async function connectSuperuser(
  { host, port }: Server,
  password: string,
  { database = "postgres", withinMs = answerWithinMs, name }: Asking = {},
): Promise<pg.Client> {
  const client = new pg.Client({
    host,
    port,
    user: superuserName,
    password,
    database,
    ssl: false,
    connectionTimeoutMillis: withinMs,
    query_timeout: withinMs,
    ...(name === undefined ? {} : { application_name: name }),
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

/** One statement of the superuser, over a connection of its own. Throws where no answer comes in time. */
export async function askServer<Row = Record<string, number>>(
  server: Server,
  password: string,
  statement: string,
  asking?: Asking,
): Promise<Row[]> {
  const client = await connectSuperuser(server, password, asking);
  try {
    return (await client.query(statement)).rows as Row[];
  } finally {
    await client.end().catch(() => undefined);
  }
}
