import { AddressFields, AddressLines } from "../components/address.tsx";
import { Field } from "../components/field.tsx";
import { NoticeBox } from "../components/words.tsx";
import type { AccountView } from "../model.ts";

export function Account({ view }: { view: AccountView }) {
  return (
    <div className="wrap buying account-page">
      <h1>Your account</h1>
      <div className="notices">{view.notice && <NoticeBox notice={view.notice} />}</div>
      <div className="account-body">
        <div className="account-self">
          <section className="panel">
            <h2>You</h2>
            <form method="post" action="/account/name" className="form">
              <Field form={view.nameForm} name="name" label="Name" autoComplete="name" maxLength={100} />
              <p className="soft">You sign in as {view.email}.</p>
              <p>
                <button type="submit" className="button quiet">
                  Save the name
                </button>
              </p>
            </form>
          </section>
          <form method="post" action="/sign-out">
            <button type="submit" className="button quiet">
              Sign out
            </button>
          </form>
        </div>
        <section className="panel">
          <h2>Addresses</h2>
          {view.addresses.length === 0 && (
            <p className="soft">None yet. Add one here, or when you check out.</p>
          )}
          <ul className="addresses">
            {view.addresses.map((address) => (
              <li key={address.id}>
                <AddressLines address={address} />
                <div className="line-tools">
                  <a className="text-button" href={`/account?edit=${address.id}#address`}>
                    Change<span className="unseen"> the address of {address.recipient}</span>
                  </a>
                  <form method="post" action={`/account/addresses/${address.id}/removal`}>
                    <button type="submit" className="text-button">
                      Remove<span className="unseen"> the address of {address.recipient}</span>
                    </button>
                  </form>
                </div>
              </li>
            ))}
          </ul>
          <AddressForm view={view} />
        </section>
      </div>
    </div>
  );
}

function AddressForm({ view }: { view: AccountView }) {
  return (
    <details className="new-address" id="address" open={view.formOpen}>
      <summary className="text-button">{view.editing ? "Change the address" : "Add an address"}</summary>
      <form
        method="post"
        action={view.editing ? `/account/addresses/${view.editing}` : "/account/addresses"}
        className="form"
      >
        <input type="hidden" name="key" value={view.key} />
        <AddressFields form={view.addressForm} />
        <button type="submit" className="button">
          {view.editing ? "Save the address" : "Add the address"}
        </button>
      </form>
    </details>
  );
}
