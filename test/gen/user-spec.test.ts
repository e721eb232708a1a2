/** A user's own spec: its code compiles, and reads and writes every kind of field. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { CODEC_FORMS } from "../../src/gen/ir.js";
import { concatBytes, crc32, fromHex } from "../../src/bytes/index.js";
import type { WireIssue } from "../../src/errors.js";
import { compileSpec, emitTypeScript } from "../../src/gen/index.js";
import { loadEmitted, loadKaitai, streamOf, type Emitted, type KaitaiClass } from "../support/generate.js";

const SPEC = "test/gen/user.ksy";

let codecs: Emitted;
let kaitai: Record<string, KaitaiClass>;

beforeAll(async () => {
  ({ codecs } = await loadEmitted(SPEC));
  kaitai = await loadKaitai(SPEC);
});

const value = {
  format: 2,
  flags: { alarm: true, level: 5, mode: 9, wide: 0xabc, low: 7 },
  station: { latitude: -523_000_000, longitude: 134_050_000 },
  reading: -399,
  channelMask: 0x123456,
  stamp: 2 ** 53 - 1,
  correction: -(2n ** 63n),
  slots: [1, 0x203, 65_535],
  name: "Tür",
  samples: [
    { at: 4_294_967_295, value: -128, raw: Uint8Array.of(1, 2, 3) },
    { at: 0, value: 127, raw: Uint8Array.of(4, 5, 6) },
  ],
  label: "abcd",
  blob: Uint8Array.of(9, 8, 7),
};

/** The bytes by hand, little-endian but where the spec says otherwise. */
const bytes = concatBytes(
  fromHex("544c4d 02 d9abc7"), // TLM, second, bits
  fromHex("40a7d3e0 07fd70d0 71fe 123456"), // -523000000, 134050000, -399, a mask
  fromHex("ffffffffffff1f00 0000000000000080"), // 2^53-1, -2^63
  fromHex("0001 0203 ffff 05 54c3bc72"), // three slots, a name of 4 bytes
  fromHex("0200 ffffffff 80 010203 00 00000000 7f 040506 00"), // two samples
  new Uint8Array(Uint32Array.of(crc32(Uint8Array.of(9, 8, 7))).buffer),
  fromHex("61626364 090807"),
);

function refused(name: string, ...args: unknown[]): WireIssue {
  const result = codecs[`tryDecode${name}`]!(...args) as { ok: boolean; error: WireIssue };
  expect(result.ok).toBe(false);
  return result.error;
}

function changed(at: number, ...values: number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
}

