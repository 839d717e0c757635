import { problemWords } from "../problems.ts";
import type { FormState } from "../said.ts";
import { Icon } from "./icon.tsx";

/** One line of a form, with what is wrong with it said beside it and read with it. */
export function Field(props: {
  form: FormState;
  name: string;
  label: string;
  type?: "text" | "email" | "password" | "tel";
  autoComplete?: string;
  hint?: string;
  optional?: boolean;
  /** Asked for by the server, and only of some: the browser lets it be empty. */
  mayBeEmpty?: boolean;
  /** Said of it when it cannot be sent as it is. */
  ask?: string;
  maxLength?: number;
  minLength?: number;
  /** Tells fields of two forms on one page apart. */
  prefix?: string;
}) {
  const { form, name, label, type = "text", hint, optional } = props;
  const id = `${props.prefix ?? ""}${name}`;
  const problem = form.problems[name];
  const described = [`${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>
        {label} {optional && <span className="optional">(optional)</span>}
      </label>
      <input
        className="input"
        id={id}
        name={name}
        type={type}
        defaultValue={type === "password" ? undefined : form.values[name]}
        autoComplete={props.autoComplete}
        maxLength={props.maxLength}
        minLength={props.minLength}
        required={!optional && !props.mayBeEmpty}
        data-ask={props.ask ?? problemWords[name] ?? "Check this, please."}
        aria-invalid={problem ? true : undefined}
        aria-describedby={described}
      />
      {hint && (
        <p className="soft small" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <Problem id={`${id}-problem`} text={problem} />
    </div>
  );
}

/** There also without words, for the script that checks a field before it is sent. */
export function Problem({ id, text }: { id: string; text: string | undefined }) {
  return (
    <p className="problem" id={id} hidden={!text}>
      <Icon name="circle-alert" />
      <span>{text}</span>
    </p>
  );
}
