import type { Described } from "./described.ts";

/** How an operation is asked for at a terminal, with the door's own example. */
export function exampleOf(url: string, method: string, path: string, described: Described): string {
  const { parameters, requestBody } = described;
  const asked = parameters.filter((parameter) => parameter.in === "query" && parameter.example !== undefined);
  const query = asked.map(({ name, example }) => `${name}=${encodeURIComponent(String(example))}`).join("&");
  const address = `${url}${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => placeOf(name))}`;
  const example = requestBody?.content["application/json"]?.example;
  const isOpen = described["x-who"].includes("anyone");
  const parts = [
    `curl ${method === "GET" ? "" : `-X ${method} `}'${address}${query && `?${query}`}'`,
    isOpen ? "" : `-H "Authorization: Bearer $TOKEN"`,
    parameters.some(({ name }) => name === "Idempotency-Key") ? `-H "Idempotency-Key: $(uuidgen)"` : "",
    example === undefined ? "" : "-H 'Content-Type: application/json'",
    example === undefined ? "" : `-d '${JSON.stringify(example).replaceAll("'", "'\\''")}'`,
  ];
  return parts.filter(Boolean).join(" \\\n  ");
}

const placeOf = (name: string): string => name.toUpperCase();
