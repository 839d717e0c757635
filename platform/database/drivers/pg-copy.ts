import { once } from "node:events";
import type { Duplex } from "node:stream";
import type pg from "pg";

/** What the driver calls on whatever it was told to run, and what of its connection a copy needs. */
interface Wire {
  readonly stream: Duplex;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
}

/** A statement that the driver runs like a query of its own; whoever waits for `done` learns how it ended. */
interface Running {
  callback(): void;
  handleError(error: Error): void;
  handleReadyForQuery(): void;
  handleCommandComplete(message: { text: string }): void;
  submit(wire: Wire): void;
}

/** Above this many bytes that nobody has taken yet the server is made to wait. */
const waitingBytesMost = 1 << 20;

/**
 * Runs `copy … to stdout` and yields the rows in the server's text format, as many whole ones at a time as have come:
 * each ends with a line feed and holds no other, because the format escapes them. A slow reader slows the server down,
 * and the memory stays bounded. The client must be free and is busy until the end. Rejected: pg-copy-streams, a
 * package for what is sixty lines on the driver's public interface.
 */
export async function* copyOut(client: pg.Client, text: string): AsyncGenerator<Buffer, void> {
  let waiting: Buffer[] = [];
  let bytes = 0;
  let wire: Wire | undefined;
  let ended: { error?: Error } | undefined;
  let wake: () => void = () => undefined;
  const end = (error?: Error) => {
    ended ??= error ? { error } : {};
    wake();
  };
  const statement: Running & { handleCopyData(message: { chunk: Buffer }): void } = {
    callback: () => undefined,
    submit: (given) => {
      wire = given;
      given.query(text);
    },
    handleCopyData: ({ chunk }) => {
      // The driver's buffer is written over by what comes next.
      waiting.push(Buffer.from(chunk));
      bytes += chunk.length;
      if (bytes > waitingBytesMost) wire?.stream.pause();
      wake();
    },
    handleCommandComplete: () => undefined,
    handleError: end,
    handleReadyForQuery: () => end(),
  };
  run(client, statement);
  for (;;) {
    const rows = Buffer.concat(waiting);
    waiting = [];
    bytes = 0;
    wire?.stream.resume();
    if (rows.length > 0) yield rows;
    if (waiting.length > 0) continue;
    if (ended) break;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  if (ended.error) throw ended.error;
}

/** Runs `copy … from stdin` with rows in the server's text format, cut anywhere; answers how many rows there were. */
export function copyIn(client: pg.Client, text: string, rows: AsyncIterable<Buffer>): Promise<number> {
  return new Promise((resolve, reject) => {
    let count = 0;
    let failure: Error | undefined;
    const send = async (wire: Wire) => {
      try {
        for await (const chunk of rows) {
          // The server has given up, and has said why.
          if (failure) return;
          wire.sendCopyFromChunk(chunk);
          if (wire.stream.writableNeedDrain) await once(wire.stream, "drain");
        }
        wire.endCopyFrom();
      } catch (error) {
        failure ??= error as Error;
        wire.sendCopyFail("what was to be copied could not be read");
      }
    };
    const statement: Running & { handleCopyInResponse(wire: Wire): void } = {
      callback: () => undefined,
      submit: (wire) => wire.query(text),
      handleCopyInResponse: (wire) => void send(wire),
      handleCommandComplete: (message) => {
        count = Number(/^COPY (?<rows>\d+)$/.exec(message.text)?.groups?.["rows"] ?? 0);
      },
      handleError: (error) => {
        failure ??= error;
        reject(failure);
      },
      handleReadyForQuery: () => (failure ? reject(failure) : resolve(count)),
    };
    run(client, statement);
  });
}

/** The driver's types know the first half of what it asks of a statement (`submit`) and not the second. */
const run = (client: pg.Client, statement: Running) => client.query(statement as unknown as pg.Submittable);
