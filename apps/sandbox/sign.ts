import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "#kernel/clock";

/** Requests that were signed longer ago than this, or in the future by more, are refused. */
const toleranceMs = 300_000;

/** HMAC-SHA256 with the key that the sandbox and the shop share. */
export interface Signer {
  /** The value of the header `Sandbox-Signature`: `t=SECONDS,v1=HEX`, over `SECONDS.text`. */
  sign(text: string): string;
  /**
   * Whether a value of that header is of that text and recent; takes the same time whatever is wrong with it.
   */
  isSigned(text: string, header: string): boolean;
  /** Whether a plain digest, as links carry it, is of that text. */
  isDigest(text: string, digest: string): boolean;
}

/** Signs and checks with one key. */
export function signer(key: string, clock: Clock): Signer {
  const digestOf = (text: string) => createHmac("sha256", key).update(text).digest("hex");
  const isDigest = (text: string, digest: string) => {
    const expected = Buffer.from(digestOf(text));
    const given = Buffer.from(digest);
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
  return {
    sign: (text) => {
      const at = Math.floor(clock.now() / 1000);
      return `t=${at},v1=${digestOf(`${at}.${text}`)}`;
    },
    isSigned: (text, header) => {
      const [, at = "", digest = ""] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header) ?? [];
      return isDigest(`${at}.${text}`, digest) && Math.abs(clock.now() - Number(at) * 1000) <= toleranceMs;
    },
    isDigest,
  };
}
