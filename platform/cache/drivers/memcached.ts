import { createRequire } from "node:module";
import { Client, type Server } from "memjs";
import type { Cache } from "../api.ts";
import { plainKey, type RemoteSettings, remoteCache, type Wire } from "../remote.ts";

export interface MemcachedPlace {
  readonly host: string;
  readonly port: number;
  /** Keeps several shops on one server apart. */
  readonly prefix?: string | undefined;
}

/** Of the binary protocol. memjs speaks it, and offers no compare-and-set: its parts do. */
const opcodes = { get: 0x00, set: 0x01, add: 0x02, delete: 0x04 } as const;
const done = 0x00;
/** Not there, there already or changed meanwhile, too large, no memory: a cache may say so. */
const expected = new Set([done, 0x01, 0x02, 0x03, 0x05, 0x82]);

interface Response {
  readonly header: { readonly status: number; readonly cas: Buffer };
  readonly val: Buffer | null;
}
interface Parts {
  readonly seq: number;
  incrSeq(): void;
  perform(
    key: string,
    request: Buffer,
    seq: number,
    callback: (error: Error | null, response: Response) => void,
  ): void;
  readonly servers: readonly (Server & { _socket?: { destroy(): void } })[];
}
type MakeRequest = (
  opcode: number,
  key: string,
  extras: Buffer | string,
  value: string,
  seq: number,
) => Buffer;
const { makeRequestBuffer } = createRequire(import.meta.url)("memjs/lib/memjs/utils") as {
  makeRequestBuffer: MakeRequest;
};

/** memcached 1.4 or newer. Nobody hears what others drop: what a process keeps of it, it may keep briefly only. */
export function openMemcached(place: MemcachedPlace, settings: RemoteSettings): Cache {
  return remoteCache(memcachedWire(place), settings);
}

const silent = { log: () => undefined };

const open = ({ host, port }: MemcachedPlace): Parts =>
  Client.create(`${host}:${port}`, {
    timeout: 1,
    conntimeout: 1,
    retries: 1,
    keepAlive: true,
    logger: silent,
  }) as unknown as Parts;

function memcachedWire(place: MemcachedPlace): Wire {
  const prefix = place.prefix ?? "";
  let client = open(place);

  function ask(opcode: number, key: string, extras: Buffer | string, value: string, cas?: string) {
    const name = plainKey(prefix, key);
    client.incrSeq();
    const { seq } = client;
    const request = makeRequestBuffer(opcode, name, extras, value, seq);
    if (cas) request.write(cas, 16, "hex");
    return new Promise<Response>((resolve, reject) => {
      client.perform(name, request, seq, (error, response) => {
        if (error) reject(error);
        else if (expected.has(response.header.status)) resolve(response);
        else reject(new Error(`memcached answers ${response.header.status}`));
      });
    });
  }

  const letGo = () => {
    for (const server of client.servers) server._socket?.destroy();
  };

  return {
    // One request each, written together and answered together.
    getMany: (keys) =>
      Promise.all(
        keys.map(async (key) => {
          const { header, val } = await ask(opcodes.get, key, "", "");
          if (header.status !== done || !val) return undefined;
          return { text: val.toString(), lease: header.cas.toString("hex") };
        }),
      ),
    putMany: async (puts) => {
      await Promise.all(
        puts.map(({ key, text, lease, ttlMs }) =>
          lease === ""
            ? ask(opcodes.add, key, expiring(ttlMs), text)
            : ask(opcodes.set, key, expiring(ttlMs), text, lease),
        ),
      );
    },
    dropMany: async (keys, text, ttlMs) => {
      await Promise.all(
        keys.map(async (key) => {
          const { header } = await ask(opcodes.set, key, expiring(ttlMs), text);
          if (header.status !== done) await ask(opcodes.delete, key, "", "");
        }),
      );
    },
    listen: () => undefined,
    line: () => undefined,
    gaveUp: () => {
      // memjs lets the end of an old connection end the new one too: it gets a new client instead.
      letGo();
      client = open(place);
    },
    close: async () => letGo(),
  };
}

/** No flags, and whole seconds: an entry says itself to the millisecond until when it may be served. */
function expiring(ttlMs: number): Buffer {
  const extras = Buffer.alloc(8);
  extras.writeUInt32BE(Math.max(1, Math.ceil(ttlMs / 1_000)), 4);
  return extras;
}
