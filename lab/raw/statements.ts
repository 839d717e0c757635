/** A statement the database is measured with, in pgbench's language and for a client that binds parameters. */
export interface RawStatement {
  readonly name: string;
  /** Ranges of the whole numbers drawn for :a, :b and :c. */
  readonly ranges: readonly (readonly [name: "a" | "b" | "c", from: number, to: number])[];
  /** With :a, :b and :c. */
  readonly text: string;
}

/** An order of two lines in one call, over 10,000 SKUs. */
export const oneStatementOrder: RawStatement = {
  name: "one-statement orders",
  ranges: [
    ["a", 1, 100_000],
    ["b", 1, 10_000],
    ["c", 1, 10_000],
  ],
  text: "select place_order(:a, :b, :c)",
};

/** One row by its key. */
export const pointRead: RawStatement = {
  name: "point reads",
  ranges: [["a", 1, 10_000]],
  text: "select id, shop, title, price from product where id = :a",
};

/** Everybody wants the same row. */
export const hotRow: RawStatement = {
  name: "updates of one row",
  ranges: [],
  text: "update stock set on_hand = on_hand - 1 where sku = 1 and on_hand > 0",
};

/** As pgbench reads it. */
export const pgbenchScript = ({ ranges, text }: RawStatement): string =>
  [...ranges.map(([name, from, to]) => `\\set ${name} random(${from}, ${to})`), `${text};`, ""].join("\n");

/** As a client that binds parameters sends it. */
export const boundText = ({ ranges, text }: RawStatement): string =>
  ranges.reduce(
    (bound, [name], index) => bound.replaceAll(new RegExp(`:${name}\\b`, "g"), `$${index + 1}::int`),
    text,
  );
