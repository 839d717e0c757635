/** What is said beside a field that cannot be taken as it is: by the page while somebody writes, and by the server. */
export const problemWords: Readonly<Record<string, string>> = {
  name: "What should we call you?",
  email: "That does not look like an e-mail address.",
  password: "At least 10 characters, please.",
  recipient: "Who is it for?",
  line1: "Which street and number?",
  city: "Which city?",
  postalCode: "Which postal code?",
  country: "Choose a country.",
  phone: "At most 30 characters.",
};
