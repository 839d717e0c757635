import { Doorstep, withNext } from "../components/doorstep.tsx";
import { Field } from "../components/field.tsx";
import type { RegisterView } from "../model.ts";

export function Register({ view }: { view: RegisterView }) {
  const intro = view.reason ?? "One account for every shop here. What is in your cart stays in it.";
  return (
    <Doorstep
      view={view}
      heading="Create an account"
      action="/register"
      button="Create the account"
      intro={<p className="soft">{intro}</p>}
      before={<Field form={view.form} name="name" label="Your name" autoComplete="name" maxLength={100} />}
      password={
        <Field
          form={view.form}
          name="password"
          label="Password"
          type="password"
          autoComplete="new-password"
          hint="At least 10 characters. A few words in a row do well."
          minLength={10}
          maxLength={200}
        />
      }
    >
      <p className="door-other">
        Have one already? <a href={withNext("/sign-in", view.next)}>Sign in</a>
      </p>
    </Doorstep>
  );
}
