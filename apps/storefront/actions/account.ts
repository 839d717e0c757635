import { accountDoor } from "#domains/account/api";
import { type Id, isId } from "#kernel/id";
import { isRefusal } from "#kernel/refusal";
import { problemWords } from "../client/problems.ts";
import { accountPage } from "../data/account.ts";
import type { Answer, Work } from "../server/answer.ts";
import { formOf, problemsOf, sentForm } from "../server/form.ts";
import type { Site } from "../server/site.ts";
import { addAddress, changeAddress } from "./address.ts";

/** Changes the name of the account. */
export const rename =
  (site: Site): Work =>
  async (request): Promise<Answer> => {
    const values = { name: formOf(request).get("name")?.trim() ?? "" };
    const problems = problemsOf(accountDoor.operations.rename.input, values, problemWords);
    if (Object.keys(problems).length > 0) {
      return accountPage(site, request, { nameForm: sentForm(values, problems), status: 422 });
    }
    await site.doors.account.rename(request.context, values);
    return { to: "/account?done=name" };
  };

/** Adds an address, or puts another in the place of the one named by the path. */
export const saveAddress =
  (site: Site): Work =>
  async (request): Promise<Answer> => {
    const { id } = request.params as { id?: string };
    const outcome =
      id === undefined ? await addAddress(site, request) : await changeAddress(site, request, id);
    if ("id" in outcome) return { to: "/account?done=address" };
    return accountPage(site, request, { editing: id ?? null, addressForm: outcome, status: 422 });
  };

/** Removes an address; one that is gone already is as good as removed. */
export const removeAddress =
  (site: Site): Work =>
  async (request): Promise<Answer> => {
    const { id } = request.params as { id: string };
    if (isId(id)) {
      const outcome = await site.doors.account.removeAddress(request.context, { id: id as Id<"address"> });
      if (isRefusal(outcome) && outcome.refusal !== "account.address_not_found") return { to: "/account" };
    }
    return { to: "/account?done=removal" };
  };
