import type { FastifyRequest } from "fastify";
import { accountDoor } from "#domains/account/api";
import { type Id, isId } from "#kernel/id";
import { isRefusal } from "#kernel/refusal";
import { problemWords } from "../client/problems.ts";
import type { FormState } from "../client/said.ts";
import { fieldsOf, formOf, problemsOf, sentForm, underKey } from "../server/form.ts";
import { postalCodeOf } from "../server/postal-code.ts";
import type { Site } from "../server/site.ts";

const { addAddress: adding } = accountDoor.operations;
type Written = Parameters<Site["doors"]["account"]["addAddress"]>[1];

const names = Object.keys(adding.input.properties);
/** The address that the form holds, or the form again with what is wrong. */
function written(request: FastifyRequest): Written | FormState {
  const values = fieldsOf(formOf(request), names);
  const postal = postalCodeOf(values["country"] ?? "", values["postalCode"] ?? "");
  const input = "code" in postal ? { ...values, postalCode: postal.code } : values;
  const problems = {
    ...problemsOf(adding.input, input, problemWords),
    ...("problem" in postal && { postalCode: postal.problem }),
  };
  return Object.keys(problems).length > 0 ? sentForm(values, problems) : (input as unknown as Written);
}

/** Adds the address of the form. */
export async function addAddress(
  site: Site,
  request: FastifyRequest,
): Promise<{ id: Id<"address"> } | FormState> {
  const address = written(request);
  if ("problems" in address) return address;
  const context = underKey(request.context, formOf(request).get("key"), "address");
  const outcome = await site.doors.account.addAddress(context, address);
  return isRefusal(outcome) ? refused(address, outcome.message) : { id: outcome.id };
}

/** Puts the form's address in the place of one that exists. */
export async function changeAddress(
  site: Site,
  request: FastifyRequest,
  id: string,
): Promise<{ id: Id<"address"> } | FormState> {
  const address = written(request);
  if ("problems" in address) return address;
  if (!isId(id)) return refused(address, "Look at your addresses and choose one of them.");
  const outcome = await site.doors.account.changeAddress(request.context, {
    ...address,
    id: id as Id<"address">,
  });
  return isRefusal(outcome) ? refused(address, outcome.message) : { id: outcome.id };
}

/** What is wrong with no field in particular is said at the first. */
const refused = (address: Written, message: string): FormState =>
  sentForm(address as unknown as Record<string, string>, { recipient: message });
