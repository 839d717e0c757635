import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Running } from "#launcher/component";
import { loopback } from "#launcher/loopback";
import type { Outside } from "#launcher/outside";
import { asOneText, readPair, watchPair } from "./certificate.ts";

/** The certificate of a running instance, looked after. */
export interface TlsOutside {
  /** What the entrance is told. */
  readonly asSaid: { readonly plainPort?: number; pem(): string };
  /** From now on hands to the entrance what is renewed. */
  renewFor(entrance: () => Running | undefined): { stop(): Promise<void> };
}

/**
 * Reads the certificate an instance is to show, and keeps it in view. Its chain, without the key, lies beside those of
 * the components: the supervisor tells of all how long they hold. Throws CommandRefused as `readPair` does.
 */
export async function openTlsOutside(
  directory: string,
  { certificate, domain, plainPort }: Outside,
  say: (line: string) => void,
): Promise<TlsOutside | undefined> {
  const shown = join(directory, "certificates", "outside");
  if (!certificate) {
    await rm(shown, { recursive: true, force: true });
    return undefined;
  }
  let current = await readPair(certificate, domain);
  const show = async () => {
    await loopback.putDirectory(shown, { mode: 0o711 });
    await loopback.putFile(join(shown, "own.crt"), current.cert, { mode: 0o644 });
  };
  await show();
  return {
    asSaid: {
      ...(plainPort === undefined ? {} : { plainPort }),
      pem: () => asOneText(current),
    },
    renewFor: (entrance) =>
      watchPair(certificate, {
        current,
        ...(domain ? { domain } : {}),
        say,
        take: async (pair) => {
          // First what a component that starts now is given.
          current = pair;
          await show();
          await entrance()?.renew?.(asOneText(pair));
        },
      }),
  };
}
