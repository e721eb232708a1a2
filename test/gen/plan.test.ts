/** Plans: what is decided once, in no programming language. */
import { describe, expect, it } from "vitest";
import { compileSpec, type Type } from "../../src/gen/index.js";
import { planEnd } from "../../src/gen/plan/end.js";
import { planFront } from "../../src/gen/plan/front.js";
import { planRead } from "../../src/gen/plan/read.js";
import { endText, readText, stepLines } from "../../src/gen/plan/text.js";

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
  ticket:
    seq:
      - {id: sum, type: u4, -derive: "crc32(version, name)"}
      - {id: version, type: u1, valid: {any-of: [1, 2, 4]}}
      - {id: coin_count, type: u1}
      - {id: coins, type: coin, repeat: expr, repeat-expr: coin_count}
      - {id: name_length, type: u1, valid: {min: 1}}
      - {id: name, type: str, size: name_length}
      - {id: trailer, contents: [0x3e, 0x3e]}
  coin:
    seq:
      - {id: value, type: s1, valid: {min: -8, max: 11}}
      - {id: serial, type: u8}
      - {id: secret, size: 4, -secret: true}
  pair:
    seq: [{id: key_length, type: u1}, {id: key, size: key_length}, {id: value, type: u2}]
`;

const [compiled] = compileSpec("planned.ksy", () => SPEC);

function typeNamed({ name }: { readonly name: string }): Type {
  return compiled!.module.types.find((type) => type.name === name)!;
}

function blocksOf(name: string): Extract<Type["body"], { shape: "plain" }>["blocks"] {
  const { body } = typeNamed({ name });
  if (body.shape !== "plain") throw new TypeError("a plain type is meant");
  return body.blocks;
}

describe("a plan", () => {
  it("finds the end of a value", () => {
    expect(endText(planEnd(blocksOf("packet")))).toMatchInlineSnapshot(`
      "need 5 bytes from 0, otherwise more bytes are needed
      kind_code = 4 bits from bit 4 of 8 bits at 2
      has_note = 1 bit from bit 3 of 8 bits at 2
      length = 16 bits be at 3
      if length > 512: no value starts so
      count of body = length
      mark 1 = 5 + count of body
      mark 2 = mark 1
      note_length = 0
      if has_note:
        need 1 byte from mark 2, otherwise more bytes are needed
        note_length = 8 bits at mark 2
        mark 2 += 1
      mark 3 = mark 2
      if has_note:
        size of note = note_length
        if size of note < 0: no value starts so
        mark 3 += size of note
      need 1 byte from mark 3, otherwise more bytes are needed
      count = 8 bits at mark 3
      mark 4 = mark 3 + 1
      count of words = count * 2
      mark 4 += count of words * 2
      mark 5 = mark 4
      until _ >= 128, where _ is item of marks:
        need 1 byte from mark 5, otherwise more bytes are needed
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
      "need 1 byte from 0, otherwise more bytes are needed
      key_length = 8 bits at 0
      count of key = key_length
      mark 1 = 1 + count of key
      end at mark 1 + 2"
    `);
  });

  it("tests the bytes of a value in their order, and what covers others when these are known", () => {
    expect(readText(planRead(blocksOf("packet"), typeNamed))).toMatchInlineSnapshot(`
      "need 5 bytes from 0, otherwise short
      bytes from 0 are 53 57, otherwise constant of magic, line 7
      kind_code = 4 bits from bit 4 of 8 bits at 2
      has_note = 1 bit from bit 3 of 8 bits at 2
      length = 16 bits be at 3
      if length > 512: range of length, line 11
      count of body = length
      need count of body bytes from 5, otherwise short of body, line 12
      mark 1 = 5 + count of body
      body = count of body bytes at 5
      mark 2 = behind note_length, which starts at mark 1 if has_note:
        8 bits, otherwise short of note_length, line 13
      mark 3 = behind note, which starts at mark 2 if has_note:
        need note_length bytes, otherwise short of note, line 14
        within these:
          all bytes as ascii text, otherwise text of note, line 14
      need 1 byte from mark 3, otherwise short of count, line 15
      count = 8 bits at mark 3
      mark 4 = behind words, which starts at mark 3 + 1:
        need 2 bytes for each of count * 2, otherwise short of words, line 16
        count * 2 times:
          16 bits be
      mark 5 = behind marks, which starts at mark 4:
        until _ >= 128:
          8 bits, otherwise short of marks[*], line 17
      mark 6 = behind last, which starts at mark 5:
        by kind_code:
          1:
            a pair
          2:
            32 bits be, otherwise short of last, line 18
          any other: kind of last, line 18
      end at mark 6"
    `);
    expect(readText(planRead(blocksOf("ticket"), typeNamed))).toMatchInlineSnapshot(`
      "need 9 bytes from 0, otherwise short
      sum = 32 bits be at 0
      version = 8 bits at 4
      if version is none of 1, 2, 4: range of version, line 23
      coin_count = 8 bits at 5
      count of coins = coin_count
      need count of coins * 13 bytes from 6 and 3 behind them, otherwise short of coins, line 25
      mark 1 = 6 + count of coins * 13
      count of coins items of 13 bytes from 6:
        coins[*].value = signed 8 bits at item
        if coins[*].value < -8 or coins[*].value > 11: range of coins[*].value, line 31
        coins[*].serial = 64 bits be at item + 1
      name_length = 8 bits at mark 1
      if name_length < 1: range of name_length, line 26
      count of name = name_length
      need count of name bytes from mark 1 + 1 and 2 behind them, otherwise short of name, line 27
      mark 2 = mark 1 + 1 + count of name
      name = ascii text from mark 1 + 1 to mark 2, otherwise text of name, line 27
      bytes from mark 2 are 3e 3e, otherwise constant of trailer, line 28
      sum is the crc32 of bytes from 4 to mark 2, otherwise crc of sum, line 22
      end at mark 2 + 2"
    `);
  });

  it("tests the front of a value as far as it is there", () => {
    expect(stepLines(planFront(blocksOf("packet"))).join("\n")).toMatchInlineSnapshot(`
      "bytes from 0 are 53 57, otherwise no value starts so
      where there are bytes up to 5:
        length = 16 bits be at 3
        if length > 512: no value starts so"
    `);
  });
});
