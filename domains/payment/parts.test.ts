import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { newId } from "#kernel/id";
import { maxAmount } from "#kernel/money";
import { type Allocation, becomes, digestOf, shown, total } from "./payment.ts";

const amounts = fc.array(fc.integer({ min: 0, max: maxAmount }), { minLength: 1, maxLength: 20 });
const parts = (of: readonly number[]): Allocation[] =>
  of.map((amount, i) => ({ order: newId(7, Date.now() + i), amount: { amount, currency: "USD" } }));

describe("the parts of a payment", () => {
  test("sum to its amount, whatever they are", () => {
    fc.assert(
      fc.property(amounts, (of) => {
        const whole = total(parts(of));
        assert.deepEqual(whole, { amount: of.reduce((a, b) => a + b, 0), currency: "USD" });
      }),
    );
  });

  test("are the same parts in any order, and others if one of them changes by a cent", () => {
    fc.assert(
      fc.property(amounts, fc.nat(), (of, at) => {
        const some = parts(of);
        const changed = some.map((part, i) =>
          i === at % some.length
            ? { ...part, amount: { ...part.amount, amount: part.amount.amount + 1 } }
            : part,
        );
        assert.equal(digestOf("sandbox", some.toReversed()), digestOf("sandbox", some));
        assert.notEqual(digestOf("sandbox", changed), digestOf("sandbox", some));
        assert.notEqual(digestOf("other", some), digestOf("sandbox", some));
      }),
    );
  });

  test("of two currencies, twice for one order, or none at all are a bug of the caller", () => {
    const [one, two] = parts([1, 2]) as [Allocation, Allocation];
    assert.throws(() => total([one, { ...two, amount: { amount: 2, currency: "EUR" } }]), /cannot add/);
    assert.throws(() => total([one, { ...two, order: one.order }]), /one part/);
    assert.throws(() => total([]), /at least one/);
  });
});

test("captured is the end; failed is not", () => {
  assert.ok(!Object.values(becomes).some((from) => from.includes("captured")));
  assert.deepEqual(becomes.captured, ["pending", "failed"]);
});

test("the way back says which payment it is about, and keeps what it had", () => {
  const attempt = {
    id: newId<"payment">(7, Date.now()),
    checkout: newId<"checkout">(7, Date.now()),
    account: newId<"account">(7, Date.now()),
    provider: "sandbox",
    amount: { amount: 1, currency: "USD" },
    state: "pending",
    refunded: 0,
    returnUrl: "/pay/return?a=b&c=%26#d",
    createdAt: Date.now(),
  } as const;
  let back = "";
  shown(attempt, {
    redirectUrl: ({ returnUrl }) => {
      back = returnUrl;
      return "";
    },
    verify: () => assert.fail(),
    status: () => assert.fail(),
    refund: () => assert.fail(),
  });
  assert.equal(back, `/pay/return?a=b&c=%26&payment=${attempt.id}#d`);
});
