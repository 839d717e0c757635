/**
 * Ids sort by time and carry the bucket of their owner (docs/decisions/0003-buckets-and-ids.md): 41 bits of
 * milliseconds since 2026, 10 bits of bucket, 12 random bits. In the database they are a `bigint`; everywhere
 * else 13 characters of Crockford base32 in lower case, so that the order of texts is the order of times.
 *
 * The 63 bits are handled as two numbers (the upper 33 bits, the lower 30), because BigInt arithmetic costs
 * several times as much and an order makes and reads a dozen of these.
 */

/** An id of one kind of thing; the kind exists for the compiler alone. */
export type Id<Kind extends string> = string & { readonly kind: Kind };

/** 0 to 1023: the unit in which data is routed and moved. */
export type Bucket = number;

export const bucketCount = 1024;

const epochMs = Date.UTC(2026, 0, 1);
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
/** What a character code counts. */
const digits = new Uint8Array(128);
for (let value = 0; value < 32; value++) digits[alphabet.charCodeAt(value)] = value;
const pattern = /^[0-7][0-9a-hjkmnp-tv-z]{12}$/;

/** The JSON Schema pattern of an id; the first character holds the 3 highest of the 63 bits. */
export const idPattern = "^[0-7][0-9a-hjkmnp-tv-z]{12}$";

const random = new Uint16Array(512);
let drawn = random.length;

function random16(): number {
  if (drawn === random.length) {
    crypto.getRandomValues(random);
    drawn = 0;
  }
  return random[drawn++] ?? 0;
}

/** A bucket drawn evenly: what an account, a product or a guest's cart gets, for ever. */
export const randomBucket = (): Bucket => random16() & (bucketCount - 1);

/** A random text of 128 bits, for tokens and secrets that travel. */
export function randomToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

let lastMs = 0;
let sequence = 0;

/**
 * A new id in a bucket. Within a process no two are alike: the 12 bits begin at random in each millisecond and count
 * on from there (three orders of one checkout, drawn independently, would collide once in 1,400 checkouts). Two
 * processes collide once in 4,096 for one bucket and millisecond: the key decides, the caller retries.
 */
export function newId<Kind extends string>(bucket: Bucket, nowMs: number): Id<Kind> {
  sequence = nowMs === lastMs ? (sequence + 1) & 0xfff : random16() & 0xfff;
  lastMs = nowMs;
  const ms = nowMs - epochMs;
  const low = ((ms & 0xff) << 22) | (bucket << 12) | sequence;
  return encode(Math.floor(ms / 256), low) as Id<Kind>;
}

/** The lowest id of a millisecond: whatever was made from then on is at it or above. */
export function firstIdAt(atMs: number): Id<string> {
  const ms = Math.max(0, atMs - epochMs);
  return encode(Math.floor(ms / 256), (ms & 0xff) << 22) as Id<string>;
}

function encode(high: number, low: number): string {
  let text = "";
  const upper = Math.floor(high / 33554432);
  const lower = high % 33554432;
  text += alphabet[upper >>> 5];
  text += alphabet[upper & 31];
  for (let shift = 20; shift >= 0; shift -= 5) text += alphabet[(lower >>> shift) & 31];
  for (let shift = 25; shift >= 0; shift -= 5) text += alphabet[(low >>> shift) & 31];
  return text;
}

function part(id: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) value = value * 32 + (digits[id.charCodeAt(i)] ?? 0);
  return value;
}

/** The bucket an id carries. */
export const bucketOf = (id: Id<string>): Bucket => (part(id, 7, 13) >>> 12) & (bucketCount - 1);

/** When an id was made, in milliseconds since 1970. */
export const timeOf = (id: Id<string>): number =>
  part(id, 0, 7) * 256 + ((part(id, 7, 13) >>> 22) & 0xff) + epochMs;

/** Whether a text from outside is an id. */
export const isId = (text: string): text is Id<string> => pattern.test(text);

/**
 * The bigint of the database, as the decimal text that its protocol carries. The two numbers are multiplied in parts
 * that stay below 2^53: high = a × 2^16 + b, and 2^46 = 70,368 × 10^9 + 744,177,664.
 */
export function toBigint(id: Id<string>): string {
  const high = part(id, 0, 7);
  const a = Math.floor(high / 65536);
  const rest = a * 744177664 + (high % 65536) * 1073741824 + part(id, 7, 13);
  const billions = a * 70368 + Math.floor(rest / 1e9);
  const below = rest % 1e9;
  return billions === 0 ? String(below) : String(billions) + String(below).padStart(9, "0");
}

/**
 * The id of a bigint that came from the database as decimal text: a × 2^16 + b billions and the rest, and
 * 2^16 × 10^9 = 61,035 × 2^30 + 167,772,160.
 */
export function fromBigint<Kind extends string>(decimal: string): Id<Kind> {
  const billions = Number(decimal.slice(0, -9));
  const a = Math.floor(billions / 65536);
  const rest = a * 167772160 + (billions % 65536) * 1e9 + Number(decimal.slice(-9));
  return encode(a * 61035 + Math.floor(rest / 1073741824), rest % 1073741824) as Id<Kind>;
}

/** The bucket of a text that is looked up by its value (an e-mail address, a provider's reference): FNV-1a. */
export function bucketOfText(text: string): Bucket {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % bucketCount;
}
