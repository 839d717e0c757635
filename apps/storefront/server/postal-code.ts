import { countryName, noPostalCode } from "../client/countries.ts";

/** Countries and territories whose addresses are commonly written without one: it may be left out there. */
const without = new Set(
  (
    "AE AG AN AO AW BF BI BJ BO BS BW BZ CD CF CG CI CM CW DJ DM ER FJ GA GD GM GQ GY HK JM KI KM KN KP " +
    "LC ML MO MR MW NR NU QA RW SB SC SL SR ST SX SY TD TG TK TL TO TV UG VU YE ZW"
  ).split(" "),
);

/** Of countries to which many parcels go: what a code looks like, and one that exists. */
const shapes: Readonly<Record<string, readonly [shape: RegExp, example: string]>> = {
  AT: [/^\d{4}$/, "1010"],
  AU: [/^\d{4}$/, "3000"],
  BE: [/^\d{4}$/, "1000"],
  BR: [/^\d{5}-?\d{3}$/, "01310-100"],
  CA: [/^[A-Z]\d[A-Z] ?\d[A-Z]\d$/i, "K1A 0B1"],
  CH: [/^\d{4}$/, "8001"],
  CN: [/^\d{6}$/, "100000"],
  CZ: [/^\d{3} ?\d{2}$/, "110 00"],
  DE: [/^\d{5}$/, "10115"],
  DK: [/^\d{4}$/, "1050"],
  ES: [/^\d{5}$/, "28001"],
  FI: [/^\d{5}$/, "00100"],
  FR: [/^\d{5}$/, "75001"],
  GB: [/^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i, "SW1A 1AA"],
  GR: [/^\d{3} ?\d{2}$/, "104 31"],
  IE: [/^[A-Z]\d[\dW] ?[A-Z\d]{4}$/i, "D02 AF30"],
  IN: [/^\d{3} ?\d{3}$/, "110001"],
  IT: [/^\d{5}$/, "00118"],
  JP: [/^\d{3}-?\d{4}$/, "100-0001"],
  KR: [/^\d{5}$/, "04524"],
  MX: [/^\d{5}$/, "06000"],
  NL: [/^\d{4} ?[A-Z]{2}$/i, "1012 AB"],
  NO: [/^\d{4}$/, "0150"],
  NZ: [/^\d{4}$/, "6011"],
  PL: [/^\d{2}-\d{3}$/, "00-001"],
  PT: [/^\d{4}-\d{3}$/, "1000-001"],
  SE: [/^\d{3} ?\d{2}$/, "111 20"],
  SG: [/^\d{6}$/, "018956"],
  TW: [/^\d{3}(?:-?\d{2,3})?$/, "100"],
  US: [/^\d{5}(?:-\d{4})?$/, "10001"],
  ZA: [/^\d{4}$/, "8001"],
};
/** Anywhere else: letters, digits, and what stands between them. */
const anyShape = /^[A-Z\d](?:[A-Z\d -]{0,10}[A-Z\d])?$/i;

/** A postal code as it is kept, or what is wrong with it for that country. */
export function postalCodeOf(country: string, written: string): { code: string } | { problem: string } {
  if (written === "" || written === noPostalCode) {
    return without.has(country) ? { code: noPostalCode } : { problem: "Which postal code?" };
  }
  const [shape, example] = shapes[country] ?? [anyShape, undefined];
  if (shape.test(written)) return { code: written };
  return {
    problem: example
      ? `A postal code of ${countryName(country)} looks like ${example}.`
      : "A postal code is made of letters and digits.",
  };
}
