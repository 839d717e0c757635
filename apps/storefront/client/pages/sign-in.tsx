import { Field } from "../components/field.tsx";
import { Icon } from "../components/icon.tsx";
import type { SignInView } from "../model.ts";

export function SignIn({ view }: { view: SignInView }) {
  const register = view.next === "/" ? "/register" : `/register?next=${encodeURIComponent(view.next)}`;
  return (
    <div className="wrap door-page">
      <h1>Sign in</h1>
      {view.reason && <p className="soft">{view.reason}</p>}
      {view.form.problems["form"] && (
        <div className="notice bad" role="alert">
          <Icon name="circle-alert" />
          <p>{view.form.problems["form"]}</p>
        </div>
      )}
      <form method="post" action="/sign-in" className="form">
        <input type="hidden" name="next" value={view.next} />
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
          autoComplete="current-password"
          maxLength={200}
        />
        <button type="submit" className="button wide">
          Sign in
        </button>
      </form>
      <p className="door-other">
        New here? <a href={register}>Create an account</a>
      </p>
      {view.demoAccounts.length > 0 && <DemoAccounts accounts={view.demoAccounts} />}
    </div>
  );
}

function DemoAccounts({ accounts }: { accounts: SignInView["demoAccounts"] }) {
  return (
    <aside className="panel demo" aria-label="Demo accounts">
      <h2>This is a demonstration</h2>
      <p className="soft">Sign in as one of these. No real money is taken anywhere.</p>
      <dl>
        {accounts.map(({ email, password, role }) => (
          <div key={email}>
            <dt>{role}</dt>
            <dd>
              <code>{email}</code>
              <br />
              <code>{password}</code>
            </dd>
          </div>
        ))}
      </dl>
    </aside>
  );
}
