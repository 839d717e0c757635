export const Account = (_: { view: unknown }) => <p>account</p>;
