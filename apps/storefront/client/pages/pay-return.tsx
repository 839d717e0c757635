export const PayReturn = (_: { view: unknown }) => <p>pay-return</p>;
