/** Plans: what is decided once, in no programming language. */
import { describe, expect, it } from "vitest";
import { compileSpec, type Type } from "../../src/gen/index.js";
import { planEnd } from "../../src/gen/plan/end.js";
import { planFront } from "../../src/gen/plan/front.js";
import { endText, stepLines } from "../../src/gen/plan/text.js";

const SPEC = `
meta: {id: planned, endian: be, encoding: ASCII}
seq: []
types:
  packet:
    seq:
      - {id: magic, contents: [0x53, 0x57]}
      - {id: kind_code, type: b4}
      - {id: has_note, type: b1}
      - {id: level, type: b3}
      - {id: length, type: u2, valid: {max: 512}, -derive: sizeof(body)}
      - {id: body, size: length}
      - {id: note_length, type: u1, if: has_note}
      - {id: note, type: str, size: note_length, if: has_note}
      - {id: count, type: u1}
      - {id: words, type: u2, repeat: expr, repeat-expr: count * 2}
      - {id: marks, type: u1, repeat: until, repeat-until: _ >= 0x80}
      - id: last
        type: {switch-on: kind_code, cases: {1: pair, 2: u4}}
  pair:
    seq: [{id: key_length, type: u1}, {id: key, size: key_length}, {id: value, type: u2}]
`;

function blocksOf(name: string): Extract<Type["body"], { shape: "plain" }>["blocks"] {
  const [compiled] = compileSpec("planned.ksy", () => SPEC);
  const { body } = compiled!.module.types.find((type) => type.name === name)!;
  if (body.shape !== "plain") throw new TypeError("a plain type is meant");
  return body.blocks;
}

describe("a plan", () => {
  it("finds the end of a value", () => {
    expect(endText(planEnd(blocksOf("packet")))).toMatchInlineSnapshot(`
      "need bytes up to 5, otherwise more bytes are needed
      kind_code = 4 bits from bit 4 of 8 bits at 2
      has_note = 1 bit from bit 3 of 8 bits at 2
      length = 16 bits be at 3
      if length > 512: no value starts so
      count of body = length
      mark 1 = 5 + count of body
      mark 2 = mark 1
      note_length = 0
      if has_note:
        need bytes up to mark 2 + 1, otherwise more bytes are needed
        note_length = 8 bits at mark 2
        mark 2 += 1
      mark 3 = mark 2
      if has_note:
        size of note = note_length
        if size of note < 0: no value starts so
        mark 3 += size of note
      need bytes up to mark 3 + 1, otherwise more bytes are needed
      count = 8 bits at mark 3
      mark 4 = mark 3 + 1
      count of words = count * 2
      mark 4 += count of words * 2
      mark 5 = mark 4
      until _ >= 128, where _ is item of marks:
        need bytes up to mark 5 + 1, otherwise more bytes are needed
        item of marks = 8 bits at mark 5
        mark 5 += 1
      mark 6 = mark 5
      by kind_code:
        1:
          mark 6 moves behind a pair
        2:
          mark 6 += 4
        any other: no value starts so
      end at mark 6"
    `);
    expect(endText(planEnd(blocksOf("pair")))).toMatchInlineSnapshot(`
      "need bytes up to 1, otherwise more bytes are needed
      key_length = 8 bits at 0
      count of key = key_length
      mark 1 = 1 + count of key
      end at mark 1 + 2"
    `);
  });

  it("tests the front of a value as far as it is there", () => {
    expect(stepLines(planFront(blocksOf("packet"))).join("\n")).toMatchInlineSnapshot(`
      "each byte from 0 that is there is of 53 57, otherwise no value starts so
      where there are bytes up to 5:
        length = 16 bits be at 3
        if length > 512: no value starts so"
    `);
  });
});
