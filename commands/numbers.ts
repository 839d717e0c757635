import { InvalidArgumentError } from "commander";

/** Reads an option that is a number. Throws InvalidArgumentError, as all of these do. */
export function readNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number)) throw new InvalidArgumentError("a number is needed.");
  return number;
}

/** For an option that is a number of at least so much. */
export const numberFrom =
  (least: number) =>
  (text: string): number => {
    const number = readNumber(text);
    if (number < least) throw new InvalidArgumentError(`a number from ${least} is needed.`);
    return number;
  };

/** Reads an option that is a number above 0. */
export function positive(text: string): number {
  const number = readNumber(text);
  if (number <= 0) throw new InvalidArgumentError("a number above 0 is needed.");
  return number;
}

/** For an option that is a whole number of at least so much. */
export const wholeFrom =
  (least: number) =>
  (text: string): number => {
    const number = readNumber(text);
    if (!Number.isSafeInteger(number) || number < least)
      throw new InvalidArgumentError(`a whole number from ${least} is needed.`);
    return number;
  };
