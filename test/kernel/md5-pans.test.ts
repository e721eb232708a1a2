import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { WireError } from "../../src/errors.js";
import { md5Pans, type PanColumns } from "../../src/kernel/index.js";
import { brokenGuards, by, describeEngines, noise } from "./engines.js";

function columnsOf(count: number, run = 1): PanColumns {
  return {
    raidaId: (run * 7) % 256,
    denominations: new Int8Array(noise(count, run).buffer),
    serials: new Uint32Array(noise(4 * count, run + 1).buffer),
    pg: noise(16, run + 2),
  };
}

/** One message at a time, as the definition says. */
function expectedPans({ raidaId, denominations, serials, pg }: PanColumns): Uint8Array {
  const message = Buffer.alloc(22);
  const digests = Array.from(serials, (serial, i) => {
    message.writeUInt8(raidaId, 0);
    message.writeInt8(denominations[i]!, 1);
    message.writeUInt32BE(serial, 2);
    message.set(pg, 6);
    return createHash("md5").update(message).digest();
  });
  return Buffer.concat(digests);
}

describeEngines("md5-pans", (engine) => {
  const pansOf = by(engine, md5Pans);

  test("equals node:crypto for every count up to 40", () => {
    for (let count = 0; count <= 40; count++) {
      const columns = columnsOf(count, count + 1);
      expect(pansOf(columns)).toBeBytes(expectedPans(columns));
      expect(brokenGuards()).toEqual([]);
    }
  });

  test.each([1199, 1200, 1201, 2400, 4801])(
    "equals node:crypto for %i coins, about the size of its memory",
    (count) => {
      const columns = columnsOf(count);
      expect(pansOf(columns)).toBeBytes(expectedPans(columns));
      expect(brokenGuards()).toEqual([]);
    },
  );

  test("takes the ends of every range", () => {
    const ends: PanColumns = {
      raidaId: 255,
      denominations: Int8Array.of(-128, -1, 0, 127),
      serials: Uint32Array.of(0, 1, 0x80000000, 0xffffffff),
      pg: new Uint8Array(16).fill(255),
    };
    for (const raidaId of [0, 24, 255]) {
      expect(pansOf({ ...ends, raidaId })).toBeBytes(expectedPans({ ...ends, raidaId }));
    }
  });

  test("lets each byte of the PG count", () => {
    const columns = columnsOf(9);
    for (let i = 0; i < 16; i++) {
      const pg = columns.pg.map((byte, j) => (i === j ? byte ^ 0x81 : byte));
      expect(pansOf({ ...columns, pg })).toBeBytes(expectedPans({ ...columns, pg }));
    }
  });

  test("writes to the beginning of a larger buffer and nowhere else", () => {
    const columns = columnsOf(5);
    const out = new Uint8Array(5 * 16 + 48).fill(0xee);
    const pans = pansOf(columns, out.subarray(16));
    expect(pans.buffer).toBe(out.buffer);
    expect(pans).toBeBytes(expectedPans(columns));
    expect([...out.subarray(0, 16), ...out.subarray(96)]).toEqual(Array(48).fill(0xee));
  });

  test("writes over its own columns", () => {
    const buffer = new ArrayBuffer(40 * 16);
    const columns = columnsOf(40);
    const shared: PanColumns = {
      raidaId: columns.raidaId,
      denominations: new Int8Array(buffer, 0, 40),
      serials: new Uint32Array(buffer, 40, 40),
      pg: new Uint8Array(buffer, 200, 16),
    };
    shared.denominations.set(columns.denominations);
    shared.serials.set(columns.serials);
    shared.pg.set(columns.pg);
    expect(pansOf(shared, new Uint8Array(buffer))).toBeBytes(expectedPans(columns));
  });
});

test("refuses columns that do not fit together", () => {
  const columns = columnsOf(3);
  const refusal = (change: Partial<PanColumns>, out?: Uint8Array) => {
    try {
      md5Pans({ ...columns, ...change }, out);
    } catch (error) {
      const { code, path } = error as WireError;
      return `${code} ${path}`;
    }
    return "accepted";
  };
  expect(refusal({ raidaId: 256 })).toBe("argument raidaId");
  expect(refusal({ raidaId: -1 })).toBe("argument raidaId");
  expect(refusal({ denominations: new Int8Array(2) })).toBe("count denominations");
  expect(refusal({ denominations: new Uint8Array(3) as unknown as Int8Array })).toBe("argument denominations");
  expect(refusal({ serials: [1, 2, 3] as unknown as Uint32Array })).toBe("argument serials");
  expect(refusal({ pg: new Uint8Array(15) })).toBe("length pg");
  expect(refusal({}, new Uint8Array(47))).toBe("space out");
});
