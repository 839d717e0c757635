import fc from "fast-check";
import { testSeed } from "./test-seed.ts";

/** Loaded before every test file. */
fc.configureGlobal({ seed: testSeed });
