/** MD5 of rows of columns. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { WireError } from "../../../src/errors.js";
import { md5Rows, type Md5Columns } from "../../../src/kernel/index.js";
import { brokenGuards, by, describeEngines, noise } from "../engines.js";

function columnsOf(count: number, run = 1): Md5Columns {
  return {
    prefix: (run * 7) % 256,
    bytes: new Int8Array(noise(count, run).buffer),
    words: new Uint32Array(noise(4 * count, run + 1).buffer),
    suffix: noise(16, run + 2),
  };
}

/** The digests by the definition, one message at a time. */
function expectedDigests({ prefix, bytes, words, suffix }: Md5Columns): Uint8Array {
  const message = Buffer.alloc(22);
  const digests = Array.from(words, (serial, i) => {
    message.writeUInt8(prefix, 0);
    message.writeInt8(bytes[i]!, 1);
    message.writeUInt32BE(serial, 2);
    message.set(suffix, 6);
    return createHash("md5").update(message).digest();
  });
  return Buffer.concat(digests);
}

describeEngines("md5-rows", (engine) => {
  const digestsOf = by(engine, md5Rows);

  test("equals node:crypto for every count up to 40", () => {
    for (let count = 0; count <= 40; count++) {
      const columns = columnsOf(count, count + 1);
      expect(digestsOf(columns)).toBeBytes(expectedDigests(columns));
      expect(brokenGuards()).toEqual([]);
    }
  });

  test.each([1199, 1200, 1201, 2400, 4801])(
    "equals node:crypto for %i rows, near multiples of its capacity",
    (count) => {
      const columns = columnsOf(count);
      expect(digestsOf(columns)).toBeBytes(expectedDigests(columns));
      expect(brokenGuards()).toEqual([]);
    },
  );

  test("accepts the limits of every range", () => {
    const ends: Md5Columns = {
      prefix: 255,
      bytes: Int8Array.of(-128, -1, 0, 127),
      words: Uint32Array.of(0, 1, 0x80000000, 0xffffffff),
      suffix: new Uint8Array(16).fill(255),
    };
    for (const prefix of [0, 24, 255]) {
      expect(digestsOf({ ...ends, prefix })).toBeBytes(expectedDigests({ ...ends, prefix }));
    }
  });

  test("depends on every byte of the suffix", () => {
    const columns = columnsOf(9);
    for (let i = 0; i < 16; i++) {
      const suffix = columns.suffix.map((byte, j) => (i === j ? byte ^ 0x81 : byte));
      expect(digestsOf({ ...columns, suffix })).toBeBytes(expectedDigests({ ...columns, suffix }));
    }
  });

  test("writes only to the beginning of a larger buffer", () => {
    const columns = columnsOf(5);
    const out = new Uint8Array(5 * 16 + 48).fill(0xee);
    const digests = digestsOf(columns, out.subarray(16));
    expect(digests.buffer).toBe(out.buffer);
    expect(digests).toBeBytes(expectedDigests(columns));
    expect([...out.subarray(0, 16), ...out.subarray(96)]).toEqual(Array(48).fill(0xee));
  });

  test("writes over its own columns", () => {
    const buffer = new ArrayBuffer(40 * 16);
    const columns = columnsOf(40);
    const shared: Md5Columns = {
      prefix: columns.prefix,
      bytes: new Int8Array(buffer, 0, 40),
      words: new Uint32Array(buffer, 40, 40),
      suffix: new Uint8Array(buffer, 200, 16),
    };
    shared.bytes.set(columns.bytes);
    shared.words.set(columns.words);
    shared.suffix.set(columns.suffix);
    expect(digestsOf(shared, new Uint8Array(buffer))).toBeBytes(expectedDigests(columns));
  });
});

test("refuses columns that do not fit together", () => {
  const columns = columnsOf(3);
  const refusal = (change: Partial<Md5Columns>, out?: Uint8Array) => {
    try {
      md5Rows({ ...columns, ...change }, out);
    } catch (error) {
      const { code, path } = error as WireError;
      return `${code} ${path}`;
    }
    return "accepted";
  };
  expect(refusal({ prefix: 256 })).toBe("argument prefix");
  expect(refusal({ prefix: -1 })).toBe("argument prefix");
  expect(refusal({ bytes: new Int8Array(2) })).toBe("count bytes");
  expect(refusal({ bytes: new Uint8Array(3) as unknown as Int8Array })).toBe("argument bytes");
  expect(refusal({ words: [1, 2, 3] as unknown as Uint32Array })).toBe("argument words");
  expect(refusal({ suffix: new Uint8Array(15) })).toBe("length suffix");
  expect(refusal({}, new Uint8Array(47))).toBe("space out");
});
