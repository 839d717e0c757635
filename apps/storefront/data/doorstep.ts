import type { FormState } from "../client/said.ts";
import type { Answer, Work } from "../server/answer.ts";
import { emptyForm, safePath } from "../server/form.ts";
import { queryOf } from "../server/query.ts";
import type { Site } from "../server/site.ts";

/** The sign-in page. Whoever is signed in already goes straight on. */
export const signInForm =
  (site: Site): Work =>
  async (request) => {
    const next = safePath(queryOf(request).get("next"));
    if (request.context.caller.kind === "account") return { to: next };
    return signInPage(site, next, emptyForm);
  };

export const signInPage = (site: Site, next: string, form: FormState, status = 200): Answer => ({
  status,
  page: {
    name: "sign-in",
    title: "Sign in",
    isPrivate: true,
    view: { form, next, reason: reasonOf(next), demoAccounts: site.demoAccounts },
  },
});

/** The page on which an account is opened. */
export const registerForm =
  (_site: Site): Work =>
  async (request) => {
    const next = safePath(queryOf(request).get("next"));
    if (request.context.caller.kind === "account") return { to: next };
    return registerPage(next, emptyForm);
  };

export const registerPage = (next: string, form: FormState, status = 200): Answer => ({
  status,
  page: {
    name: "register",
    title: "Create an account",
    isPrivate: true,
    view: {
      form,
      next,
      reason: next.startsWith("/checkout") ? "Then you can check out. Your cart is kept." : null,
    },
  },
});

function reasonOf(next: string): string | null {
  if (next.startsWith("/checkout")) return "Sign in or create an account to check out. Your cart is kept.";
  if (next.startsWith("/orders") || next.startsWith("/account")) return "Sign in to see what is yours.";
  return null;
}
