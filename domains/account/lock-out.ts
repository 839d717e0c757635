/** Ten wrong passwords within a quarter of an hour lock an address for a quarter of an hour after the tenth. */
export const lockOut = { failures: 10, windowMs: 15 * 60_000 };
