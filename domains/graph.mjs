// Who may call whom, and nobody else anybody. Boundary rules, wiring, topology validation and the picture read this.
// Events may run against these arrows, but only in reactions.ts.
export const uses = {
  account: [],
  analytics: [],
  cart: ["catalog", "inventory", "promotion"],
  catalog: ["shop"],
  inventory: [],
  notification: ["account"],
  order: ["account", "shop", "catalog", "cart", "promotion", "inventory", "payment"],
  payment: ["shop"],
  promotion: ["shop"],
  review: ["order"],
  search: ["catalog"],
  settlement: ["shop", "payment"],
  shop: ["account"],
};