describe("codecs of a user's spec", () => {
  it("satisfy the strictest compiler", () => {
    const folder = mkdtempSync(join(tmpdir(), "specwire-types-"));
    try {
      const [compiled] = compileSpec(SPEC, (path) => readFileSync(path, "utf8"));
      const { module, source } = compiled!;
      const runtime = resolve("src/codec/index.js").replaceAll("\\", "/");
      const file = join(folder, "telemetry.ts");
      writeFileSync(
        file,
        emitTypeScript(module, { runtime, moduleFile: (id) => `./${id}.js`, source, forms: CODEC_FORMS }),
      );
      const program = ts.createProgram([file], {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        strict: true,
        noUncheckedIndexedAccess: true,
        exactOptionalPropertyTypes: true,
        noUnusedLocals: true,
        noUnusedParameters: true,
        skipLibCheck: true,
        noEmit: true,
        types: [],
      });
      const messages = ts
        .getPreEmitDiagnostics(program)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
      expect(messages).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 30_000);

  it("write the bytes that the spec says, by every writer", () => {
    expect(codecs.encodeTelemetry!(value)).toEqual(bytes);
    const room = new Uint8Array(bytes.length + 9);
    expect(codecs.encodeTelemetryInto!(value, room, 4)).toBe(4 + bytes.length);
    expect(room.subarray(4, 4 + bytes.length)).toEqual(bytes);
    const view = new DataView(new ArrayBuffer(bytes.length + 3), 1);
    expect(codecs.encodeTelemetryIntoView!(value, view, 2)).toBe(2 + bytes.length);
    expect(new Uint8Array(view.buffer).subarray(3)).toEqual(bytes);
    expect(codecs.telemetryLength!(value)).toBe(bytes.length);
  });

  it("read them back, by every reader", () => {
    expect(codecs.decodeTelemetry!(bytes)).toEqual(value);
    const inside = new Uint8Array(bytes.length + 20).fill(0xff);
    inside.set(bytes, 7);
    expect(codecs.decodeTelemetry!(inside, 7, 7 + bytes.length)).toEqual(value);
    expect(codecs.decodeTelemetry!(Buffer.from(bytes))).toEqual(value);
    expect(codecs.decodeTelemetryBig!(bytes)).toEqual({ ...value, stamp: 2n ** 53n - 1n });
    const reader = new (
      codecs.TelemetryReader as unknown as new () => Record<string, unknown> & {
        wrap(b: Uint8Array): Record<string, never>;
      }
    )().wrap(bytes);
    expect(reader.reading).toBe(-399);
    expect(reader.name).toBe("Tür");
    expect(reader.blob).toEqual(value.blob);
    expect(reader.countOfSamples).toBe(2);
    expect((reader.samplesValue as unknown as (i: number) => number).call(reader, 0)).toBe(-128);
    expect((reader.slots as unknown as (i: number) => number).call(reader, 2)).toBe(65_535);
  });

  it("agree with the official compiler", () => {
    const theirs = new kaitai.Telemetry!(streamOf(bytes)) as never as typeof value & { flags: { mode: number } };
    expect(theirs.flags).toMatchObject(value.flags);
    expect(theirs.station).toMatchObject(value.station);
    expect([theirs.reading, theirs.channelMask, theirs.name, theirs.label]).toEqual([-399, 0x123456, "Tür", "abcd"]);
    expect(theirs.samples.map((sample) => [sample.at, sample.value])).toEqual([
      [4_294_967_295, -128],
      [0, 127],
    ]);
  });

  it("refuse each breach at its place", () => {
    expect(refused("Telemetry", changed(0, 0))).toMatchObject({
      code: "constant",
      path: "magic",
      offset: 0,
      spec: "user.ksy:7",
    });
    expect(refused("Telemetry", changed(3, 3))).toMatchObject({ code: "enum", path: "format", offset: 3, actual: "3" });
    expect(refused("Telemetry", changed(4, 0b1101_1000))).toMatchObject({
      code: "range",
      path: "flags.mode",
      offset: 4,
    });
    expect(refused("Telemetry", changed(15, 0xff, 0x7f))).toMatchObject({ code: "range", path: "reading", offset: 15 });
    expect(refused("Telemetry", changed(20 + 6, 0x20))).toMatchObject({
      code: "unsafe-integer",
      path: "stamp",
      offset: 20,
    });
    expect(refused("Telemetry", changed(42, 0))).toMatchObject({ code: "range", path: "nameLength" });
    expect(refused("Telemetry", changed(42, 250))).toMatchObject({ code: "short", path: "name" });
    expect(refused("Telemetry", changed(44, 0xff))).toMatchObject({ code: "text", path: "name", offset: 43 });
    expect(refused("Telemetry", changed(47, 255, 255))).toMatchObject({ code: "count", path: "samples" });
    expect(refused("Telemetry", changed(57, 1))).toMatchObject({
      code: "constant",
      path: "samples[0].trail",
      offset: 57,
    });
    expect(refused("Telemetry", changed(bytes.length - 1, 0))).toMatchObject({ code: "crc", path: "blobCrc" });
    expect(refused("Telemetry", bytes.subarray(0, bytes.length - 3))).toMatchObject({ code: "count", path: "blob" });
    for (let end = 0; end < bytes.length; end++)
      expect(refused("Telemetry", bytes, 0, end).code).toMatch(/short|count|crc/);
  });

  it("refuse to write what the format cannot hold", () => {
    const code = (change: object): string => {
      try {
        codecs.encodeTelemetry!({ ...value, ...change });
      } catch (error) {
        return `${(error as WireIssue).code} ${(error as WireIssue).path}`;
      }
      return "written";
    };
    expect(code({ format: 3 })).toBe("enum format");
    expect(code({ reading: 851 })).toBe("range reading");
    expect(code({ reading: "1" })).toBe("range reading");
    expect(code({ stamp: 2 ** 53 })).toBe("range stamp");
    expect(code({ correction: 5 })).toBe("range correction");
    expect(code({ flags: undefined })).toBe("argument flags");
    expect(code({ flags: { ...value.flags, alarm: 1 } })).toBe("range flags.alarm");
    expect(code({ flags: { ...value.flags, wide: 4_096 } })).toBe("range flags.wide");
    expect(code({ slots: [1, 2] })).toBe("count slots");
    expect(code({ name: "x".repeat(255) })).toBe("range name");
    expect(code({ name: "\ud800" })).toBe("text name");
    expect(code({ label: "abc" })).toBe("length label");
    expect(code({ label: "abcé" })).toBe("length label");
    expect(code({ samples: [undefined] })).toBe("argument samples[0]");
    expect(code({ samples: [{ at: -1, value: 0, raw: new Uint8Array(3) }] })).toBe("range samples[0].at");
    expect(code({ blob: new Uint8Array(0) })).toBe("count blob");
    expect(code({ blob: undefined })).toBe("argument blob");
  });

  it("tell variants apart by their tag, and know no others", () => {
    const start = Uint8Array.of(1, 9, 0, 0x34, 0x12);
    const halt = Uint8Array.of(7, 9, 0, 1, 2, 3);
    expect(codecs.decodeCommand!(start)).toEqual({ kind: "start", kindCode: 1, length: 9, rate: 0x1234 });
    expect(codecs.decodeCommand!(halt)).toEqual({ kind: "halt", kindCode: 7, length: 9, reason: [1, 2, 3] });
    for (const each of [start, halt]) expect(codecs.encodeCommand!(codecs.decodeCommand!(each))).toEqual(each);
    expect(refused("Command", Uint8Array.of(2, 9, 0, 1))).toMatchObject({ code: "kind", path: "kindCode", offset: 0 });
    expect(refused("Command", Uint8Array.of(7, 9, 0))).toMatchObject({ code: "count", path: "reason" });
    expect(() => codecs.encodeCommand!({ kind: "other" })).toThrow(/kind/);
  });

  it("read bitmaps in both orders and refuse bits that mean nothing", () => {
    const bits = [true, false, true, true, false, false, false, false, true, true];
    expect(codecs.encodeBitmapLe!({ bits, tail: 5 })).toEqual(Uint8Array.of(0b0000_1101, 0b11, 5));
    expect(codecs.decodeBitmapLe!(Uint8Array.of(0b0000_1101, 0b11, 5), 10)).toEqual({ bits, tail: 5 });
    expect(codecs.encodeBitmapBe!({ bits })).toEqual(Uint8Array.of(10, 0b1011_0000, 0b1100_0000));
    expect(codecs.decodeBitmapBe!(Uint8Array.of(10, 0b1011_0000, 0b1100_0000))).toEqual({ bits });
    expect(refused("BitmapLe", Uint8Array.of(0, 0b111, 5), 10).code).toBe("padding");
    expect(refused("BitmapBe", Uint8Array.of(10, 0, 0b1110_0000)).code).toBe("padding");
    expect(codecs.peekBitmapBeLength!(Uint8Array.of(10), 0, 1)).toBe(3);
    expect(codecs.peekBitmapBeLength!(new Uint8Array(0), 0, 0)).toBe(0);
  });
});
