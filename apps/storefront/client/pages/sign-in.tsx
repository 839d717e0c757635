import { Doorstep, withNext } from "../components/doorstep.tsx";
import { Field } from "../components/field.tsx";
import { NoticeBox } from "../components/words.tsx";
import type { SignInView } from "../model.ts";

export function SignIn({ view }: { view: SignInView }) {
  const problem = view.form.problems["form"];
  return (
    <Doorstep
      view={view}
      heading="Sign in"
      action="/sign-in"
      button="Sign in"
      intro={
        <>
          {view.reason && <p className="soft">{view.reason}</p>}
          {problem && <NoticeBox notice={{ tone: "bad", title: "That did not work", text: problem }} />}
        </>
      }
      password={
        <Field
          form={view.form}
          name="password"
          label="Password"
          type="password"
          autoComplete="current-password"
          ask="Your password, please."
          maxLength={200}
        />
      }
    >
      <p className="door-other">
        New here? <a href={withNext("/register", view.next)}>Create an account</a>
      </p>
      {view.demoAccounts.length > 0 && <DemoAccounts view={view} />}
    </Doorstep>
  );
}

function DemoAccounts({ view }: { view: SignInView }) {
  const buyer = view.demoAccounts.find(({ role }) => role === "buyer");
  const others = view.demoAccounts.filter((account) => account !== buyer);
  return (
    <aside className="panel demo" aria-label="Demo accounts">
      <h2>This is a demonstration</h2>
      <p className="soft">Try the shop as a buyer. No real money is taken anywhere.</p>
      {buyer && (
        <form method="post" action="/sign-in">
          <input type="hidden" name="next" value={view.next} />
          <input type="hidden" name="email" value={buyer.email} />
          <input type="hidden" name="password" value={buyer.password} />
          <button type="submit" className="button quiet wide">
            Sign in as the demo buyer
          </button>
        </form>
      )}
      {others.length > 0 && (
        <p className="soft">
          Merchants and operators have no pages here yet: they work through the API. On these pages they are
          buyers like anybody.
        </p>
      )}
      {others.length > 0 && (
        <a className="text-button" href="/api/openapi.json">
          What the API can do
        </a>
      )}
      <dl>
        {view.demoAccounts.map(({ email, password, role }) => (
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
