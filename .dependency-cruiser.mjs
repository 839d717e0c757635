// Who may import what. Each rule has a sample in tests/boundaries/samples/edges that makes it fire: a test
// says so. By hand: node_modules/.bin/depcruise --config .dependency-cruiser.mjs .
import { existsSync, readdirSync } from "node:fs";
import { uses } from "./domains/graph.mjs";

/** Who may stand on whom: "<place> may import <places>". A place may always import itself. */
const layers = {
  kernel: [],
  platform: ["kernel"],
  domains: ["kernel", "platform"],
  topology: ["kernel"],
  stages: ["topology"],
  launcher: ["kernel", "topology"],
  mover: ["kernel", "platform", "topology", "stages", "launcher"],
  demo: ["kernel"],
  lab: ["kernel", "platform", "domains", "topology", "stages", "launcher", "mover", "demo", "apps/client"],
  "apps/server": [
    "kernel",
    "platform",
    "domains",
    "topology",
    "apps/storefront",
    "apps/operator",
    "apps/sandbox",
    "apps/client",
  ],
  "apps/storefront": ["kernel", "platform", "domains"],
  "apps/client": ["kernel", "domains", "apps/operator"],
  "apps/operator": ["kernel", "platform", "domains", "topology"],
  "apps/sandbox": ["kernel", "platform"],
};
const product = Object.keys(layers);
layers.commands = product;
layers.tests = [...product, "commands"];
const places = Object.keys(layers);

