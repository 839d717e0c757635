/** So many of one thing can be picked from a list, on every page; whoever wants more orders twice. */
export const mostInList = 20;

export function QuantityOptions({ most }: { most: number }) {
  const counts = Array.from({ length: most }, (_, index) => index + 1);
  return counts.map((count) => <option key={count}>{count}</option>);
}
