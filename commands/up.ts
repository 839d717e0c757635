import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { defaultLimits } from "#apps/server/settings";
import { chooseDataRoot } from "#launcher/data-root";
import { lookAtInstance } from "#launcher/instance";
import { readOutside } from "#launcher/outside";
import { readPorts } from "#launcher/ports";
import { refuseUnwritable } from "#launcher/refused";
import { targetKind } from "#launcher/target";
import { entranceOf } from "#topology/model";
import { checkout } from "./instance.ts";
import { wholeFrom } from "./numbers.ts";
import { seededWith } from "./seed-once.ts";
import { refuseOtherStage, stageOf } from "./stage.ts";
import { upAlone } from "./up-alone.ts";
import { outsideOf, targetOf, type UpOptions, usualHost } from "./up-options.ts";
import { upStaged } from "./up-staged.ts";

const port = (text: string): number => {
  const number = wholeFrom(0)(text);
  if (number > 65_535) throw new InvalidArgumentError("a port is a whole number from 0 to 65535.");
  return number;
};

const origin = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.username && !url.search && !url.hash;
  if (!isPlain) throw new InvalidArgumentError("an address such as http://127.0.0.1:4318 is needed.");
  return text.replace(/\/+$/, "");
};

const share = (text: string): number => {
  const number = Number(text);
  if (!(number >= 0.0001 && number <= 1))
    throw new InvalidArgumentError("a share is a number from 0.0001 to 1.");
  return number;
};

/** `storey up`: starts an instance, or makes it first. */
export function upCommand(): Command {
  return new Command("up")
    .description("Start a shop, setting up at the first start whatever it needs.")
    .option(
      "--stage <number>",
      "which stage a new instance is made at; `storey stages` lists them",
      wholeFrom(0),
    )
    .option("--name <name>", "which instance (default: shop, or stage-N with --stage N)")
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--foreground", "stay here until Ctrl-C, instead of leaving a supervisor behind")
    .option("--install", "install what the distribution must bring, without asking")
    .option("--host <address>", "the address to listen on", usualHost)
    .option("--port <number>", "the port to listen on (default: the one it had, at first 3000)", port)
    .addOption(
      new Option(
        "--target <kind>",
        "hosts: each host of the topology is a network namespace with a share of this machine (Linux, root)",
      ).choices(["loopback", "hosts"]),
    )
    .option("--host-cpu <percent>", "on hosts: what each has of one processor", wholeFrom(0))
    .option("--host-memory <mb>", "on hosts: the memory that each has", wholeFrom(0))
    .option("--domain <name>", "the name it is reached by; with --cert and --key over TLS")
    .option(
      "--public-url <url>",
      "how it is reached, if that is not http(s):// and the domain (a proxy that ends TLS)",
    )
    .option("--cert <file>", "certificate chain (PEM); a renewed one is taken up by itself")
    .option("--key <file>", "private key (PEM)")
    .option("--no-cert", "no TLS any more")
    .option("--plain-port <number>", "with TLS: where plain HTTP is sent on to it, such as 80", port)
    .option("--trust-proxy <addresses...>", "proxies whose X-Forwarded-For is believed")
    .option("--demo-products <n>", "how many products the demo catalogue has (default: 3000)", wholeFrom(0))
    .option("--no-demo", "production: no demo catalogue, no demo accounts, no sandbox payments")
    .option(
      "--client-limit <n>",
      "requests a minute from one address",
      wholeFrom(0),
      defaultLimits.perClientPerMinute,
    )
    .option(
      "--trace-to <url>",
      "a collector for traces (OTLP over HTTP), such as http://127.0.0.1:4318",
      origin,
    )
    .option("--trace-sample <share>", "how many traces are kept: 0.01 is one in a hundred", share, 0.01)
    .option("--log <level>", "silent, error, warn, info or debug", "warn")
    .option("--json", "say what runs where as one line of JSON")
    .addHelpText("after", "\nExample: storey up --stage 4 --port 8080 --install")
    .action(up);
}

const firstPort = 3_000;
const usualDemoProducts = 3_000;

type Given = Omit<UpOptions, "name" | "port" | "demoProducts"> &
  Partial<Pick<UpOptions, "name" | "port" | "demoProducts">>;

/**
 * In the foreground stage 1 is one process; everything else has a supervisor and a process for each component. What is
 * not said is as it was at the last start.
 */
async function up(given: Given): Promise<void> {
  const name = given.name ?? (given.stage === undefined ? "shop" : `stage-${given.stage}`);
  const dataRoot = await chooseDataRoot(checkout, given.data);
  const facts = await refuseUnwritable(dataRoot, () => lookAtInstance({ name, dataRoot }));
  const stage = given.stage ?? facts?.stage ?? 1;
  if (facts) refuseOtherStage(facts, stage);
  const ports = facts ? await readPorts(facts.directory) : {};
  const before = facts ? await readOutside(facts.directory) : {};
  const options = {
    ...given,
    name,
    port: given.port ?? ports[`${entranceOf(stageOf(stage))} http`] ?? firstPort,
    demoProducts: given.demoProducts ?? (facts && (await seededWith(facts.directory))) ?? usualDemoProducts,
  };
  const outside = outsideOf(options, before);
  const onHosts = (await targetKind(join(dataRoot, name), targetOf(options))) === "hosts";
  if (options.foreground && stage === 1 && !onHosts) return upAlone({ ...options, outside });
  return upStaged({ ...options, outside, stage, data: dataRoot });
}
