import { Readable } from "node:stream";
import { type Dispatcher, Pool, RetryAgent } from "undici";
import { type ContentType, type Files, nameOf, typeOf } from "../api.ts";

/** A component on a network of our own answers in milliseconds; a file of some megabytes takes longer. */
const answerWithinMs = 5_000;
const connections = 32;

/**
 * Files on a component that all applications share, over HTTP: GET for anybody who knows a name, PUT with the token.
 * Everything here may be repeated, because a name is the hash of what it names; so what meets a component that is just
 * being started again is, a few times within a second.
 */
export function openWebdav({ host, port, token }: { host: string; port: number; token: string }): Files {
  const origin = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const pool = new Pool(origin, {
    connections,
    connectTimeout: 1_000,
    headersTimeout: answerWithinMs,
    bodyTimeout: answerWithinMs,
  });
  const client = new RetryAgent(pool, {
    maxRetries: 4,
    minTimeout: 50,
    maxTimeout: 400,
    timeoutFactor: 2,
    methods: ["GET", "HEAD", "PUT"],
    statusCodes: [],
  });
  const sizeOf = async (name: string): Promise<number | undefined> => {
    const { statusCode, headers, body } = await client.request({
      origin,
      path: `/files/${name}`,
      method: "HEAD",
    });
    await body.dump();
    if (statusCode === 404) return undefined;
    if (statusCode !== 200) throw fault(origin, "HEAD", name, statusCode);
    return Number(headers["content-length"]);
  };
  return {
    put: async (bytes, contentType) => {
      const name = nameOf(bytes, contentType);
      if ((await sizeOf(name)) !== bytes.length) {
        const { statusCode, body } = await client.request({
          origin,
          path: `/files/${name}`,
          method: "PUT",
          headers: { authorization: `Bearer ${token}` },
          body: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
        });
        await body.dump();
        if (statusCode !== 201 && statusCode !== 204) throw fault(origin, "PUT", name, statusCode);
      }
      return `/files/${name}`;
    },
    open: async (name) => {
      const contentType = typeOf(name);
      const size = contentType && (await sizeOf(name));
      return contentType && size !== undefined
        ? storedFile(client, { origin, name, contentType, size })
        : undefined;
    },
  };
}

const storedFile = (
  client: Dispatcher,
  {
    origin,
    name,
    contentType,
    size,
  }: { origin: string; name: string; contentType: ContentType; size: number },
) => ({
  contentType,
  size,
  get stream() {
    return Readable.from(read(client, origin, name), { objectMode: false });
  },
});

async function* read(client: Dispatcher, origin: string, name: string): AsyncGenerator<Uint8Array> {
  const { statusCode, body } = await client.request({ origin, path: `/files/${name}`, method: "GET" });
  if (statusCode !== 200) {
    await body.dump();
    throw fault(origin, "GET", name, statusCode);
  }
  yield* body;
}

const fault = (origin: string, method: string, name: string, status: number) =>
  new Error(`the files at ${origin} answered ${status} to ${method} ${name}`);
