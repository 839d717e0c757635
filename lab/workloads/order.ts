import { mixed } from "./shop.ts";
import type { Workload } from "./workload.ts";

/** TPC-W's ordering mix (WIPSo): 50 of 100 interactions browse, 50 order. */
export const order: Workload = {
  name: "order",
  about: "TPC-W's ordering mix: 50 of 100 interactions browse, 50 belong to whole purchases",
  buys: true,
  open: async () => ({ sessions: mixed(50) }),
};
