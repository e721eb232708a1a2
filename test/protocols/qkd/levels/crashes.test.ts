/** Two messages never share key bytes, wherever the machine crashes; and planted mistakes that histories find. */
import { describe, expect, it } from "vitest";
import type { Ledger } from "../../../../src/protocols/qkd/levels/index.js";
import type { FileSystem } from "../../../../src/storage/index.js";
import { altered } from "../../../storage/page-files/histories.js";
import { scaled } from "../../../support/scale.js";
import { playMessages, type Plants } from "./histories.js";

const RUNS = scaled(20, 200);
const MESSAGES = 500;

it(`${RUNS * MESSAGES} messages share no key bytes, with crashes after any change of the files`, async () => {
  let [crashes, refusals, messages] = [0, 0, 0];
  for (let run = 1; run <= RUNS; run++) {
    const played = await playMessages(run, MESSAGES);
    crashes += played.crashes;
    refusals += played.refusals;
    messages += played.messages;
  }
  expect(messages).toBeGreaterThanOrEqual(10_000);
  // Histories in which nothing happens would prove nothing.
  expect(crashes).toBeGreaterThan(messages / 40);
  expect(refusals).toBeGreaterThan(messages / 30);
}, 600_000);

describe("histories find the mistake of", () => {
  const nothing = async (): Promise<void> => {};
  const mistakes: Readonly<Record<string, Plants>> = {
    "a ledger that reserves without waiting": {
      wrapLedger: (ledger) =>
        changed(ledger, {
          reserve: async (...values) => void ledger.reserve(...values).catch(() => {}),
        }),
    },
    "a ledger that forgets": { wrapLedger: (ledger) => changed(ledger, { reserve: nothing }) },
    "files that are not synced": {
      wrapFiles: (files: FileSystem) =>
        altered(files, {
          create: async (path) => ({ ...(await files.create(path)), sync: nothing }),
          open: async (path) => ({ ...(await files.open(path)), sync: nothing }),
        }),
    },
    "a folder that is not synced": { wrapFiles: (files: FileSystem) => altered(files, { syncFolder: nothing }) },
  };
  it.each(Object.entries(mistakes))(
    "%s",
    async (_, plants) => {
      const play = async (): Promise<void> => {
        for (let run = 1; run <= 12; run++) await playMessages(run, 300, plants);
      };
      // Files that lose what was synced may be damaged as well.
      const found = plants.wrapFiles === undefined ? /is in the messages/ : /is in the messages|storage/;
      await expect(play()).rejects.toThrow(found);
    },
    600_000,
  );
});

function changed(ledger: Ledger, methods: Partial<Ledger>): Ledger {
  return new Proxy(ledger, {
    get(target, name) {
      const value: unknown = Reflect.get(methods, name) ?? Reflect.get(target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
