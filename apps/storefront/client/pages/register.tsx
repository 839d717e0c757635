export const Register = (_: { view: unknown }) => <p>register</p>;
