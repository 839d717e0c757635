import helmet, { type FastifyHelmetOptions } from "@fastify/helmet";
import Fastify, { type FastifyInstance } from "fastify";

/** What an answer has of its own; anything else on helmet's answer is helmet's. */
const ofEveryAnswer = new Set(["connection", "content-length", "content-type", "date", "keep-alive"]);

declare module "fastify" {
  interface FastifyInstance {
    /** For what is answered without any hook. */
    securityHeaders: Readonly<Record<string, string>>;
  }
}

/** Whether browsers are told to come over TLS alone: to a name they know. An address may be another's tomorrow. */
export function insistsOnTls(publicUrl: string | undefined): boolean {
  const { protocol, hostname } = new URL(publicUrl ?? "http://localhost");
  return protocol === "https:" && /[a-z]/.test(hostname) && !/^(?:localhost|.*:.*)$/.test(hostname);
}

/** Sets them on every answer. */
export async function sendSecurityHeaders(app: FastifyInstance, secure: boolean): Promise<void> {
  const headers = await headersOf(secure);
  app.decorate("securityHeaders", headers);
  app.addHook("onRequest", (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}

/**
 * The security headers of every answer, as helmet sets them. They are the same for all, and helmet works them out anew
 * for each request, which cost more than all of Fastify (25 µs a request with it, 13 without, 16 with constants): so
 * it is asked once, by a server that exists for that.
 */
async function headersOf(secure: boolean): Promise<Readonly<Record<string, string>>> {
  const probe = Fastify();
  await probe.register(helmet, optionsFor(secure));
  probe.get("/", (_request, reply) => reply.send());
  const { headers } = await probe.inject("/");
  await probe.close();
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      ofEveryAnswer.has(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  );
}

const optionsFor = (secure: boolean): FastifyHelmetOptions => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      baseUri: ["'none'"],
      // Merchants' imported pictures may lie on their own hosts.
      imgSrc: ["'self'", "https:", "data:"],
      styleSrc: ["'self'"],
      scriptSrc: ["'self'"],
      objectSrc: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  // Not of the names below ours: they may be somebody else's.
  strictTransportSecurity: secure ? { includeSubDomains: false } : false,
  // Helmet's no-referrer makes browsers send our own forms with `Origin: null`, which the edge refuses as foreign.
  referrerPolicy: { policy: "same-origin" },
  // The pictures of /files may be shown by a merchant's own site.
  crossOriginResourcePolicy: { policy: "cross-origin" },
});
