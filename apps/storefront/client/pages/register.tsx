import { Field } from "../components/field.tsx";
import type { RegisterView } from "../model.ts";

export function Register({ view }: { view: RegisterView }) {
  const signIn = view.next === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(view.next)}`;
  return (
    <div className="wrap door-page">
      <h1>Create an account</h1>
      <p className="soft">
        {view.reason ?? "One account for every shop here. What is in your cart stays in it."}
      </p>
      <form method="post" action="/register" className="form">
        <input type="hidden" name="next" value={view.next} />
        <Field form={view.form} name="name" label="Your name" autoComplete="name" maxLength={100} />
        <Field
          form={view.form}
          name="email"
          label="E-mail address"
          type="email"
          autoComplete="username"
          maxLength={254}
        />
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
        <button type="submit" className="button wide">
          Create the account
        </button>
      </form>
      <p className="door-other">
        Have one already? <a href={signIn}>Sign in</a>
      </p>
    </div>
  );
}
