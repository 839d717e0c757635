import { table } from "../report/markdown.ts";
import type { Certainty } from "./certainty.ts";
import type { Demand, Plan, PriceList } from "./plan.ts";

/** Peaks that others have published, to see what kind of number one is looking at. */
const peaks = [
  {
    what: "orders a second, Tmall's festival in 2020",
    perSecond: 583_000,
    of: "orders",
    source: "Alibaba Cloud, 12 November 2020",
  },
  {
    what: "requests a second to applications, Shopify on Black Friday 2024 (80 million a minute)",
    perSecond: 80_000_000 / 60,
    of: "requests",
    source: "Shopify Engineering, December 2024",
  },
] as const;

/** A plan as people read it. `from` names the climb that the costs are of. */
export function planMarkdown({
  demand,
  prices,
  plan,
  certainty,
  from,
}: {
  demand: Demand;
  prices: PriceList;
  plan: Plan;
  certainty: readonly Certainty[];
  from: string;
}): string {
  const money = (amount: number) => `${Math.round(amount).toLocaleString("en-US")} ${prices.currency}`;
  return [
    `${people(demand.users)} users at once, each asking every ${demand.thinkSeconds} s, are ${rate(plan.requestsPerSecond)} requests and ` +
      `${rate(plan.ordersPerSecond)} orders a second. Stage ${plan.stage}, ${plan.name}:`,
    "",
    ...table(
      ["part", "hosts", "size", "cores", "busy", "a month", "ends at users"],
      plan.parts.map(({ kind, hosts, size, used, perMonth, usersMost }) => [
        kind,
        String(hosts),
        size.name,
        String(size.cores),
        usersMost === Number.POSITIVE_INFINITY ? "" : `${Math.round(used * 100)} %`,
        money(perMonth),
        usersMost === Number.POSITIVE_INFINITY ? "any" : people(usersMost),
      ]),
    ),
    "",
    `Together ${money(plan.perMonth)} a month${plan.ordersPerSecond > 0 ? `, ${money((plan.perMonth / (plan.ordersPerSecond * secondsOfMonth)) * 1e6)} per million orders if it were always so busy` : ""}.`,
    plan.fits
      ? `The next limit is ${plan.nextLimit.kind}, at ${people(plan.nextLimit.users)} users.`
      : `THIS STAGE DOES NOT BEAR IT: ${plan.nextLimit.kind} ends at ${people(plan.nextLimit.users)} users on the largest host there is. ` +
        "Later stages spread it (storey stages).",
    "",
    ...certainties(certainty),
    `Costs a request are of ${from}; prices: ${prices.source}`,
    ...peaks.map((peak) => sanity(peak, plan)),
  ].join("\n");
}

const secondsOfMonth = 730 * 3_600;

function certainties(certainty: readonly Certainty[]): string[] {
  if (certainty.length === 0) return ["How sure this is, is not known: that climb has too few steps.", ""];
  const rows = certainty.map(
    ({ stage, name, predictedRequestsPerSecond, measuredRequestsPerSecond, error }) => [
      `${stage} ${name}`,
      rate(predictedRequestsPerSecond),
      rate(measuredRequestsPerSecond),
      `${error > 0 ? "+" : ""}${Math.round(error * 100)} %`,
    ],
  );
  return [
    "How sure this is: what each stage bears, predicted from its costs with little load, beside what it bore.",
    "",
    ...table(["stage", "predicted requests/s", "measured", "error"], rows),
    "",
  ];
}

function sanity(peak: (typeof peaks)[number], plan: Plan): string {
  const ours = peak.of === "orders" ? plan.ordersPerSecond : plan.requestsPerSecond;
  const share = ours / peak.perSecond;
  const said = share >= 0.1 ? `${share.toFixed(1)} times` : `one ${rate(1 / share)}th of`;
  return `- Published peak, for comparison: ${rate(peak.perSecond)} ${peak.what} (${peak.source}); this plan is ${said} it.`;
}

const rate = (perSecond: number): string =>
  perSecond >= 100 ? Math.round(perSecond).toLocaleString("en-US") : perSecond.toPrecision(3);
const people = (count: number): string => count.toLocaleString("en-US");
