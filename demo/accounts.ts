/** Accounts that anybody may try. They exist only where the demo catalogue does. */
export const demoAccounts = [
  { role: "buyer", email: "buyer@demo.example", name: "Bea Buyer", password: "demo-buyer-password" },
  {
    role: "merchant",
    email: "merchant@demo.example",
    name: "Mo Merchant",
    password: "demo-merchant-password",
  },
  {
    role: "operator",
    email: "operator@demo.example",
    name: "Ola Operator",
    password: "demo-operator-password",
  },
] as const;

const signInOf = (role: (typeof demoAccounts)[number]["role"]) => {
  const { email, password } = demoAccounts.find((account) => account.role === role) ?? demoAccounts[0];
  return { email, password };
};

/** What the demo's operator signs in with. */
export const demoOperator = signInOf("operator");
