export const SignIn = (_: { view: unknown }) => <p>sign-in</p>;
