/** One file in an archive. Its body has to be read to the end before the next one is asked for. */
export interface Entry {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly body: AsyncIterable<Buffer>;
}

/** The bytes are no archive, or end too early. */
export class TarDamaged extends Error {
  readonly truncated: boolean;
  constructor(message: string, truncated = false) {
    super(message);
    this.name = "TarDamaged";
    this.truncated = truncated;
  }
}

const block = 512;
/** What twelve octal digits, the last one a space, can say: 8 GiB. */
const sizeMost = 8 ** 11 - 1;

/**
 * The header of a file in the oldest format that every tar reads (ustar). Rejected: a package, since what we write is
 * one kind of header, and what we read is what we wrote, or is refused.
 */
export function tarHeader(name: string, size: number, modifiedAtMs: number): Buffer {
  const header = Buffer.alloc(block);
  if (Buffer.byteLength(name) > 100) throw new Error(`${name} is too long a name for an archive`);
  if (size > sizeMost) throw new Error(`${name} is too large for an archive: 8 GiB at most`);
  header.write(name, 0);
  header.write("0000600\0", 100);
  header.write("0000000\x000000000\0", 108);
  header.write(`${size.toString(8).padStart(11, "0")} `, 124);
  header.write(
    `${Math.floor(modifiedAtMs / 1_000)
      .toString(8)
      .padStart(11, "0")} `,
    136,
  );
  header.write("0ustar\x0000", 156);
  header.write(checksumOf(header), 148);
  return header;
}

/** What follows a body of that many bytes. */
export const tarPadding = (size: number): Buffer => Buffer.alloc((block - (size % block)) % block);

/** What ends an archive. */
export const tarEnd = (): Buffer => Buffer.alloc(2 * block);

/** Six octal digits: the sum of the header's bytes, its own place counted as spaces. */
function checksumOf(header: Buffer): string {
  let sum = 8 * 0x20;
  for (const [i, byte] of header.entries()) if (i < 148 || i >= 156) sum += byte;
  return `${sum.toString(8).padStart(6, "0")}\0 `;
}

/** Reads an archive that this program wrote, in bounded memory. Throws TarDamaged. */
export async function* readTar(source: AsyncIterable<Buffer>): AsyncGenerator<Entry, void> {
  const bytes = takeFrom(source);
  for (;;) {
    const header = await bytes.exactly(block);
    if (header.every((byte) => byte === 0)) break;
    const { name, size } = parseHeader(header);
    let read = false;
    yield {
      name,
      size,
      body: (async function* () {
        yield* bytes.pieces(size);
        await bytes.exactly(tarPadding(size).length);
        read = true;
      })(),
    };
    if (!read) throw new Error(`${name} was not read to its end`);
  }
  if (!(await bytes.exactly(block)).every((byte) => byte === 0)) throw new TarDamaged("its end is damaged");
  // To the very end, where the compression has its checksum.
  for await (const rest of bytes.all())
    if (rest.some((byte) => byte !== 0)) throw new TarDamaged("it goes on after its end");
}

function parseHeader(header: Buffer): { name: string; size: number } {
  const text = (from: number, length: number) =>
    header
      .toString("utf8", from, from + length)
      .split("\0", 1)[0]
      ?.trim() ?? "";
  const sum = header.toString("latin1", 148, 156);
  const size = Number.parseInt(text(124, 12), 8);
  if (sum !== checksumOf(header) || !Number.isSafeInteger(size)) throw new TarDamaged("a header is damaged");
  return { name: text(0, 100), size };
}

/** Takes bytes out of a stream by number instead of as they come. */
function takeFrom(source: AsyncIterable<Buffer>) {
  const chunks = source[Symbol.asyncIterator]();
  let left: Buffer = Buffer.alloc(0);
  const next = async (): Promise<boolean> => {
    const { done, value } = await chunks.next();
    if (!done) left = value;
    return !done;
  };
  async function* pieces(size: number): AsyncGenerator<Buffer, void> {
    for (let missing = size; missing > 0; ) {
      if (left.length === 0 && !(await next())) throw new TarDamaged("it ends in the middle", true);
      const piece = left.subarray(0, missing);
      left = left.subarray(piece.length);
      missing -= piece.length;
      yield piece;
    }
  }
  return {
    pieces,
    exactly: async (size: number): Promise<Buffer> => {
      const parts: Buffer[] = [];
      for await (const piece of pieces(size)) parts.push(piece);
      return Buffer.concat(parts);
    },
    all: async function* (): AsyncGenerator<Buffer, void> {
      do {
        yield left;
        left = Buffer.alloc(0);
      } while (await next());
    },
  };
}
