import type { Address } from "#domains/account/api";
import { countries, countryName, noPostalCode } from "../countries.ts";
import { problemWords } from "../problems.ts";
import type { FormState } from "../said.ts";
import { Field, Problem } from "./field.tsx";

/** An address as one writes it on a parcel. */
export function AddressLines({ address }: { address: Omit<Address, "id"> }) {
  const { recipient, line1, line2, city, region, postalCode, country, phone } = address;
  return (
    <span className="address">
      <strong>{recipient}</strong>
      <span>{[line1, line2].filter(Boolean).join(", ")}</span>
      <span>{[city, region, postalCode].filter((part) => part && part !== noPostalCode).join(", ")}</span>
      <span>{countryName(country)}</span>
      {phone && <span>{phone}</span>}
    </span>
  );
}

/** The fields of an address, named as account's door names them. */
export function AddressFields({ form }: { form: FormState }) {
  return (
    <>
      <Field form={form} name="recipient" label="Full name" autoComplete="name" maxLength={100} />
      <Field
        form={form}
        name="line1"
        label="Street and number"
        autoComplete="address-line1"
        maxLength={200}
      />
      <Field
        form={form}
        name="line2"
        label="Flat, floor, building"
        autoComplete="address-line2"
        maxLength={200}
        optional
      />
      <div className="form-row">
        <Field
          form={form}
          name="postalCode"
          label="Postal code"
          autoComplete="postal-code"
          maxLength={20}
          mayBeEmpty
        />
        <Field form={form} name="city" label="City" autoComplete="address-level2" maxLength={100} />
      </div>
      <div className="form-row">
        <Field
          form={form}
          name="region"
          label="State or region"
          autoComplete="address-level1"
          maxLength={100}
          optional
        />
        <Country form={form} />
      </div>
      <Field form={form} name="phone" label="Phone" type="tel" autoComplete="tel" maxLength={30} optional />
    </>
  );
}

function Country({ form }: { form: FormState }) {
  return (
    <div className="field">
      <label htmlFor="country">Country</label>
      <select
        className="select"
        id="country"
        name="country"
        autoComplete="country"
        defaultValue={form.values["country"] ?? ""}
        required
        data-ask={problemWords["country"]}
        aria-invalid={form.problems["country"] ? true : undefined}
        aria-describedby="country-problem"
      >
        <option value="" disabled>
          Choose
        </option>
        {countries.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
      <Problem id="country-problem" text={form.problems["country"]} />
    </div>
  );
}
