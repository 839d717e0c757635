import { InvalidArgumentError } from "commander";

/** Reads an option that is a whole number from 0 on. Throws InvalidArgumentError. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(number) || number < 0)
    throw new InvalidArgumentError("a whole number is needed.");
  return number;
}
