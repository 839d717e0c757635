import { createHash } from "node:crypto";
import type { Context } from "#kernel/context";
import { lockOut } from "./account.ts";

/** What is known of an e-mail address when somebody wants to sign in: of the client that asks, and of all others. */
export interface LookRow {
  readonly account: string | null;
  readonly finished: boolean;
  readonly failures: number | null;
  readonly until: Date | null;
  readonly all_failures: number | null;
  readonly all_until: Date | null;
  readonly known_until: Date | null;
}

/** When the lock opens for the client that asks, in milliseconds since 1970; undefined when there is none. */
export function lockOf(row: LookRow, nowMs: number): number | undefined {
  const own = endOf(row.failures, lockOut.failures, row.until, nowMs);
  const isKnown = (row.known_until?.getTime() ?? 0) > nowMs;
  const all = isKnown ? undefined : endOf(row.all_failures, lockOut.failuresOfAll, row.all_until, nowMs);
  return own && all ? Math.max(own, all) : (own ?? all);
}

const endOf = (failures: number | null, most: number, until: Date | null, nowMs: number) =>
  failures && until && failures >= most && until.getTime() > nowMs ? until.getTime() : undefined;

/** The client that asks, as a digest: looked up is whether it is the same, never where somebody was. */
export const clientOf = ({ client = "" }: Context, email: string): string =>
  createHash("sha256").update(`${email} ${client}`).digest("base64url").slice(0, 22);
