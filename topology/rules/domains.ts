import { uses } from "#domains/graph.mjs";
import { type Application, type Domain, ofKind, type Role, type Topology } from "../model.ts";
import type { Rule } from "./rule.ts";

const domains = Object.keys(uses) as Domain[];

/** The domains of an application. */
export const hostedBy = ({ domains: hosted }: Application): readonly Domain[] =>
  hosted === "all" ? domains : hosted;

/** Whether a component has a road of that role which this domain may take; to one of `ends`, if given. */
export const hasRoad = (topology: Topology, from: string, role: Role, domain: Domain, ends?: string[]) =>
  topology.roads.some(
    (road) =>
      road.from === from &&
      road.role === role &&
      (road.domains?.includes(domain) ?? true) &&
      (ends?.includes(road.to) ?? true),
  );

const domainsAreHosted: Rule = {
  name: "domains-are-hosted",
  check: (topology) => {
    const hosted = ofKind(topology, "application").flatMap(hostedBy);
    return domains
      .filter((domain) => !hosted.includes(domain))
      .map((domain) => ({ message: `No application hosts ${domain}.`, names: [domain] }));
  },
};

/** Who calls whom is said in domains/graph.mjs. */
const callsHaveRoads: Rule = {
  name: "calls-have-roads",
  check: (topology) => {
    const applications = ofKind(topology, "application");
    return applications.flatMap((application) => {
      const here = hostedBy(application);
      return here.flatMap((caller) =>
        callsOf(caller)
          .filter((called) => !here.includes(called))
          .filter((called) => {
            const hosts = applications.filter((each) => hostedBy(each).includes(called));
            const ends = hosts.map(({ name }) => name);
            // While nobody hosts it, that is the thing to say.
            return ends.length > 0 && !hasRoad(topology, application.name, "rpc", called, ends);
          })
          .map((called) => ({
            message:
              `${caller} calls ${called}, and between ${application.name} and an application that hosts ` +
              `${called} there is no road. Add road("${application.name}", "rpc", …).`,
            names: [application.name, caller, called],
          })),
      );
    });
  },
};

const callsOf = (domain: Domain): readonly Domain[] => uses[domain] as readonly Domain[];

/** A domain that is hosted has its tables somewhere. */
const domainsHaveDatabases: Rule = {
  name: "domains-have-databases",
  check: (topology) =>
    ofKind(topology, "application")
      // Without any road that is another rule's word.
      .filter(({ name }) => topology.roads.some((road) => road.from === name && road.role === "database"))
      .flatMap((application) =>
        hostedBy(application)
          .filter((domain) => !hasRoad(topology, application.name, "database", domain))
          .map((domain) => ({
            message: `${application.name} hosts ${domain} and has no road to a database for it.`,
            names: [application.name, domain],
          })),
      ),
};

export const domainRules: readonly Rule[] = [domainsAreHosted, callsHaveRoads, domainsHaveDatabases];
