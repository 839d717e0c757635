import { createHmac, randomUUID } from "node:crypto";
import type { Api } from "./api.ts";

/** A payment as the API shows it. */
export interface Payment {
  readonly id: string;
  readonly amount: { readonly amount: number; readonly currency: string };
  readonly redirectUrl: string;
}

/** Somebody who takes a buyer's money and tells the shop. */
export interface Provider {
  readonly name: string;
  /**
   * Ends when the shop has acknowledged the callback, or, where somebody else sends it, when that has been
   * asked for.
   */
  capture(payment: Payment): Promise<void>;
}

/**
 * The lab in the sandbox's place: it knows the key the two share and sends the signed callback itself
 * (apps/sandbox/README.md), at once and once. So the shop's whole part is in the figures, and a played
 * provider's is not.
 */
export function ownProvider(api: Api, key: string): Provider {
  return {
    name: "the lab sends the signed callback itself",
    capture: async ({ id, amount }) => {
      const body = JSON.stringify({ reference: id, state: "captured", ...amount, charge: randomUUID() });
      const at = Math.floor(Date.now() / 1_000);
      const digest = createHmac("sha256", key).update(`${at}.${body}`).digest("hex");
      await api.text({
        method: "POST",
        path: "/api/v1/payments/callbacks/sandbox",
        headers: { "sandbox-signature": `t=${at},v1=${digest}` },
        text: { type: "application/json", body },
      });
    },
  };
}

/**
 * The shop's own sandbox page, for a shop whose key is not known here: its callback comes up to a second
 * later.
 */
export function sandboxPage(api: Api): Provider {
  return {
    name: "the shop's sandbox page, whose callback comes 0.15 to 1 s later",
    capture: async ({ redirectUrl }) => {
      const { pathname, searchParams } = new URL(redirectUrl, api.url);
      searchParams.set("choice", "pay");
      await api.text({
        method: "POST",
        path: pathname,
        text: { type: "application/x-www-form-urlencoded", body: searchParams.toString() },
      });
    },
  };
}
