import fc from "fast-check";

/** Loaded before every test file: the seed that the test command printed decides every random choice. */
const seed = Number(process.env["STOREY_TEST_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
fc.configureGlobal({ seed });
