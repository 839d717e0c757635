import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Api, type Question, Unanswered } from "../shop/api.ts";
import { openWitness } from "./witness.ts";

/** A shop that places whatever it is asked for, and is silent about it when told to be. */
function shop() {
  const orders = new Map<string, string>();
  let isSilent = false;
  const text = async ({ method, path, token, key }: Question): Promise<string> => {
    if (method !== "POST") {
      const items = [...orders].filter(([of]) => of.startsWith(`${token} `)).map(([, id]) => ({ id }));
      return JSON.stringify({ items, next: null });
    }
    if (path !== "/api/v1/checkouts") throw new Unanswered("request.invalid", 400, "no");
    const id = orders.get(`${token} ${key}`) ?? `order-${orders.size}`;
    orders.set(`${token} ${key}`, id);
    if (isSilent) throw new Unanswered("network.ECONNRESET", 0, "cut off");
    return JSON.stringify({ id: `checkout of ${id}`, orders: [{ id }], total: {} });
  };
  const api: Api = {
    url: "",
    text,
    json: async <T>(question: Question) => JSON.parse(await text(question)) as T,
    close: async () => undefined,
  };
  return { api, orders, silent: (value: boolean) => (isSilent = value) };
}

const checkout = (token: string, key: string): Question => ({
  method: "POST",
  path: "/api/v1/checkouts",
  token,
  key,
});

describe("the witness of a scenario", () => {
  it("asks again what had no answer, and then knows every order", async () => {
    const { api, silent } = shop();
    const witness = openWitness(api);
    await witness.api.text(checkout("ada", "1"));
    silent(true);
    await assert.rejects(witness.api.text(checkout("ada", "2")), { code: "network.ECONNRESET" });
    silent(false);
    assert.deepEqual(
      [witness.taken.length, witness.failures.map(({ code }) => code)],
      [1, ["network.ECONNRESET"]],
    );
    assert.deepEqual(await witness.untold(0), ["order-1"]);
    const { asked, placed, unsettled } = await witness.settle(0);
    assert.deepEqual(
      [asked, placed.map(({ checkout: { id } }) => id), unsettled],
      [1, ["checkout of order-1"], []],
    );
    assert.deepEqual(await witness.untold(0), []);
  });

  it("finds an order that nobody was told of", async () => {
    const { api, orders } = shop();
    const witness = openWitness(api);
    await witness.api.text(checkout("ada", "1"));
    orders.set("ada twice", "order-9");
    assert.deepEqual(await witness.untold(0), ["order-9"]);
  });

  it("counts a no of the shop neither as a failure nor as open", async () => {
    const { api } = shop();
    const witness = openWitness(api);
    await assert.rejects(witness.api.text({ method: "POST", path: "/api/v1/quotes" }));
    assert.deepEqual([witness.failures, witness.questions()], [[], 1]);
    assert.equal((await witness.settle(0)).asked, 0);
  });

  it("says what stays without an answer", async () => {
    const { api, silent } = shop();
    const witness = openWitness(api);
    silent(true);
    await assert.rejects(witness.api.text(checkout("ada", "1")));
    assert.match((await witness.settle(0)).unsettled[0] ?? "", /^1 was told cut off/);
  });
});
