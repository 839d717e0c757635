/**
 * What every random choice of this run follows from; the test command draws it, prints it, and takes it with
 * --seed.
 */
export const testSeed = Number(
  process.env["STOREY_TEST_SEED"] ?? crypto.getRandomValues(new Uint32Array(1))[0],
);
