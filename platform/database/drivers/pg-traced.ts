import { current, problemOf, type Span } from "#platform/telemetry/traces";
import type { Borrowed, Connections, Query, Rows } from "./pg-connections.ts";

/**
 * Each statement and each transaction becomes a stretch of the trace it is part of, from when it was asked for until it
 * was answered, so that waiting for a connection shows. Statements are told by their names: neither what they say nor
 * what they were given. The promises handed on are those of `plain`.
 */
export function tracedConnections(
  plain: Connections,
  { domain, host, port }: { domain: string; host: string; port: number },
): Connections {
  const facts = {
    "db.system.name": "postgresql",
    "db.namespace": domain,
    "server.address": host,
    "server.port": port,
  };
  const told = (over: Span, query: Query, answer: Promise<Rows>): Promise<Rows> => {
    const span = over.begin(`sql ${domain}.${nameOf(query)}`, "asks", facts);
    answer.then(
      (rows) => {
        span.tell({ "db.response.returned_rows": rows.length });
        span.end();
      },
      (error) => span.end(problemOf(error)),
    );
    return answer;
  };
  const lent = async (over: Span): Promise<Borrowed> => {
    const span = over.begin(`sql ${domain} transaction`, "asks", facts);
    try {
      const { send, giveBack } = await plain.borrow();
      return {
        send: (query) => told(span, query, send(query)),
        giveBack: (broken) => {
          giveBack(broken);
          span.end(broken ? "broken" : undefined);
        },
      };
    } catch (error) {
      span.end(problemOf(error));
      throw error;
    }
  };
  return {
    send: (query) => {
      const over = current();
      return over ? told(over, query, plain.send(query)) : plain.send(query);
    },
    sendBoth: (query, next) => {
      const over = current();
      const both = plain.sendBoth(query, next);
      return over ? [told(over, query, both[0]), told(over, next, both[1])] : both;
    },
    borrow: () => {
      const over = current();
      return over ? lent(over) : plain.borrow();
    },
    load: () => plain.load(),
    breakOff: () => plain.breakOff(),
    end: () => plain.end(),
  };
}

/** By the name it is prepared under; of what has none, `begin` and its like, the first word. */
function nameOf(query: Query): string {
  if (typeof query !== "string") return query.name;
  return /^(?:begin|commit|rollback|select)\b/.exec(query)?.[0] ?? "unnamed";
}
