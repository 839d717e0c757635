import type { Id } from "#kernel/id";
import type { Money } from "#kernel/money";
import type { Refusal } from "#kernel/refusal";

/** What a buyer is sent to a provider with. */
export interface Attempt {
  /** Also the reference under which the provider knows it, so that no directory of references is needed. */
  readonly payment: Id<"payment">;
  readonly amount: Money;
  /** The path of this shop to which the buyer comes back. */
  readonly returnUrl: string;
}

/** What a provider says of an attempt. `reference` is the payment's id, if the provider is honest. */
export interface Notice {
  readonly reference: string;
  readonly state: "pending" | "captured" | "failed";
  readonly amount: Money;
  /** The provider's own name for the charge, for people who ask its support. */
  readonly providerReference: string;
}

/** A port: somebody who takes buyers' money. Throws a Fault when it cannot be reached or fails. */
export interface Provider {
  /** Where the buyer pays. */
  redirectUrl(attempt: Attempt): string;
  /**
   * Reads a callback; `raw` is its body to the letter. Nothing in it is believed before the signature holds.
   */
  verify(raw: string, signature: string): Notice | Refusal<"payment.bad_signature" | "payment.bad_callback">;
  /** What became of an attempt; undefined if the provider has never heard of it. */
  status(reference: string): Promise<Notice | undefined>;
  /** Gives money back. The same key gives it back once, however often it is sent. */
  refund(asked: { reference: string; amount: Money; key: string }): Promise<"done" | "refused">;
}
