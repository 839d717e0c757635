export const Checkout = (_: { view: unknown }) => <p>checkout</p>;
