/** Drawn specs of general types: the official compiler, the strictest TypeScript and our own writers judge them. */
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../../src/testing/random.js";
import { scaled } from "../../support/scale.js";
import { drawGeneral } from "./drawn.js";
import { complaintsOf, judge, makeAll, type Made } from "./judge.js";

/** `SPECWIRE_SPECS=200 SPECWIRE_SPECS_RUN=7` draws more, or others. */
const SPECS = Number(process.env["SPECWIRE_SPECS"] ?? scaled(12, 60));
const RUN = Number(process.env["SPECWIRE_SPECS_RUN"] ?? 1);
const TIMEOUT_MS = 60_000 + 3_000 * SPECS;

let made: Made[] = [];

beforeAll(async () => {
  const random = new Random(RUN, "general");
  const samples = Object.fromEntries(Array.from({ length: SPECS }, (_, i) => [`drawn_${i}`, drawGeneral(random)]));
  made = await makeAll(samples);
}, TIMEOUT_MS);

describe("drawn specs of general types", () => {
  it(
    "become modules that satisfy the strictest compiler",
    () => {
      expect(complaintsOf(made)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    "are read by the official compiler as by us, and written again",
    async () => {
      const failures: string[] = [];
      for (const one of made) {
        const found = await judge(one);
        const again = `SPECWIRE_SPECS=${SPECS} SPECWIRE_SPECS_RUN=${RUN}, ${one.id}`;
        failures.push(...found.map((what) => `${what}\n${one.sample.spec}${again}`));
      }
      expect(failures).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
