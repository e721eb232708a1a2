/** Byte fields and byte arguments of codecs, which take a Uint8Array and nothing else. */
import { sample } from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameReader } from "../../src/codec/index.js";
import { bytesColumn, bytesOf, readAscii, readUtf8 } from "../../src/codec/index.js";
import { isBytes } from "../../src/bytes/index.js";
import type { Drawn } from "../support/arbitrary.js";
import { FUNCTIONS, type Functions } from "../support/functions.js";
import { issueOf } from "../support/issue-of.js";
import { at, changed, leavesOf, nameOf, type Path } from "../support/leaves.js";
import { foreign, notBytes } from "../support/not-bytes.js";

const byteFields = (value: unknown): Path[] => leavesOf(value, isBytes);

function paramsOf({ type }: Functions, { params }: Drawn): number[] {
  return type.params.map(({ name }) => params[name]!);
}

const drawnOf = ({ values }: Functions): Drawn => {
  const drawn = sample(values, { numRuns: 20, seed: 3 });
  return drawn.find(({ value }) => byteFields(value).length > 0) ?? drawn[0]!;
};

describe.each(FUNCTIONS.map((functions) => [functions.name, functions] as const))("%s", (_, functions) => {
  const { encode, encodeInto, encodeIntoView, decode, tryDecode, peek, Reader } = functions;
  const drawn = drawnOf(functions);
  const bytes = encode(drawn.value);
  const params = paramsOf(functions, drawn);

  it("has byte fields that take bytes alone", () => {
    for (const path of byteFields(drawn.value)) {
      const field = at(drawn.value, path) as Uint8Array;
      for (const right of [foreign(field), Buffer.from(field)]) {
        const same = changed(drawn.value, path, right);
        expect(encode(same)).toEqual(bytes);
        const view = new DataView(new ArrayBuffer(bytes.length));
        encodeIntoView(same, view, 0);
        expect(new Uint8Array(view.buffer)).toEqual(bytes);
      }
      for (const [, wrong] of notBytes(field.length)) {
        const other = changed(drawn.value, path, wrong);
        const writers = [
          () => encode(other),
          () => encodeInto(other, new Uint8Array(bytes.length), 0),
          () => encodeIntoView(other, new DataView(new ArrayBuffer(bytes.length)), 0),
        ];
        for (const write of writers) {
          expect(issueOf(write)).toMatchObject({ name: "WireError", code: "argument", path: nameOf(path) });
        }
      }
    }
  });

  it("is read from bytes alone, and written to them", () => {
    expect(decode(foreign(bytes), ...params)).toEqual(decode(bytes, ...params));
    for (const [, wrong] of notBytes(bytes.length)) {
      const argument = { code: "argument", path: "" };
      for (const range of [[], [0, bytes.length]]) {
        expect(issueOf(() => decode(wrong, ...params, ...range))).toMatchObject({ name: "WireError", ...argument });
        expect(tryDecode(wrong, ...params, ...range)).toMatchObject({ ok: false, error: argument });
        expect(new Reader().tryWrap(wrong, ...params, ...range)).toMatchObject({ ok: false, error: argument });
      }
      if (peek !== undefined) expect(issueOf(() => peek(wrong, ...params, 0, bytes.length))).toMatchObject(argument);
      expect(issueOf(() => encodeInto(drawn.value, wrong, 0))).toMatchObject({ name: "WireError", ...argument });
    }
  });
});

describe("what codecs share", () => {
  it.each(notBytes(4))("takes no %s for bytes", (_, wrong) => {
    const argument = expect.objectContaining({ name: "WireError", code: "argument" });
    expect(() => readAscii(wrong, 0, 4)).toThrow(argument);
    expect(() => readUtf8(wrong, 0, 4)).toThrow(argument);
    expect(() => bytesOf({ bytes: wrong, at: 0, stride: 4, size: 4 }, 0)).toThrow(argument);
    expect(() => new FrameReader(() => 4, 9).read(wrong, () => {})).toThrow(argument);
  });

  it("refuses ranges beyond the bytes", () => {
    const argument = expect.objectContaining({ name: "WireError", code: "argument" });
    expect(() => readAscii(new Uint8Array(2), 0, 3)).toThrow(argument);
    expect(() => readUtf8(new Uint8Array(2), 1.5, 2)).toThrow(argument);
    expect(() => bytesOf(bytesColumn(16, 2), 2)).toThrow(argument);
    expect(() => bytesOf(bytesColumn(16, 2), 0.5)).toThrow(argument);
    expect(() => bytesColumn(16, NaN)).toThrow(argument);
  });
});
