import type { Offence, Rule } from "./rule.ts";

const domainReadme: Rule = {
  name: "domain-readme",
  instead:
    "One screen: what it decides, the tables it owns, whom it calls and why, its events and invariants.",
  check: (tree) =>
    [...new Set([...tree.keys()].flatMap((path) => /^domains\/[^/]+(?=\/)/.exec(path)?.[0] ?? []))]
      .filter((domain) => !tree.get(`${domain}/README.md`)?.trim())
      .map((domain) => ({ path: `${domain}/README.md`, line: 1, what: "missing" })),
};

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

const documentation = "docs/dependencies.md";

const explainedDependencies: Rule = {
  name: "explained-dependencies",
  instead: `Every package of package.json has a row in ${documentation}: what it is for, and why this one.`,
  check: (tree) => {
    const manifest: Manifest = JSON.parse(tree.get("package.json") ?? "{}");
    const needed = Object.keys({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    });
    const rows = (tree.get(documentation) ?? "").split("\n").filter((row) => row.startsWith("| `"));
    const explained = rows.flatMap((row) =>
      [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map((m) => m[1] ?? ""),
    );
    return [
      ...needed
        .filter((name) => !explained.includes(name))
        .map((name): Offence => ({ path: "package.json", line: 1, what: `${name} is not explained` })),
      ...explained
        .filter((name) => !needed.includes(name))
        .map((name): Offence => ({ path: documentation, line: 1, what: `${name} is not a dependency` })),
    ];
  },
};

/** Put together here, so that this file does not hold what it looks for. */
const workplace = ["", "work", ""].join("/");
const workplaces = new RegExp(`(?<![\\w.-])${workplace}|(?<![\\w.-])/tmp/[a-z]+_jobs`);

const noWorkplace: Rule = {
  name: "no-workplace",
  instead: "Write paths from the root of the repository: this one exists on one machine only.",
  check: (tree) =>
    [...tree].flatMap(([path, text]) =>
      text
        .split("\n")
        .flatMap((line, index) =>
          workplaces.test(line) ? [{ path, line: index + 1, what: line.trim().slice(0, 60) }] : [],
        ),
    ),
};

const noRegistry: Rule = {
  name: "no-registry",
  instead: "Install with `omit-lockfile-registry-resolved=true` (.npmrc): the reader's own registry is used.",
  check: (tree) => {
    const named = [/^\s*"resolved": "https?:/, /^\s*(?:@[\w-]+:)?registry\s*=/, /^\/\/[\w.]+\/.*:_auth/];
    return ["package-lock.json", ".npmrc"].flatMap((path) =>
      (tree.get(path) ?? "")
        .split("\n")
        .flatMap((line, index) =>
          named.some((pattern) => pattern.test(line))
            ? [{ path, line: index + 1, what: "names a registry" }]
            : [],
        ),
    );
  },
};

export const repositoryRules = [domainReadme, explainedDependencies, noWorkplace, noRegistry];
