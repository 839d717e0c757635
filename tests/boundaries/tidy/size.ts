import ts from "typescript";
import { isCode, nodeRule, nodesOf, type Rule } from "./rule.ts";

const fileLines = 400;
const functionLines = 70;
/** Code is formatted at 110; prose in comments and SQL may end its word. */
const lineColumns = 120;
const kernelFiles = 10;
/** The quote is the literal's last column; brackets, a comma or a semicolon may follow it. */
const closing = 3;

const isWritten = (path: string) => isCode(path) || /[.](?:sql|css)$/.test(path);

const fileLength: Rule = {
  name: "file-length",
  instead: "Split it where its subject splits; most files have 60 to 150 lines.",
  check: (tree) =>
    [...tree]
      .filter(([path]) => isWritten(path))
      .map(([path, text]) => ({ path, lines: text.trimEnd().split("\n").length }))
      .filter(({ lines }) => lines > fileLines)
      .map(({ path, lines }) => ({
        path,
        line: fileLines + 1,
        what: `${lines} lines, at most ${fileLines}`,
      })),
};

/** A long text or pattern is not broken: where the limit falls inside a literal, the line goes on to its end. */
const lineLength: Rule = {
  name: "line-length",
  instead: "Break the line, or say it shorter.",
  check: (tree) =>
    [...tree]
      .filter(([path]) => isWritten(path))
      .flatMap(([path, text]) => {
        const long = longLines(text).filter(({ line }) => !/https?:\/\/\S{40}/.test(line));
        const literals = isCode(path) && long.length > 0 ? literalsOf(path, text) : [];
        return long
          .filter(({ limit }) => !literals.some(([from, to]) => from < limit && limit < to + closing))
          .map(({ line, number }) => {
            return { path, line: number, what: `${line.length} columns, at most ${lineColumns}` };
          });
      }),
};

function longLines(text: string): { line: string; number: number; limit: number }[] {
  let start = 0;
  return text.split("\n").flatMap((line, index) => {
    const limit = start + lineColumns;
    start += line.length + 1;
    return line.length > lineColumns ? [{ line, number: index + 1, limit }] : [];
  });
}

/** Where texts, templates and patterns begin and end. */
function literalsOf(path: string, text: string): (readonly [from: number, to: number])[] {
  const isText = (node: ts.Node) =>
    ts.isStringLiteral(node) ||
    ts.isJsxText(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateExpression(node) ||
    node.kind === ts.SyntaxKind.RegularExpressionLiteral;
  return [...nodesOf(path, text)].filter(isText).map((node) => [node.getStart(), node.getEnd()] as const);
}

const functionLength = nodeRule(
  "function-length",
  "Name the steps and let the function call them; it reads top to bottom.",
  (node) => {
    if (!ts.isFunctionLike(node) || isSuite(node)) return undefined;
    const lines = linesOf(node) - methodsIn(node).reduce((sum, method) => sum + linesOf(method) - 1, 0);
    return lines > functionLines ? `a function of ${lines} lines, at most ${functionLines}` : undefined;
  },
);

const linesOf = (node: ts.Node) => node.getText().split("\n").length;

/** The methods of the object that a function makes and returns: each is measured by itself. */
function methodsIn(node: ts.SignatureDeclaration): ts.Node[] {
  const body = "body" in node ? (node.body as ts.Node | undefined) : undefined;
  if (body === undefined) return [];
  const results = ts.isBlock(body)
    ? body.statements.filter(ts.isReturnStatement).map(({ expression }) => expression)
    : [body];
  return results
    .map((result) => (result && ts.isParenthesizedExpression(result) ? result.expression : result))
    .flatMap((result) => (result && ts.isObjectLiteralExpression(result) ? [...result.properties] : []))
    .filter((member) => ts.isMethodDeclaration(member) || isFunctionMember(member));
}

const isFunctionMember = (member: ts.Node) =>
  ts.isPropertyAssignment(member) && ts.isFunctionLike(member.initializer);

/** The function handed to describe() only lists tests; each test is measured by itself. */
function isSuite(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && /^(?:describe|suite)\b/.test(node.parent.expression.getText());
}

const smallKernel: Rule = {
  name: "small-kernel",
  instead: "The kernel holds the few words everyone speaks: put the word where it is used.",
  check: (tree) =>
    [...tree.keys()]
      .filter((path) => /^kernel\/.*(?<![.]test)[.]ts$/.test(path))
      .sort()
      .slice(kernelFiles)
      .map((path) => ({ path, line: 1, what: `more than ${kernelFiles} files in kernel/` })),
};

export const sizeRules = [fileLength, lineLength, functionLength, smallKernel];
