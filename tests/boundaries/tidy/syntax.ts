import { basename } from "node:path";
import ts from "typescript";
import { isCode, lineRule, nodeRule, type Rule } from "./rule.ts";

/** Programs that read a default export: their own configuration. */
const configurations = /(?:^|\/)(?:[.]dependency-cruiser[.]mjs|[a-z]+[.]config[.]ts)$/;
const emptyNames = /^(?:service|manager|helper|util|impl|handler|common)s?$/;

const noDefaultExport = nodeRule(
  "no-default-export",
  "Export it by its name, so that it has the same name everywhere.",
  (node) => {
    if (ts.isExportAssignment(node) && !node.isExportEquals) return "a default export";
    if (ts.isExportSpecifier(node) && node.name.text === "default") return "a default export";
    return node.kind === ts.SyntaxKind.DefaultKeyword ? "a default export" : undefined;
  },
  (path) => configurations.test(path),
);

const noEnum = nodeRule("no-enum", "Write a union of literals: Node only strips types.", (node) =>
  ts.isEnumDeclaration(node) ? `enum ${node.name.text}` : undefined,
);

const noNamespace = nodeRule("no-namespace", "A file is a namespace already.", (node) =>
  ts.isModuleDeclaration(node) && node.flags & ts.NodeFlags.Namespace
    ? `namespace ${node.name.text}`
    : undefined,
);

const noDecorator = nodeRule("no-decorator", "Call the function where the thing is made.", (node) =>
  ts.isDecorator(node) ? node.getText() : undefined,
);

const noAny = nodeRule("no-any", "Say the type, or `unknown` and look before using it.", (node) =>
  node.kind === ts.SyntaxKind.AnyKeyword ? "any" : undefined,
);

const fileNames: Rule = {
  name: "file-names",
  instead: "Name the file in kebab-case for a noun or a verb of the business, never for a pattern.",
  check: (tree) =>
    [...tree.keys()]
      .filter((path) => isCode(path) || path.endsWith(".sql"))
      .flatMap((path) => {
        const words = path.replace(/[.][a-z]+$/, "").split(/[/.-]/);
        const empty = words.find((word) => emptyNames.test(word));
        if (empty) return [{ path, line: 1, what: `"${empty}" says nothing` }];
        const name = basename(path).replace(/^[.]/, "");
        return /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(name) ? [] : [{ path, line: 1, what: "not kebab-case" }];
      }),
};

const noLeftovers = lineRule("no-leftovers", "Do it, or open an issue.", isCode, (line) => {
  const mark = /\/[/*].*\b(?<mark>TO[D]O|FIX[M]E|X[X]X)\b/.exec(line)?.groups?.mark;
  return mark === undefined ? undefined : mark;
});

export const syntaxRules = [noDefaultExport, noEnum, noNamespace, noDecorator, noAny, fileNames, noLeftovers];
