export interface Link {
  readonly href: string;
  readonly label: string;
}

/** Something said at the top of a page about what just happened. */
export interface Notice {
  readonly tone: "good" | "bad" | "calm";
  readonly title: string;
  readonly text?: string;
  readonly link?: Link;
}

/** A form as it was sent and what is wrong with it, field by field. */
export interface FormState {
  readonly values: Readonly<Record<string, string>>;
  readonly problems: Readonly<Record<string, string>>;
}
