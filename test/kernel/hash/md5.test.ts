/** MD5 at many lengths and alignments, and what it leaves in memory. */
import { createHash } from "node:crypto";
import { md5 as nobleMd5 } from "@noble/hashes/legacy.js";
import { expect, test } from "vitest";
import { md5, md5Batch, withEngine } from "../../../src/kernel/index.js";
import { instances } from "../../../src/kernel/engine/instance.js";
import { allMessages, brokenGuards, by, describeEngines, noise } from "../engines.js";

const NOBLE_UP_TO = 512;

describeEngines("md5", (engine) => {
  test("equals node:crypto and noble at every length and alignment", () => {
    for (const message of allMessages()) {
      const digest = by(engine, md5)(message);
      expect(digest).toBeBytes(createHash("md5").update(message).digest());
      if (message.length <= NOBLE_UP_TO) expect(digest).toBeBytes(nobleMd5(message));
      expect(brokenGuards()).toEqual([]);
    }
  });

  test.each([1, 55, 56, 64, 4000, 300_000])("hashes batches of messages of %i bytes", (messageBytes) => {
    for (const count of [1, 3, 4, 9]) {
      const messages = noise(count * messageBytes);
      const expected = Array.from({ length: count }, (_, i) =>
        createHash("md5")
          .update(messages.subarray(i * messageBytes, (i + 1) * messageBytes))
          .digest(),
      );
      expect(by(engine, md5Batch)(messages, messageBytes)).toBeBytes(Buffer.concat(expected));
      expect(brokenGuards()).toEqual([]);
    }
  });
});

test.each([1, 15, 16, 55, 56, 63, 64, 300, 262_144, 262_145, 600_000])(
  "leaves no message of %i bytes and no digest in memory",
  (length) => {
    const digest = withEngine("wasm", () => md5(noise(length).fill(0x5a)));
    const instance = instances().findLast(({ regions }) => regions.some(({ name }) => name === "OUTPUT"))!;
    for (const { name } of instance.regions) {
      expect({ name, held: instance.region(name).some((byte) => byte !== 0) }).toEqual({ name, held: false });
    }
    expect(Buffer.from(instance.memory.buffer).includes(Buffer.from(digest))).toBe(false);
  },
);
