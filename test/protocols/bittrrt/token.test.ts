/** Handshake tokens, and their base64url. */
import { createDecipheriv } from "node:crypto";
import { describe, expect, it } from "vitest";
import { fromHex } from "../../../src/bytes/index.js";
import { TokenKey } from "../../../src/protocols/bittrrt/index.js";
import { readBase64url, writeBase64url } from "../../../src/protocols/bittrrt/base64url.js";
import { utf8, vectorsOf } from "./vectors.js";

const KEY = new TokenKey();
const FIELDS = { counter: 5n, unixSeconds: 1_769_281_744n, iv: new Uint8Array(16).fill(3), text: "hello" };
const TOKEN = KEY.seal(FIELDS);

describe("a token", () => {
  it("encrypts its text under the public key of the reference", () => {
    const bytes = Buffer.from(Buffer.from(TOKEN).toString("latin1"), "base64url");
    const key = fromHex("e84df883fb7b2aa9f68213abfd0c881b");
    const decipher = createDecipheriv("aes-128-cbc", key, FIELDS.iv);
    const content = Buffer.concat([decipher.update(bytes.subarray(25, -32)), decipher.final()]);
    expect(content.toString("latin1")).toBe("\0\0\0\0\0\0\0\x05hello");
    expect(KEY.tryOpen(TOKEN)).toEqual({ ok: true, value: FIELDS });
  });

  it("holds counters and times up to 2^64 - 1, and any text", () => {
    const fields = { ...FIELDS, counter: 2n ** 64n - 1n, unixSeconds: 2n ** 64n - 1n, text: "\u{feff}Zürich 😀" };
    expect(KEY.tryOpen(KEY.seal(fields))).toEqual({ ok: true, value: fields });
    expect(() => KEY.seal({ ...FIELDS, counter: 2n ** 64n })).toThrow(expect.objectContaining({ code: "range" }));
    expect(() => KEY.seal({ ...FIELDS, iv: new Uint8Array(15) })).toThrow(expect.objectContaining({ code: "length" }));
  });

  it("is refused after a change of any bit", () => {
    const bytes = readBase64url(TOKEN)!;
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = bytes.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(KEY.tryOpen(writeBase64url(changed)).ok, `bit ${bit}`).toBe(false);
    }
  });

  it("is refused at every truncation", () => {
    for (let end = 0; end < TOKEN.length; end++) expect(KEY.tryOpen(TOKEN.subarray(0, end)).ok).toBe(false);
  });

  it.each(vectorsOf("handshake_decrypt"))("$name is read as the reference reads it", ({ inputs, decoded }) => {
    const opened = KEY.tryOpen(utf8(inputs["token"]!));
    const expected = decoded["ok"];
    expect(opened.ok ? opened.value.text : undefined).toBe(expected);
  });

  it("needs a key of 32 bytes", () => {
    expect(() => new TokenKey("short")).toThrow(expect.objectContaining({ code: "argument" }));
    expect(new TokenKey("A".repeat(43) + "=").tryOpen(TOKEN)).toMatchObject({ ok: false, error: { code: "tag" } });
  });
});

describe("base64url", () => {
  it("equals that of Node.js, at every length", () => {
    for (let length = 0; length < 70; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 89 + length) & 255);
      const text = Buffer.from(bytes).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
      expect(Buffer.from(writeBase64url(bytes)).toString("latin1")).toBe(text);
      expect(readBase64url(utf8(text))).toEqual(bytes);
    }
  });

  it.each([
    ["-_-_", "fbffbf"],
    ["+/+/", "fbffbf"],
    ["Z m\n9v", "666f6f"],
    ["Zm8=", "666f"],
    ["Zg==", "66"],
    ["Zg=ignored", undefined],
    ["Zg==ignored", "66"],
    ["Zm8", undefined],
    ["Zg", undefined],
    ["Z", undefined],
    ["", ""],
    ["é", ""],
  ])("reads %j as Python does", (text, hex) => {
    expect(readBase64url(utf8(text))).toEqual(hex === undefined ? undefined : fromHex(hex));
  });
});
