import type { FastifyRequest } from "fastify";
import { expectDone } from "#kernel/refusal";
import type { FormState, Notice } from "../client/said.ts";
import type { Answer, Work } from "../server/answer.ts";
import { emptyForm, newKey } from "../server/form.ts";
import { queryOf } from "../server/query.ts";
import type { Site } from "../server/site.ts";

/** One's account: account for who and account for where, at the same time. */
export const account =
  (site: Site): Work =>
  async (request) =>
    accountPage(site, request, { editing: queryOf(request).get("edit") });

const done: Record<string, Notice | undefined> = {
  name: { tone: "good", title: "Your name is changed" },
  address: { tone: "good", title: "The address is saved" },
  removal: { tone: "calm", title: "The address is removed" },
};

/** The account's page; a form that was refused is shown again as it was sent. */
export async function accountPage(
  site: Site,
  request: FastifyRequest,
  said: { editing?: string | null; nameForm?: FormState; addressForm?: FormState; status?: number },
): Promise<Answer> {
  const doors = site.doors.account;
  const [me, known] = await Promise.all([
    doors.me(request.context, {}).then(expectDone),
    doors.addresses(request.context, {}).then(expectDone),
  ]);
  const edited = known.items.find(({ id }) => id === said.editing);
  const values = edited ? Object.fromEntries(Object.entries(edited)) : { recipient: me.name };
  return {
    status: said.status ?? 200,
    page: {
      name: "account",
      title: "Your account",
      isPrivate: true,
      view: {
        name: me.name,
        email: me.email,
        nameForm: said.nameForm ?? { ...emptyForm, values: { name: me.name } },
        addresses: known.items,
        addressForm: said.addressForm ?? { ...emptyForm, values },
        editing: edited?.id ?? null,
        formOpen: edited !== undefined || said.addressForm !== undefined,
        key: newKey(),
        notice: done[queryOf(request).get("done") ?? ""] ?? null,
      },
    },
  };
}
