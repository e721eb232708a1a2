/** The key `-display`: how tables and pictures of bytes show numbers, and what they call values. */
import { describe, expect, it } from "vitest";
import { fromHex } from "../../src/bytes/index.js";
import { annotate } from "../../src/gen/annotate.js";
import { compileSpec, emitMarkdown } from "../../src/gen/index.js";
import { compile, META } from "./refusals.js";

const TEXT = `${META}seq:
- {id: magic, type: u2, valid: 0xbeef, -display: hex}
- {id: code, type: u1, enum: code, -display: hex, -default: 16}
- {id: mask, type: b8, valid: {min: 1, max: 6}, -display: binary}
- {id: low, type: b4, valid: {any-of: [1, 10]}, -display: hex}
- {id: high, type: b4}
- {id: offset, type: s1, valid: {min: -16, max: 31}, -display: hex, doc: How far.}
- {id: shift, type: s1, -max: 3}
enums:
  code:
    16: {id: publish_ack, -display: PUBACK, doc: Was received.}
    0x20: {id: subscribe, -webide-representation: Sub, doc: Wants more.}
`;
const [{ module }] = compileSpec("a.ksy", () => TEXT) as [ReturnType<typeof compileSpec>[number]];

describe("-display", () => {
  it("shows the rules, defaults and names of numbers as they are written elsewhere", () => {
    const table = emitMarkdown(module);
    for (const row of [
      "| 0 | 2 | `magic` | unsigned 16-bit be | = 0xbeef |  |",
      "| 2 | 1 | `code` | unsigned 8-bit, code | default 0x10 |  |",
      "| 3 | 1 | `mask` | unsigned 8-bit | 0b1 to 0b110 |  |",
      "| 4 | 1 | `low` | 4 bits from bit 4 | one of 0x1, 0xa |  |",
      "| 5 | 1 | `offset` | signed 8-bit | -0x10 to 0x1f | How far. |",
      "| 6 | 1 | `shift` | signed 8-bit | at most 3 |  |",
      "| 0x10 | publish_ack (PUBACK) | Was received. |",
      "| 0x20 | subscribe | Wants more. |",
    ])
      expect(table.split("\n")).toContain(row);
  });

  it("is what a picture of bytes calls an enumerated value", () => {
    const named = (hex: string): string =>
      annotate(module, module.types[0]!, fromHex(hex), (id, name) =>
        id === module.id ? module.enums.find((each) => each.name === name) : undefined,
      )[1]!.meaning;
    expect(named("beef1001a00000")).toBe("PUBACK: Was received.");
    expect(named("beef2001a00000")).toBe("subscribe: Wants more.");
  });

  it("is how a picture of bytes shows other numbers", () => {
    const type = module.types[0]!;
    const meanings = annotate(module, type, fromHex("beef1002a0f000"), () => undefined).map((one) => one.meaning);
    expect(meanings).toEqual(["0xbeef", "0x10", "0b10", "0xa", "", "-0x10: How far.", ""]);
  });

  it("is hex or binary, of numbers", () => {
    const of = (attribute: string): string => compile({ "a.ksy": `${META}seq:\n- {id: x, ${attribute}}` });
    expect(of("type: u1, -display: octal")).toBe("a.ksy:3 '-display' is hex or binary");
    expect(of("size: 4, -display: hex")).toMatch(/^a\.ksy:3 '-display' has no meaning on bytes/);
    expect(of("type: u1, -displya: hex")).toBe("a.ksy:3 '-displya' is no key; '-display' is");
  });
});
