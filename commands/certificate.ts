import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { createSecureContext } from "node:tls";
import { type Clock, systemClock } from "#kernel/clock";
import { CommandRefused } from "./refusals.ts";

/** Where a chain and its key lie. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** PEM texts. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * The certificate and its key, known to be whole, to belong together, to hold now, and for the domain that was named.
 * Throws CommandRefused `up.no_certificate`, `up.bad_certificate`, `up.certificate_expired`, `up.certificate_name`.
 */
export async function readPair(
  files: CertificateFiles,
  domain?: string,
  clock: Clock = systemClock,
): Promise<Certificate> {
  const pair = { cert: await pem(files.cert), key: await pem(files.key) };
  const leaf = leafOf(pair, files);
  const [from, to] = [Date.parse(leaf.validFrom), Date.parse(leaf.validTo)];
  const now = clock.now();
  if (now < from || now > to) {
    const when = now > to ? `held until ${leaf.validTo}` : `holds from ${leaf.validFrom}`;
    const next = "Give one that holds now; with none use --no-cert.";
    throw new CommandRefused("up.certificate_expired", `The certificate in ${files.cert} ${when}. ${next}`);
  }
  if (domain !== undefined && leaf.checkHost(domain) === undefined) {
    const names = leaf.subjectAltName ?? "no name at all";
    const next = "Browsers would refuse it: have one made for that name, or say another --domain.";
    throw new CommandRefused(
      "up.certificate_name",
      `The certificate in ${files.cert} is for ${names}, not for ${domain}. ${next}`,
    );
  }
  return pair;
}

function leafOf(pair: Certificate, files: CertificateFiles): X509Certificate {
  try {
    createSecureContext(pair);
    const leaf = new X509Certificate(pair.cert);
    if (!leaf.checkPrivateKey(createPrivateKey(pair.key))) throw new Error("they do not belong together");
    return leaf;
  } catch (error) {
    throw new CommandRefused(
      "up.bad_certificate",
      `${files.cert} and ${files.key} are no certificate with its private key, both as PEM (${(error as Error).message}).`,
    );
  }
}

/** Key and chain in one text, as components take them. No empty lines: one of them takes those for the end. */
export const asOneText = ({ cert, key }: Certificate): string =>
  `${[key, cert]
    .map((text) =>
      text
        .replaceAll("\r", "")
        .replaceAll(/\n{2,}/g, "\n")
        .trim(),
    )
    .join("\n")}\n`;

const lookEveryMs = 2_000;

/**
 * Looks whether a pair was replaced, as whoever renews it does, and hands a new one on once it is whole. One that is
 * not is told of once; the old one goes on.
 */
export function watchPair(
  files: CertificateFiles,
  with_: {
    current: Certificate;
    domain?: string;
    everyMs?: number;
    take(pair: Certificate): Promise<void> | void;
    say(line: string): void;
  },
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let known = asOneText(with_.current);
  let told = "";
  const look = async () => {
    const pair = await readPair(files, with_.domain);
    const text = asOneText(pair);
    if (text === known) return;
    await with_.take(pair);
    known = text;
    told = "";
    const { validTo } = new X509Certificate(pair.cert);
    with_.say(`The certificate was renewed: it holds until ${validTo}`);
  };
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      await pause(with_.everyMs ?? lookEveryMs, undefined, { signal: stopping.signal }).catch(
        () => undefined,
      );
      if (stopping.signal.aborted) return;
      // Two files are replaced one after the other: what does not belong together now may in a moment.
      await look().catch((error: Error) => {
        if (told === error.message) with_.say(`The new certificate is not taken: ${error.message}`);
        told = told === error.message ? `${error.message} ` : error.message;
      });
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await watching;
    },
  };
}

const pem = (path: string) =>
  readFile(path, "utf8").catch(() => {
    throw new CommandRefused(
      "up.no_certificate",
      `${path} cannot be read. Name a PEM file this user may read; without one use --no-cert.`,
    );
  });
