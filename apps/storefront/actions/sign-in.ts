import { accountDoor } from "#domains/account/api";
import { isRefusal } from "#kernel/refusal";
import { clearSession, setSession } from "#platform/http/cookies";
import { problemWords } from "../client/problems.ts";
import { registerPage, signInPage } from "../data/doorstep.ts";
import type { Answer, Work } from "../server/answer.ts";
import { fieldsOf, formOf, problemsOf, safePath, sentForm } from "../server/form.ts";
import type { Site } from "../server/site.ts";

/** Signs in and goes on to where one was. The guest's cart is merged by the next page. */
export const signIn =
  (site: Site): Work =>
  async (request, reply): Promise<Answer> => {
    const form = formOf(request);
    const next = safePath(form.get("next"));
    const email = form.get("email")?.trim() ?? "";
    // Spaces around a password are part of it.
    const input = { email, password: form.get("password") ?? "" };
    const problems = problemsOf(accountDoor.operations.signIn.input, input, problemWords);
    if (Object.keys(problems).length > 0) return signInPage(site, next, sentForm({ email }, problems), 422);
    const session = await site.doors.account.signIn(request.context, input);
    if (isRefusal(session)) {
      const status = session.refusal === "account.locked" ? 429 : 401;
      return signInPage(site, next, sentForm({ email }, { form: session.message }), status);
    }
    setSession(reply, session.token);
    return { to: next };
  };

/** Opens an account, signs in and goes on. */
export const register =
  (site: Site): Work =>
  async (request, reply): Promise<Answer> => {
    const form = formOf(request);
    const next = safePath(form.get("next"));
    const { account } = site.doors;
    const values = { ...fieldsOf(form, ["name", "email"]), password: form.get("password") ?? "" };
    const input = { name: "", email: "", ...values };
    const problems = problemsOf(accountDoor.operations.register.input, input, problemWords);
    if (Object.keys(problems).length > 0) return registerPage(next, sentForm(values, problems), 422);
    const opened = await account.register(request.context, input);
    if (isRefusal(opened)) {
      // What account does not refuse with, the shop does: it opens no accounts just now.
      if (opened.refusal !== "account.email_taken")
        return registerPage(next, sentForm(values, { form: opened.message }), 503);
      const message = "That address has an account already. Sign in instead, below.";
      return registerPage(next, sentForm(values, { email: message }), 409);
    }
    const session = await account.signIn(request.context, { email: input.email, password: input.password });
    if (isRefusal(session)) return { to: `/sign-in?next=${encodeURIComponent(next)}` };
    setSession(reply, session.token);
    return { to: next };
  };

/** Ends the session here and at account. */
export const signOut =
  (site: Site): Work =>
  async (request, reply): Promise<Answer> => {
    if (request.context.caller.kind === "account") await site.doors.account.signOut(request.context, {});
    clearSession(reply);
    return { to: "/" };
  };
