import ts from "typescript";
import { isTest, liesIn, nodeRule } from "./rule.ts";
import { isStore } from "./statements.ts";

const elsewhere =
  (...places: string[]) =>
  (path: string) =>
    liesIn(path, places) || isTest(path);

/** Whether a node is `object.member`, and not a declaration of that name. */
const isMember = (node: ts.Node, object: string, member: string) =>
  ts.isPropertyAccessExpression(node) && node.expression.getText() === object && node.name.text === member;

const environmentReadOnce = nodeRule(
  "environment-read-once",
  "Take it from the configuration you are handed; platform/config reads the environment.",
  (node) => {
    if (isMember(node, "process", "env")) return "process.env";
    const isImport =
      ts.isImportDeclaration(node) && /^"(?:node:)?process"$/.test(node.moduleSpecifier.getText());
    return isImport && /\benv\b/.test(node.getText()) ? "env of node:process" : undefined;
  },
  elsewhere("platform/config/", "cli.ts", "launcher/", "commands/", "lab/"),
);

const clockAndChance = nodeRule(
  "clock-and-chance",
  "Use the clock you are handed, #kernel/clock or #kernel/id: then a test can choose the time and the draw.",
  (node) => {
    if (isMember(node, "Date", "now")) return "Date.now";
    if (isMember(node, "Math", "random")) return "Math.random";
    const makes = ts.isNewExpression(node) || ts.isCallExpression(node);
    return makes && node.expression.getText() === "Date" && !node.arguments?.length
      ? "the present Date"
      : undefined;
  },
  elsewhere("kernel/", "launcher/", "lab/"),
);

const consoleInCommands = nodeRule(
  "console-in-commands",
  "Log through platform/telemetry; only commands talk to a person.",
  (node) =>
    ts.isPropertyAccessExpression(node) && /^(?:globalThis[.])?console$/.test(node.expression.getText())
      ? node.getText()
      : undefined,
  elsewhere("commands/", "cli.ts", "lab/"),
);

const sqlBeginnings = [
  /^select\s[\s\S]*\sfrom\s/i,
  /^insert\s+into\s/i,
  /^update\s+\S+\s+set\s/i,
  /^delete\s+from\s/i,
  /^with\s+(?:recursive\s+)?\w+\s+as\s+(?:materialized\s+)?\(/i,
  /^(?:create|alter|drop)\s+(?:table|schema|role|index|function|database|user|publication|subscription)\s/i,
  /^truncate\s+\w/i,
  /^(?:grant|revoke)\s+\w+\s+on\s/i,
];

/** SQL begins in small or in capital letters; "Select a size from the list" is for people. */
function looksLikeSql(text: string): boolean {
  const verb = /^\w+/.exec(text)?.[0] ?? "";
  const isSteady = verb === verb.toLowerCase() || verb === verb.toUpperCase();
  return isSteady && sqlBeginnings.some((beginning) => beginning.test(text));
}

const sqlInTheStore = nodeRule(
  "sql-in-the-store",
  "SQL stands in a domain's store.ts (and platform/database, launcher, migrations), so that one file knows the tables.",
  (node) => {
    if (!ts.isStringLiteralLike(node) && !ts.isTemplateExpression(node)) return undefined;
    const text = node.getText().slice(1, -1).trim();
    return looksLikeSql(text) ? text.split("\n", 1)[0]?.slice(0, 60) : undefined;
  },
  // The raw limits of lab/raw are one statement on a table of their own.
  (path) => isStore(path) || elsewhere("launcher/", "lab/raw/")(path),
);

export const placeRules = [environmentReadOnce, clockAndChance, consoleInCommands, sqlInTheStore];