const foldersOf = (path) =>
  existsSync(path)
    ? readdirSync(path, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
    : [];
const domains = foldersOf("domains");
const stages = existsSync("stages")
  ? readdirSync("stages")
      .filter((file) => /^\d\d-.*(?<![.]test)[.]ts$/.test(file))
      .sort()
  : [];

refuse("domains/graph.mjs does not declare", domains, (name) => !(name in uses));
refuse(
  "domains/graph.mjs uses what it does not declare",
  Object.values(uses).flat(),
  (name) => !(name in uses),
);
refuse("domains/graph.mjs has a circle through", Object.keys(uses), (name) => reaches(name, name));
refuse(
  "the layers in .dependency-cruiser.mjs do not declare",
  foldersOf("apps").map((name) => `apps/${name}`),
  (name) => !(name in layers),
);

/** A rule that cannot know a folder must not pass it: the configuration refuses to load instead. */
function refuse(problem, names, isBad) {
  const bad = names.filter(isBad);
  if (bad.length > 0) throw new Error(`${problem}: ${[...new Set(bad)].join(", ")}`);
}

function reaches(from, to, seen = new Set()) {
  return uses[from].some((next) => {
    if (next === to) return true;
    if (seen.has(next)) return false;
    seen.add(next);
    return reaches(next, to, seen);
  });
}

const oneOf = (names) => `(?:${names.join("|")})`;
const aModule = `(?:domains|platform|apps)/[^/]+|${oneOf(places.filter((place) => !place.includes("/")))}`;
const aTest = "[.]test[.]tsx?$";
const anyTest = `^tests/|${aTest}`;
const aPackage = (names) => `(?:^|/)node_modules/${oneOf(names)}/`;
const packages = ["npm", "npm-dev", "npm-optional", "npm-peer", "npm-bundled", "npm-no-pkg", "npm-unknown"];

/** What of the launcher acts on the machine it runs on; all else acts on a host, through launcher/host.ts. */
const onItsOwnMachine = [
  // The drivers of hosts, and what chooses among them.
  "^launcher/(?:loopback|usage|tool|target)[.]ts$",
  "^launcher/hosts/",
  // What an instance keeps for its supervisor: itself, its lock, its records, the authority of its certificates.
  "^launcher/(?:certificates|data-root|instance|json-file|lock|replacement|sites)[.]ts$",
  "^launcher/watching/numbers[.]ts$",
  // Addresses of this machine, and packages of its distribution.
  "^launcher/(?:endpoints|packages)[.]ts$",
  // It comes with npm, wherever the launcher does.
  "^launcher/postgres/embedded[.]ts$",
  // What only tests use.
  "^launcher/(?:golden|proxy-stage|proxy-upstream|scratch.*|.*[.]conformance)[.]ts$",
  "^launcher/postgres/scratch-server[.]ts$",
];

const never = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

// Tests beside the code may start what they need (launcher, drivers, server), so the layers bind code only.
const layering = [
  ...product.concat("commands").map((place) =>
    never(
      `layer-${place.replace("/", "-")}`,
      `${place}/ may import only: ${[place, ...layers[place]].join(", ")}.`,
      { path: `^${place}/`, pathNot: aTest },
      {
        path: `^${oneOf(places.filter((other) => other !== place && !layers[place].includes(other)))}/`,
        pathNot: "^domains/graph[.]mjs$",
      },
    ),
  ),
  never(
    "layer-cli",
    "cli.ts only finds the command.",
    { path: "^cli[.]ts$" },
    { path: `^${oneOf(places.filter((place) => !["kernel", "commands"].includes(place)))}/` },
  ),
  ...domains.map((domain) =>
    never(
      "declared-uses",
      `domains/graph.mjs lets ${domain} use: ${uses[domain].join(", ") || "nothing"}. Only reactions.ts may go against it.`,
      { path: `^domains/${domain}/`, pathNot: [`^domains/${domain}/reactions[.]ts$`, aTest] },
      { path: "^domains/[^/]+/", pathNot: `^domains/${oneOf([domain, ...uses[domain]])}/` },
    ),
  ),
  ...stages.map((file, index) =>
    never(
      "stage-on-stage",
      "A stage is a difference from the stage before it, and from nothing else.",
      { path: `^stages/${file}$` },
      { path: "^stages/", pathNot: index > 0 ? `^stages/${stages[index - 1]}$` : "^$" },
    ),
  ),
];

const doors = [
  never(
    "one-door",
    "A domain is entered by its api.ts only.",
    { path: "^domains/([^/]+)/" },
    { path: "^domains/[^/]+/", pathNot: ["^domains/$1/", "^domains/[^/]+/(?:api|module)[.]ts$"] },
  ),
  never(
    "one-door",
    "A domain is entered by its api.ts only.",
    { pathNot: "^domains/[^/]+/" },
    { path: "^domains/[^/]+/", pathNot: "^domains/[^/]+/(?:api|module)[.]ts$" },
  ),
  never(
    "wired-in-one-place",
    "module.ts is imported by the composition root (apps/server) and by tests.",
    { pathNot: ["^apps/server/", anyTest] },
    { path: "^domains/[^/]+/module[.]ts$" },
  ),
  never(
    "thin-door",
    "A door (api.ts, and schema.ts where it is split) imports the kernel, doors and typebox: so it can travel.",
    { path: "^domains/([^/]+)/(?:api|schema)[.]ts$" },
    {
      pathNot: ["^kernel/", "^domains/[^/]+/api[.]ts$", "^domains/$1/schema[.]ts$", aPackage(["typebox"])],
    },
  ),
  never(
    "browser-code",
    "Browser code sees doors, the kernel and React.",
    { path: "^apps/(?:storefront/client|operator/browser)/", pathNot: aTest },
    {
      pathNot: [
        "^apps/storefront/client/",
        "^apps/operator/(?:browser/|api[.]ts$)",
        "^platform/http/html[.]ts$",
        "^kernel/",
        "^domains/[^/]+/api[.]ts$",
        aPackage(["react", "react-dom", "@types/react", "@types/react-dom"]),
      ],
    },
  ),
  never(
    "browser-types",
    "Of a door, browser code takes types only: schemas would travel with every page.",
    { path: "^apps/(?:storefront/client|operator/browser)/", pathNot: aTest },
    { path: "^(?:domains/|apps/operator/api[.]ts$)", dependencyTypesNot: ["type-only"] },
  ),
];

const roles = [
  never(
    "ports-not-drivers",
    "Only composition roots pick drivers: apps/server for the shop, commands/ for work on an instance beside it.",
    { pathNot: ["^apps/server/", "^commands/", "^platform/[^/]+/drivers/", anyTest] },
    { path: "^platform/[^/]+/drivers/" },
  ),
  never(
    "ports-not-drivers",
    "A driver stands on ports, not on the drivers of another port.",
    { path: "^platform/([^/]+)/drivers/", pathNot: aTest },
    { path: "^platform/[^/]+/drivers/", pathNot: "^platform/$1/" },
  ),
  never(
    "calls-not-rpc",
    "A domain calls an interface; the composition root decides whether it is a function or a network.",
    { path: "^domains/" },
    { path: "^platform/rpc/" },
  ),
  never(
    "database-in-the-store",
    "store.ts (and audit-store.ts, its read-only half) alone know the database in a domain, even by type.",
    {
      path: "^(?:domains|apps/(?!server/))",
      pathNot: ["^domains/[^/]+/(?:store|audit-store|module)[.]ts$", "^apps/sandbox/store[.]ts$", aTest],
    },
    { path: "^platform/database/" },
  ),
  never(
    "database-in-the-store",
    "module.ts may name the type of what it hands to store.ts, and nothing else of the database.",
    { path: "^domains/[^/]+/module[.]ts$" },
    { path: "^platform/database/", dependencyTypesNot: ["type-only"] },
  ),
  never(
    "clients-live-in-drivers",
    "A client library of a component is imported by its driver, the launcher and the lab's raw limits.",
    { pathNot: ["^platform/[^/]+/drivers/", "^launcher/", "^lab/raw/", anyTest] },
    {
      path: aPackage([
        "pg",
        "pg-cursor",
        "pg-copy-streams",
        "@types/pg",
        "redis",
        "@redis",
        "ioredis",
        "memjs",
        "zookeeper",
        "node-zookeeper-client",
        "amqplib",
        "mqtt",
        "nats",
        "kafkajs",
        "@elastic",
        "@opentelemetry",
      ]),
    },
  ),
  never(
    "few-may-spawn",
    "Processes are started by launcher, mover, lab, tests and commands.",
    { pathNot: ["^(?:launcher|mover|lab|commands)/", anyTest] },
    { path: "^(?:node:)?(?:child_process|cluster)$" },
  ),
  never(
    "through-the-host",
    "What a component needs at its host goes through the Host it was given (launcher/host.ts): hosts are not all here.",
    { path: "^launcher/", pathNot: [...onItsOwnMachine, aTest] },
    { path: "^(?:(?:node:)?(?:fs|fs/promises|os|child_process)|launcher/(?:loopback|usage|tool)[.]ts)$" },
  ),
  never(
    "pure-kernel",
    "The kernel does no I/O and uses one package, typebox.",
    { path: "^kernel/", pathNot: aTest },
    { dependencyTypes: ["core", ...packages], pathNot: aPackage(["typebox"]) },
  ),
  never(
    "pure-data",
    "The topology language, the stages and the demo catalogue do no I/O and use no package.",
    { path: "^(?:topology|stages|demo)/", pathNot: aTest },
    { dependencyTypes: ["core", ...packages] },
  ),
  never(
    "shipped-packages",
    "What runs in production imports no development dependency: it is not installed there.",
    { path: "^(?:kernel|platform|domains|apps|topology|stages|launcher|mover|demo)/", pathNot: aTest },
    { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
  ),
];

const shape = [
  never(
    "dot-stays",
    "A relative import stays inside its module; leaving it is written with a #.",
    { path: `^(${aModule})/` },
    { path: `^${oneOf(places)}/`, pathNot: "^$1/", dependencyTypesNot: ["aliased-subpath-import"] },
  ),
  never(
    "hash-crosses",
    "Inside a module imports are relative, so a # always marks a crossing.",
    { path: `^(${aModule})/` },
    { path: "^$1/", dependencyTypes: ["aliased-subpath-import"] },
  ),
  never("no-cycles", "A circle is a design message: read it.", {}, { circular: true }),
  never(
    "no-orphans",
    "A file that imports nothing and that nobody imports is dead.",
    { orphan: true, pathNot: ["[.]d[.]ts$", "[.]mjs$", aTest] },
    {},
  ),
  never("no-tests-in-code", "Code does not import tests.", { pathNot: aTest }, { path: aTest }),
  never("resolvable", "Every import leads somewhere.", {}, { couldNotResolve: true }),
];

export default {
  forbidden: [...layering, ...doors, ...roles, ...shape],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "(?:^|/)node_modules/" },
    exclude: { path: "^(?:build|data|screens)/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
