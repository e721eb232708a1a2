/** Every decoder under changed bytes: 30,000 for each in `npm run simulate`, 10,000,000 in `npm run fuzz`. */
import { describe, expect, it } from "vitest";
import { CODECS } from "../../src/cli/registry.js";
import { fuzzCodec } from "../../src/testing/index.js";
import { fuzzed } from "../support/scale.js";
import { DECODERS, GENERATED } from "./decoders.js";

const INPUTS = fuzzed(5_000, 15_000, 10_000_000);
const TIMEOUT_MS = 3_600_000;

describe.each(DECODERS)("$name", ({ name, codec, seeds, share = 1 }) => {
  it("refuses or reads any bytes", { timeout: TIMEOUT_MS }, () => {
    const runs = Math.ceil(share * INPUTS);
    const { accepted } = fuzzCodec(codec, { runs, seeds, name: `${name} refuses or reads`, file: import.meta.url });
    expect(accepted).toBeGreaterThan(0);
  });
});

it("has every generated decoder", () => {
  const names = Object.values(CODECS).flatMap((codecs) =>
    Object.keys(codecs).filter((name) => name.startsWith("tryDecode")),
  );
  const fuzzedNames = new Set(GENERATED.map(({ codec }) => codec.encode));
  const missing = Object.values(CODECS).flatMap((codecs) =>
    Object.keys(codecs).filter(
      (name) => /^encode\w+(?<!Into|View|Columns)$/.test(name) && !fuzzedNames.has(codecs[name] as never),
    ),
  );
  expect(names.length).toBeGreaterThan(60);
  expect(missing).toEqual([]);
});
