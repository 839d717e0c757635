import type { Order, OrderCard } from "../client/buying.ts";

/** More pictures than this make a list restless. */
const MOST_PICTURES = 3;

export const orderCard = (order: Order): OrderCard => ({
  id: order.id,
  href: `/orders/${order.id}`,
  shopName: order.shopName,
  state: order.state,
  at: order.history[0]?.at ?? order.payBy,
  total: order.total,
  pieces: order.lines.reduce((count, line) => count + line.quantity, 0),
  pictures: order.lines.slice(0, MOST_PICTURES).map(({ image, title }) => ({ image, title })),
  titles: order.lines.map(({ title }) => title).join(", "),
});
