import pg from "pg";
import type { Parameter, Statement } from "../api.ts";
import { textOf } from "./pg-parameters.ts";

type Rows = Record<string, unknown>[];
type Done = (error: Error | null, rows: Rows) => void;

/** What the driver's connection knows of statements; it is not in its types. */
interface Line extends pg.Connection {
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
}

/** How rows of a statement are read. */
interface Columns {
  readonly names: readonly string[];
  readonly parsers: readonly ((text: string) => unknown)[];
}

/** Of the statements that are prepared on a connection: their columns stay as they are for as long. */
const described = new WeakMap<pg.Connection, Map<string, Columns>>();

/**
 * A prepared statement on its way. The driver's own query asks each time of which columns the rows are, copies its
 * settings, and tells listeners of every row; this one asks once a connection.
 */
class Asked {
  readonly name: string;
  readonly text: string;
  readonly callback: Done;
  readonly #values: readonly (string | null)[];
  readonly #rows: Rows = [];
  #columns: Columns | undefined;
  #known: Map<string, Columns> | undefined;
  #failed: Error | undefined;

  constructor({ name, text }: Statement, values: readonly Parameter[], callback: Done) {
    this.name = name;
    this.text = text;
    this.callback = callback;
    this.#values = values.map(textOf);
  }

  submit(connection: Line): Error | null {
    const { name, text } = this;
    const before = connection.parsedStatements[name] ?? connection.submittedNamedStatements[name];
    if (before === undefined) {
      connection.parse({ name, text, types: [] }, true);
      connection.submittedNamedStatements[name] = text;
    } else if (before !== text) return new Error(`the name "${name}" is that of another statement`);
    let known = described.get(connection);
    if (!known) {
      known = new Map();
      described.set(connection, known);
    }
    this.#known = known;
    this.#columns = known.get(name);
    connection.bind({ statement: name, values: this.#values as string[] }, true);
    if (!this.#columns) connection.describe({ type: "P" }, true);
    connection.execute({}, true);
    connection.sync();
    return null;
  }

  handleRowDescription({ fields }: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    this.#columns = {
      names: fields.map((field) => field.name),
      parsers: fields.map((field) => pg.types.getTypeParser(field.dataTypeID, "text")),
    };
    this.#known?.set(this.name, this.#columns);
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const columns = this.#columns;
    if (!columns || this.#failed) return;
    const { names, parsers } = columns;
    const row: Record<string, unknown> = {};
    try {
      for (let i = 0; i < names.length; i++) {
        const text = fields[i];
        row[names[i] as string] =
          text === null || text === undefined ? null : (parsers[i] as (text: string) => unknown)(text);
      }
    } catch (error) {
      this.#failed = error as Error;
      return;
    }
    this.#rows.push(row);
  }

  handleReadyForQuery(): void {
    this.callback(this.#failed ?? null, this.#rows);
  }

  handleError(error: Error): void {
    this.callback(this.#failed ?? error, []);
  }

  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyData(): void {}
  handleCopyInResponse(connection: { sendCopyFail(message: string): void }): void {
    connection.sendCopyFail("nothing is copied here");
  }
}
// On a connection that is used by several at once the driver lets in nothing but its own queries, for the sake of those
// that come back for more rows, which this one never does.
Object.setPrototypeOf(Asked.prototype, pg.Query.prototype);

/** Sends a prepared statement behind what was sent before. */
export function ask(client: pg.Client, statement: Statement, values: readonly Parameter[], done: Done): void {
  client.query(new Asked(statement, values, done) as unknown as pg.Query);
}
