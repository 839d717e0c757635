export const Orders = (_: { view: unknown }) => <p>orders</p>;
