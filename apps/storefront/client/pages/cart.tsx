export const Cart = (_: { view: unknown }) => <p>cart</p>;
