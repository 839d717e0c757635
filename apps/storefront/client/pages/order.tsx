export const OrderPage = (_: { view: unknown }) => <p>order</p>;
