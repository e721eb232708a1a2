import { crc32 as zlibCrc32 } from "node:zlib";
import { expect, test } from "vitest";
import { crc32 } from "../../src/kernel/index.js";
import { instances } from "../../src/kernel/instance.js";
import { ascii, by, describeEngines, messages, noise } from "./engines.js";

describeEngines("crc32", (engine) => {
  const crc = by(engine, crc32);

  test("gives the check value of the catalogue", () => {
    // "123456789" → 0xCBF43926: CRC-32/ISO-HDLC in the CRC RevEng catalogue.
    expect(crc(ascii("123456789"))).toBe(0xcbf43926);
    expect(crc(new Uint8Array(0))).toBe(0);
  });

  test("equals zlib at every length and alignment", () => {
    for (const message of messages()) {
      expect(crc(message)).toBe(zlibCrc32(message));
      expect(instances().flatMap((instance) => instance.brokenGuards())).toEqual([]);
    }
  });

  test("goes on from the CRC of earlier bytes, wherever the cut is", () => {
    const message = noise(180);
    const whole = zlibCrc32(message);
    for (let cut = 0; cut <= message.length; cut++) {
      expect(crc(message.subarray(cut), crc(message.subarray(0, cut)))).toBe(whole);
    }
  });
});

test("refuses what is no message and no CRC", () => {
  expect(() => crc32([1, 2] as unknown as Uint8Array)).toThrow(expect.objectContaining({ code: "argument" }));
  for (const initial of [-1, 2 ** 32, 0.5]) {
    expect(() => crc32(ascii("a"), initial)).toThrow(expect.objectContaining({ code: "argument" }));
  }
});
