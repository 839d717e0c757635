import type { ReactNode } from "react";
import type { RegisterView } from "../model.ts";
import { Field } from "./field.tsx";

/** What the pages of signing in and of opening an account have in common: a form that goes on to `next`. */
export function Doorstep(props: {
  view: RegisterView;
  heading: string;
  action: "/sign-in" | "/register";
  button: string;
  /** What is said above the form. */
  intro: ReactNode;
  /** Fields above and below the address, and what comes after the form. */
  before?: ReactNode;
  password: ReactNode;
  children: ReactNode;
}) {
  const { view } = props;
  return (
    <div className="wrap door-page">
      <h1>{props.heading}</h1>
      {props.intro}
      <form method="post" action={props.action} className="form">
        <input type="hidden" name="next" value={view.next} />
        {props.before}
        <Field
          form={view.form}
          name="email"
          label="E-mail address"
          type="email"
          autoComplete="username"
          maxLength={254}
        />
        {props.password}
        <button type="submit" className="button wide">
          {props.button}
        </button>
      </form>
      {props.children}
    </div>
  );
}

/** The other of the two pages, going on to the same place. */
export const withNext = (path: string, next: string): string =>
  next === "/" ? path : `${path}?next=${encodeURIComponent(next)}`;
