import { createHmac, timingSafeEqual } from "node:crypto";
import { Type } from "typebox";
import { Compile } from "typebox/compile";
import { request } from "undici";
import type { Clock } from "#kernel/clock";
import { money } from "#kernel/money";
import { Fault, refuse } from "#kernel/refusal";
import type { Notice, Provider } from "../provider.ts";

/** Where the sandbox is, and the key it and this shop share. */
export interface SandboxSettings {
  readonly key: string;
  /** Its pages as a browser reaches them: `/sandbox`, or an address with a host. */
  readonly pageUrl: string;
  /** Its interface as this process reaches it: `http://127.0.0.1:3000/sandbox`. */
  readonly apiUrl: string;
  readonly clock: Clock;
}

/**
 * Signatures older or newer than this are refused: a callback that was overheard cannot be sent again later.
 */
const toleranceMs = 300_000;
const timeoutMs = 3_000;

const chargeForm = Compile(
  Type.Object({
    reference: Type.String({ maxLength: 100 }),
    state: Type.Union([Type.Literal("open"), Type.Literal("captured"), Type.Literal("declined")]),
    amount: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    currency: Type.String({ pattern: "^[A-Z]{3}$" }),
    charge: Type.String({ maxLength: 100 }),
  }),
);

/**
 * The sandbox: a provider for demonstrations and tests that takes no real money. Its side is apps/sandbox.
 */
export function sandboxProvider({ key, pageUrl, apiUrl, clock }: SandboxSettings): Provider {
  const digest = (text: string) => createHmac("sha256", key).update(text).digest("hex");
  const signed = (text: string) => {
    const at = Math.floor(clock.now() / 1000);
    return `t=${at},v1=${digest(`${at}.${text}`)}`;
  };
  const holds = (text: string, signature: string) => {
    const [, at = "", given = ""] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
    const expected = Buffer.from(digest(`${at}.${text}`));
    const isOurs = given.length === expected.length && timingSafeEqual(Buffer.from(given), expected);
    return isOurs && Math.abs(clock.now() - Number(at) * 1000) <= toleranceMs;
  };
  const ask = async (method: "GET" | "POST", path: string, body = "") => {
    try {
      const answer = await request(apiUrl + path, {
        method,
        body: body || null,
        headers: {
          "content-type": "application/json",
          "sandbox-signature": signed(`${method} ${path}\n${body}`),
        },
        signal: AbortSignal.timeout(timeoutMs),
      });
      return { status: answer.statusCode, text: await answer.body.text() };
    } catch (error) {
      throw new Fault("payment.provider_unreachable", "The sandbox provider cannot be reached.", {
        cause: error,
      });
    }
  };

  return {
    redirectUrl: ({ payment, amount, returnUrl }) => {
      const fields = {
        reference: payment,
        amount: String(amount.amount),
        currency: amount.currency,
        return: returnUrl,
      };
      const signature = digest(["pay", ...Object.values(fields)].join("\n"));
      return `${pageUrl}/pay?${new URLSearchParams({ ...fields, signature })}`;
    },
    verify: (raw, signature) => {
      if (!holds(raw, signature)) {
        return refuse(
          "payment.bad_signature",
          "Sign the body with the key that was agreed, and the present time.",
        );
      }
      return noticeOf(raw) ?? refuse("payment.bad_callback", "Send what the provider's manual says.");
    },
    status: async (reference) => {
      const { status, text } = await ask("GET", `/charges/${encodeURIComponent(reference)}`);
      if (status === 404) return undefined;
      const notice = status === 200 ? noticeOf(text) : undefined;
      if (notice) return notice;
      throw new Fault("payment.provider_failed", `The sandbox provider answered ${status}.`);
    },
    refund: async ({ reference, amount, key: once }) => {
      const body = JSON.stringify({ reference, amount: amount.amount, currency: amount.currency, key: once });
      const { status } = await ask("POST", "/refunds", body);
      if (status === 200) return "done";
      if (status >= 400 && status < 500) return "refused";
      throw new Fault("payment.provider_failed", `The sandbox provider answered ${status}.`);
    },
  };
}

const states = { open: "pending", captured: "captured", declined: "failed" } as const;

function noticeOf(text: string): Notice | undefined {
  let charge: unknown;
  try {
    charge = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!chargeForm.Check(charge)) return undefined;
  return {
    reference: charge.reference,
    state: states[charge.state],
    amount: money(charge.amount, charge.currency),
    providerReference: charge.charge,
  };
}
