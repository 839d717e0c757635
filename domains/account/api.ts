import { type Static, Type } from "typebox";
import { type Door, door } from "#kernel/door";
import { idOf, timeSchema } from "#kernel/schema";

const email = Type.String({ format: "email", maxLength: 254, description: "Compared without case" });
const name = Type.String({ minLength: 1, maxLength: 100 });
const password = Type.String({ minLength: 10, maxLength: 200 });

export const accountSchema = Type.Object({
  id: idOf("account"),
  email,
  name,
  operator: Type.Boolean(),
  shops: Type.Array(idOf("shop"), { description: "Shops whose staff the account is" }),
  createdAt: timeSchema,
});
export type Account = Static<typeof accountSchema>;

const addressFields = {
  recipient: Type.String({ minLength: 1, maxLength: 100 }),
  line1: Type.String({ minLength: 1, maxLength: 200 }),
  line2: Type.Optional(Type.String({ maxLength: 200 })),
  city: Type.String({ minLength: 1, maxLength: 100 }),
  region: Type.Optional(Type.String({ maxLength: 100 })),
  postalCode: Type.String({ minLength: 1, maxLength: 20 }),
  country: Type.String({ pattern: "^[A-Z]{2}$", description: "ISO 3166-1, two letters" }),
  phone: Type.Optional(Type.String({ maxLength: 30 })),
};
export const addressSchema = Type.Object({ id: idOf("address"), ...addressFields });
export type Address = Static<typeof addressSchema>;

const addressExample = {
  recipient: "Ada Lovelace",
  line1: "12 Analytical Way",
  city: "London",
  postalCode: "N1 9GU",
  country: "GB",
};

export const sessionSchema = Type.Object({
  token: Type.String({ description: "Send it as `Authorization: Bearer …`" }),
  account: accountSchema,
  expiresAt: timeSchema,
});

