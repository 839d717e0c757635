import type { Topology } from "../model.ts";
import { answers } from "./answers.ts";
import { data } from "./data.ts";
import { down } from "./down.ts";
import type { AlertRule } from "./rule.ts";
import { saturated } from "./saturated.ts";
import { type AlertThresholds, alertThresholds } from "./thresholds.ts";

/** Everything that is watched for in a topology: what it does not have is not watched for. */
export const alertRules = (
  topology: Topology,
  thresholds: AlertThresholds = alertThresholds,
): readonly AlertRule[] => [down, saturated, answers, data].flatMap((derive) => derive(topology, thresholds));
