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
  maxLength?: number;
  minLength?: number;
  /** Tells fields of two forms on one page apart. */
  prefix?: string;
}) {
  const { form, name, label, type = "text", hint, optional } = props;
  const id = `${props.prefix ?? ""}${name}`;
  const problem = form.problems[name];
  const described = [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(" ");
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
        required={!optional}
        aria-invalid={problem ? true : undefined}
        aria-describedby={described || undefined}
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

export function Problem({ id, text }: { id: string; text: string | undefined }) {
  if (!text) return null;
  return (
    <p className="problem" id={id}>
      <Icon name="circle-alert" />
      {text}
    </p>
  );
}