/** Who people are: registration, sign-in, sessions, roles, addresses. */
export const accountDoor = door({
  name: "account",
  refusals: {
    "account.email_taken": [409, "That e-mail address has an account"],
    "account.bad_credentials": [401, "E-mail address or password is wrong"],
    "account.locked": [429, "Too many wrong passwords"],
    "account.not_found": [404, "No such account"],
    "account.address_not_found": [404, "No such address"],
    "account.too_many_addresses": [409, "No more than 20 addresses"],
    "account.wrong_password": [422, "That is not the password"],
  },
  events: {},
  operations: {
    register: {
      kind: "command",
      retriable: false,
      who: ["anyone"],
      summary: "Open an account",
      description:
        "An account buys, and opens shops. It is not signed in yet: ask for a session next. An address " +
        "that has an account is refused.",
      http: "POST /accounts",
      status: 201,
      input: Type.Object({ email, name, password }),
      output: accountSchema,
      refusals: ["account.email_taken"],
      example: { email: "ada@example.com", name: "Ada", password: "a long enough secret" },
    },
    signIn: {
      kind: "command",
      retriable: false,
      who: ["anyone"],
      summary: "Sign in; the answer holds the session's token",
      description:
        "The token goes into every further request, as `Authorization: Bearer TOKEN`. Ten wrong passwords " +
        "within a quarter of an hour lock the address for whoever sent them, for a while.",
      http: "POST /sessions",
      status: 201,
      input: Type.Object({ email, password: Type.String({ maxLength: 200 }) }),
      output: sessionSchema,
      refusals: ["account.bad_credentials", "account.locked"],
      example: { email: "ada@example.com", password: "a long enough secret" },
    },
    signOut: {
      kind: "command",
      retriable: true,
      who: ["buyer"],
      summary: "End the session that asks",
      description:
        "Its token is worth nothing from then on; another process of the shop may honour it for a second more. " +
        "Other sessions of the account go on.",
      http: "DELETE /sessions/current",
      status: 204,
      input: Type.Object({}),
      output: Type.Null(),
      refusals: [],
    },
    /**
     * Whose token this is; null when it is nobody's, or no longer. Asked by the edge for every signed-in
     * request.
     */
    resolve: {
      kind: "query",
      retriable: true,
      who: ["domain"],
      summary: "Whose session token this is",
      input: Type.Object({ token: Type.String({ maxLength: 200 }) }),
      output: Type.Union([
        Type.Null(),
        Type.Object({
          account: idOf("account"),
          session: idOf("session"),
          name: Type.String(),
          operator: Type.Boolean(),
          shops: Type.Array(idOf("shop")),
        }),
      ]),
      refusals: [],
    },
    me: {
      kind: "query",
      retriable: true,
      who: ["buyer"],
      summary: "The account that asks",
      description:
        "Its `shops` are those it works for; `operator` says whether it looks after the whole " +
        "marketplace.",
      http: "GET /accounts/me",
      input: Type.Object({}),
      output: accountSchema,
      refusals: ["account.not_found"],
    },
    rename: {
      kind: "command",
      retriable: true,
      who: ["buyer"],
      summary: "Change the name of the account that asks",
      description: "The e-mail address stays; orders keep what they were placed with.",
      http: "PATCH /accounts/me",
      input: Type.Object({ name }),
      output: accountSchema,
      refusals: ["account.not_found"],
      example: { name: "Ada King" },
    },
    /** Other processes honour the sessions it ends for a second more at most (see sessions.ts). */
    changePassword: {
      kind: "command",
      retriable: false,
      who: ["buyer"],
      summary: "Change the password of the account that asks",
      description:
        "All its other sessions end; the one that asks goes on. Wrong guesses at `current` count like those at a sign-in.",
      http: "PUT /accounts/me/password",
      status: 204,
      input: Type.Object({ current: Type.String({ maxLength: 200 }), password }),
      output: Type.Null(),
      refusals: ["account.not_found", "account.wrong_password", "account.locked"],
      example: { current: "a long enough secret", password: "an even longer secret" },
    },
    addresses: {
      kind: "query",
      retriable: true,
      who: ["buyer"],
      summary: "The addresses of the account that asks, the newest first",
      description: "An address has an id, which quotes and checkouts take.",
      http: "GET /accounts/me/addresses",
      input: Type.Object({}),
      output: Type.Object({ items: Type.Array(addressSchema) }),
      refusals: [],
    },
    addAddress: {
      kind: "command",
      retriable: true,
      who: ["buyer"],
      summary: "Add an address",
      description: "Up to 20. A checkout takes its id, and its orders keep a copy.",
      http: "POST /accounts/me/addresses",
      status: 201,
      idempotencyKey: "required",
      input: Type.Object(addressFields),
      output: addressSchema,
      refusals: ["account.too_many_addresses"],
      example: addressExample,
    },
    changeAddress: {
      kind: "command",
      retriable: true,
      who: ["buyer"],
      summary: "Replace an address; orders placed to it keep what they were placed with",
      description: "All fields are replaced: what is left out is gone.",
      http: "PUT /accounts/me/addresses/{id}",
      input: Type.Object({ id: idOf("address"), ...addressFields }),
      output: addressSchema,
      refusals: ["account.address_not_found"],
      example: addressExample,
    },
    removeAddress: {
      kind: "command",
      retriable: true,
      who: ["buyer"],
      summary: "Remove an address",
      description: "Orders that were placed to it keep it.",
      http: "DELETE /accounts/me/addresses/{id}",
      status: 204,
      input: Type.Object({ id: idOf("address") }),
      output: Type.Null(),
      refusals: ["account.address_not_found"],
    },
    /** One address of one account, for order, which freezes it into what it places. */
    addressOf: {
      kind: "query",
      retriable: true,
      who: ["domain"],
      summary: "One address of an account",
      input: Type.Object({ account: idOf("account"), address: idOf("address") }),
      output: addressSchema,
      refusals: ["account.address_not_found"],
    },
    /**
     * Makes an account staff of a shop. Applied at once: the next request of any of its sessions may act for
     * the shop.
     */
    grantShop: {
      kind: "command",
      retriable: true,
      who: ["domain"],
      summary: "Make an account staff of a shop",
      input: Type.Object({ account: idOf("account"), shop: idOf("shop") }),
      output: Type.Null(),
      refusals: ["account.not_found"],
    },
    /**
     * How `storey operator reset-password` helps who has forgotten theirs: ends all sessions of the account and forgets
     * wrong guesses.
     */
    resetPassword: {
      kind: "command",
      retriable: true,
      who: ["domain"],
      summary: "Give an account a new password",
      input: Type.Object({ email, password }),
      output: accountSchema,
      refusals: ["account.not_found"],
    },
    /** How `storey operator create` makes the first operator: registers, or raises an account that exists. */
    appointOperator: {
      kind: "command",
      retriable: true,
      who: ["domain"],
      summary: "Make an operator",
      input: Type.Object({ email, name, password }),
      output: accountSchema,
      refusals: [],
    },
  },
});
export type AccountDoor = Door<typeof accountDoor>;
