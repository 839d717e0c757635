import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeScratch } from "./scratch.ts";

/** Why tests of TLS are skipped: nobody here can make a certificate. */
export function whyNoCertificates(): string | false {
  try {
    execFileSync("openssl", ["version"], { stdio: "pipe" });
    return false;
  } catch {
    return "there is no openssl here to make a certificate";
  }
}

/** A key and a certificate signed by itself for that name and this machine, as two texts (PEM). */
export function makePair(name: string): { key: string; cert: string } {
  using scratch = makeScratch();
  const [cert, key] = [join(scratch.path, "cert.pem"), join(scratch.path, "key.pem")];
  const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name},IP:127.0.0.1`];
  const days = ["-days", "2"];
  execFileSync("openssl", ["req", "-x509", ...made, ...days, "-keyout", key, "-out", cert, ...subject], {
    stdio: "pipe",
  });
  return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
}

/** The same in one text. */
export function makePem(name: string): string {
  const { key, cert } = makePair(name);
  return `${key.trim()}\n${cert.trim()}\n`;
}
