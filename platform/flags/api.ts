/** What one flag switches. */
export interface FlagSpec {
  readonly title: string;
  /** What it saves, and what people see while it is off. */
  readonly whenOff: string;
  readonly byDefault: boolean;
}

/**
 * Every flag and its default, on one page. Each switches a costly part that exists, so that checkout survives a flood;
 * nothing that places, pays or keeps an order can be switched off. A new one is a line here and the place that asks.
 */
export const flagTable = {
  facets: {
    title: "Facets",
    whenOff: "Listings and search count nothing to narrow down by: no filters, half the work of a search.",
    byDefault: true,
  },
  suggestions: {
    title: "Suggestions",
    whenOff:
      "The search field offers nothing while somebody types: no request of a key press reaches the database.",
    byDefault: true,
  },
  relatedProducts: {
    title: "Related products",
    whenOff: "A product's page shows no others like it: one statement a page less.",
    byDefault: true,
  },
  imports: {
    title: "Imports",
    whenOff: "Merchants' CSV files are refused (request.switched_off): send them again later.",
    byDefault: true,
  },
  registrations: {
    title: "Registrations",
    whenOff: "Nobody opens an account (request.switched_off): no password is hashed. Who has one signs in.",
    byDefault: true,
  },
} as const satisfies Readonly<Record<string, FlagSpec>>;

export type FlagName = keyof typeof flagTable;

export const flagNames = Object.keys(flagTable) as readonly FlagName[];

/** Whether a text names a flag. */
export const isFlagName = (name: string): name is FlagName => Object.hasOwn(flagTable, name);

/** What code asks that can do without a costly part. The answer is at most a second old. */
export interface Flags {
  isOn(name: FlagName): boolean;
}

export interface FlagState extends FlagSpec {
  readonly name: FlagName;
  readonly on: boolean;
}

/** Where operators see and turn all of them. */
export interface FlagBoard extends Flags {
  all(): readonly FlagState[];
  /** What is wrong with the settings that flags are read from; null when nothing is. */
  problem(): string | null;
  /** For every process, within a second; for this one before it is done. */
  set(name: FlagName, on: boolean): Promise<void>;
  close(): Promise<void>;
}
