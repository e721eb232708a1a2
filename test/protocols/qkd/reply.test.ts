/** Replies of KMEs: containers, statuses and bodies of errors, as bytes. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import {
  isKeyId,
  parseErrorBody,
  parseKeyContainer,
  parseStatus,
  wipeKeys,
  type KeyContainerLimits,
} from "../../../src/protocols/qkd/reply/index.js";
import { utf8 } from "../../fuzz/decoder.js";
import { scaled } from "../../support/scale.js";
import { readRecording } from "../../seeds/recordings.js";
import { registeringAllocator } from "./registering-allocator.js";

const LIMITS: KeyContainerLimits = { keysMax: 128, keySizeBytesMax: 512 };
const parse = (text: string, limits = LIMITS) => parseKeyContainer(utf8(text), limits);
const keyOf = (text: string) => {
  const result = parse(`{"keys":[{"key_ID":"a","key":"${text}"}]}`);
  return result.ok ? toHex(result.value[0]!.bytes) : result.error;
};

interface Recorded {
  readonly response: { readonly status: number | null; readonly body: unknown };
}
const recorded = readRecording("qkd/vectors.json")
  .map(({ vector }) => vector as Partial<Recorded>)
  .flatMap(({ response }) => (response === undefined ? [] : [response]));
const bodyOf = (body: unknown) => utf8(typeof body === "string" ? body : JSON.stringify(body));

describe("a key container", () => {
  test("of every recording has the keys that JSON.parse finds, in their order", () => {
    let keys = 0;
    for (const { body } of recorded) {
      const expected = (body as { keys?: { key_ID: string; key: string }[] } | null)?.keys;
      if (!Array.isArray(expected)) continue;
      const result = parseKeyContainer(bodyOf(body), LIMITS);
      const found = result.ok ? result.value.map(({ keyId, bytes }) => [keyId, toHex(bytes)]) : result.error;
      expect(found).toEqual(expected.map((each) => [each.key_ID, Buffer.from(each.key, "base64").toString("hex")]));
      keys += expected.length;
    }
    expect(keys).toBeGreaterThan(300);
  });

  test("takes members in any order, blanks, extensions and unknown members of any kind", () => {
    const text = ` { "key_container_extension" : {"a":[[[[1]]]]},\n"keys":[ {"key":"AAEC","x":null,"key_ID":"k",
      "key_extension":{"keys":[],"key":"!"}} ] ,"é\\u0000":-1.5e+3,"t":true,"f":false,"s":"\\ud800\\n" }\t`;
    const result = parse(text);
    expect(result).toEqual({ ok: true, value: [{ keyId: "k", bytes: Uint8Array.of(0, 1, 2) }] });
  });

  test("may be empty", () => expect(parse('{"keys":[]}')).toEqual({ ok: true, value: [] }));

  test("is read from names and keys that are escaped", () => {
    const text = String.raw`{"\u006beys":[{"ke\u0079":"+\/\u002b\u002F","key\u005fID":"\u0061\/b"}]}`;
    expect(parse(text)).toEqual({ ok: true, value: [{ keyId: "a/b", bytes: Uint8Array.of(0xfb, 0xff, 0xbf) }] });
  });

  test.each([
    ["", "short", "", 0],
    ["[]", "text", "", 0],
    ["{", "short", "", 1],
    ["{}", "count", "keys", 0],
    ['{"keys":{}}', "text", "keys", 8],
    ['{"keys":[]}x', "trailing", "", 11],
    ['{"keys":[],"keys":[]}', "count", "keys", 11],
    [String.raw`{"keys":[],"\u006beys":[]}`, "count", "keys", 11],
    ['{"keys":[],}', "text", "", 11],
    ['{"keys":[{"key_ID":"a","key":"AAAA"},]}', "text", "keys[1]", 37],
    ['{"keys":[{"key_ID":"a"}]}', "count", "keys[0].key", 9],
    ['{"keys":[{"key":"AAAA"}]}', "count", "keys[0].key_ID", 9],
    ['{"keys":[{"key":"AAAA","key_ID":"a","key":"AAAA"}]}', "count", "keys[0].key", 36],
    ['{"keys":[{"key_ID":"a","key_ID":"b","key":"AAAA"}]}', "count", "keys[0].key_ID", 23],
    ['{"keys":[{"key_ID":"","key":"AAAA"}]}', "text", "keys[0].key_ID", 19],
    ['{"keys":[{"key_ID":"\u00e9","key":"AAAA"}]}', "text", "keys[0].key_ID", 19],
    ['{"keys":[{"key_ID":7,"key":"AAAA"}]}', "text", "keys[0].key_ID", 19],
    ['{"keys":[{"key_ID":"a","key":"AAAA"},{"key_ID":"a","key":"AAAA"}]}', "count", "keys[1].key_ID", 37],
    ['{"keys":[{"key_ID":"a","key":12}]}', "text", "keys[0].key", 29],
    ['{"keys":[],"a":01}', "text", "", 15],
    ['{"keys":[],"a":nul}', "text", "", 15],
    ['{"keys":[],"a":"\t"}', "text", "", 16],
    [String.raw`{"keys":[],"a":"\x"}`, "text", "", 16],
    [String.raw`{"keys":[],"a":"\u12g4"}`, "text", "", 16],
    ['\ufeff{"keys":[]}', "text", "", 0],
    [`{"keys":[],"a":${"[".repeat(8)}${"]".repeat(8)}}`, "limit", "", 22],
  ])("%j is refused", (text, code, path, offset) => {
    expect(parse(text)).toMatchObject({ ok: false, error: { code, format: "qkd_key_container", path, offset } });
  });

  test("has at most the keys and the sizes that were asked for", () => {
    const text = '{"keys":[{"key_ID":"a","key":"AAAA"},{"key_ID":"b","key":"AAAAAAA="}]}';
    expect(parse(text, { keysMax: 1, keySizeBytesMax: 5 })).toMatchObject({ error: { code: "count", offset: 37 } });
    expect(parse(text, { keysMax: 2, keySizeBytesMax: 4 })).toMatchObject({ error: { code: "limit", offset: 58 } });
    expect(parse(text, { keysMax: 2, keySizeBytesMax: 5 })).toMatchObject({ ok: true });
  });

  test("takes key IDs of 1 to 255 printable ASCII characters", () => {
    const idOf = (id: string) => parse(`{"keys":[{"key_ID":${JSON.stringify(id)},"key":"AAAA"}]}`).ok;
    for (const id of ["a", " ", "~", '"', "\\", "x".repeat(255)])
      expect([id, idOf(id), isKeyId(id)]).toEqual([id, true, true]);
    for (const id of ["", "\x7f", "\n", "x".repeat(256)])
      expect([id, idOf(id), isKeyId(id)]).toEqual([id, false, false]);
  });

  test.each([
    [Uint8Array.of(0x80)],
    [Uint8Array.of(0xc0, 0xaf)],
    [Uint8Array.of(0xe0, 0x9f, 0xbf)],
    [Uint8Array.of(0xed, 0xa0, 0x80)],
    [Uint8Array.of(0xf0, 0x8f, 0xbf, 0xbf)],
    [Uint8Array.of(0xf4, 0x90, 0x80, 0x80)],
    [Uint8Array.of(0xf5, 0x80, 0x80, 0x80)],
    [Uint8Array.of(0xe2, 0x82)],
  ])("refuses text that is not UTF-8: %o", (bad) => {
    const bytes = Uint8Array.of(...utf8('{"keys":[],"a":"'), ...bad, ...utf8('"}'));
    expect(parseKeyContainer(bytes, LIMITS)).toMatchObject({ ok: false, error: { code: "text", offset: 16 } });
  });
});

describe("the base64 of a key", () => {
  test.each([
    ["AA==", "00"],
    ["AAA=", "0000"],
    ["/+8=", "ffef"],
    ["09az", "d3d6b3"],
    ["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", undefined],
  ])("%s is read", (text, hex) => {
    expect(keyOf(text)).toBe(hex ?? Buffer.from(text, "base64").toString("hex"));
  });

  test.each([
    ["", "length"],
    ["A", "length"],
    ["AAA", "length"],
    ["A===", "length"],
    ["====", "length"],
    ["AAAAA===", "length"],
    ["AB==", "padding"],
    ["AAB=", "padding"],
    ["A=A=", "text"],
    ["AA-_", "text"],
    ["AA A", "text"],
    ["AAA\u00c1", "length"],
    ["\u00c1AA", "text"],
    [String.raw`AA\n=`, "text"],
    [String.raw`AA\ud800=`, "text"],
  ])("%j is refused without a character of it", (text, code) => {
    const issue = keyOf(text);
    expect(issue).toMatchObject({ code, path: "keys[0].key" });
    expect(JSON.stringify(issue)).not.toContain("AA");
  });

  test("is what Buffer reads, for every length", () => {
    for (let length = 1; length <= 96; length++) {
      const bytes = Buffer.from(Array.from({ length }, (_, i) => (i * 151 + length * 31) & 0xff));
      expect(keyOf(bytes.toString("base64"))).toBe(bytes.toString("hex"));
    }
  });

  test("differs for every character: none stands for another", () => {
    const accepted = Array.from({ length: 256 }, (_, unit) => unit).filter(
      (unit) => typeof keyOf(`\\u${unit.toString(16).padStart(4, "0")}AAA`) === "string",
    );
    expect(String.fromCharCode(...accepted)).toBe("+/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
  });
});

describe("the buffers of keys", () => {
  test("are zero again where a container is refused, wherever that is", () => {
    const text = utf8('{"keys":[{"key_ID":"a","key":"/////w=="},{"key":"////","key_ID":"b"}],"c":1}');
    for (let end = 0; end < text.length; end++) {
      const { allocate, made, expectZero } = registeringAllocator();
      expect(parseKeyContainer(text.subarray(0, end), { ...LIMITS, allocate }).ok).toBe(false);
      expectZero(0);
      if (end > 60) expect(made).toHaveLength(2);
    }
  });

  test.each(["/////w=A", "//////==", "//// ==="])("are zero again where their base64 is refused: %s", (key) => {
    const { allocate, expectZero } = registeringAllocator();
    parse(`{"keys":[{"key_ID":"a","key":"////"},{"key_ID":"b","key":"${key}"}]}`, { ...LIMITS, allocate });
    expectZero(1);
  });

  test("are wiped together, and the reply stays as it was", () => {
    const { allocate, made, expectZero } = registeringAllocator();
    const bytes = utf8('{"keys":[{"key_ID":"a","key":"////"},{"key_ID":"b","key":"/////w=="}]}');
    const before = toHex(bytes);
    const result = parseKeyContainer(bytes, { ...LIMITS, allocate });
    expect(made.map(toHex)).toEqual(["ffffff", "ffffffff"]);
    wipeKeys(result.ok ? result.value : []);
    expectZero(2);
    expect(toHex(bytes)).toBe(before);
  });
});

test("the scanner takes exactly what JSON.parse takes, up to its depth", () => {
  const json = fc.json({ maxDepth: 4, noUnicodeString: false });
  const changed = fc.tuple(
    json,
    fc.nat(),
    fc.constantFrom("", '"', "\\", "{", "]", ",", "0", "-", ".", "e", " ", "\u0001"),
  );
  fc.assert(
    fc.property(changed, ([text, at, piece]) => {
      const place = at % (text.length + 1);
      const value = `${text.slice(0, place)}${piece}${text.slice(place + (at % 2))}`;
      const whole = `{"keys":[],"x":${value}}`;
      expect(parse(whole).ok).toBe(isAccepted(whole));
    }),
    { numRuns: scaled(400, 40_000) },
  );
});

/** Whether JSON.parse takes a text as a container. A second member `keys` is out of reach of the drawn changes. */
function isAccepted(text: string): boolean {
  try {
    const value = JSON.parse(text) as { keys?: unknown };
    return Array.isArray(value.keys) && value.keys.length === 0;
  } catch {
    return false;
  }
}

describe("a status", () => {
  const COUNTS =
    '"key_size":256,"stored_key_count":1,"max_key_count":6,"max_key_per_request":128,"max_key_size":4096,"min_key_size":64';

  test("of every recording is read", () => {
    const statuses = recorded.filter(({ body }) => (body as { key_size?: number } | null)?.key_size !== undefined);
    expect(statuses.length).toBeGreaterThan(7);
    for (const { body } of statuses) {
      const given = body as Record<string, unknown>;
      const result = parseStatus(bodyOf(body));
      expect(result).toMatchObject({
        ok: true,
        value: {
          sourceKmeId: given["source_KME_ID"],
          slaveSaeId: given["slave_SAE_ID"],
          keySizeBits: given["key_size"],
          storedKeyCount: given["stored_key_count"],
          maxKeyPerRequest: given["max_key_per_request"],
          maxSaeIdCount: 0,
        },
      });
    }
  });

  test("needs its six counts alone, in any form of a whole number", () => {
    expect(parseStatus(utf8(`{${COUNTS.replace("256", "2.56e2").replace("1,", "1.0,")}}`))).toEqual({
      ok: true,
      value: {
        keySizeBits: 256,
        storedKeyCount: 1,
        maxKeyCount: 6,
        maxKeyPerRequest: 128,
        maxKeySizeBits: 4096,
        minKeySizeBits: 64,
      },
    });
  });

  test.each([
    [COUNTS.replace('"key_size":256,', ""), "count", "key_size", 0],
    [COUNTS.replace("256", "-1"), "range", "key_size", 12],
    [COUNTS.replace("256", "1.5"), "range", "key_size", 12],
    [COUNTS.replace("256", "9007199254740992"), "range", "key_size", 12],
    [COUNTS.replace("256", '"256"'), "text", "key_size", 12],
    [`${COUNTS},"key_size":1`, "count", "key_size", 119],
    [`${COUNTS},"master_SAE_ID":1`, "text", "master_SAE_ID", 135],
  ])("{%s} is refused", (members, code, path, offset) => {
    expect(parseStatus(utf8(`{${members}}`))).toMatchObject({ ok: false, error: { code, path, offset } });
  });

  test("has IDs that are fit to print", () => {
    const result = parseStatus(utf8(`{${COUNTS},"slave_SAE_ID":"a\\u001b[2J\\u202eb${"c".repeat(900)}"}`));
    const id = result.ok ? result.value.slaveSaeId! : "";
    expect([id.slice(0, 9), id.length]).toEqual(["a\ufffd[2J\ufffdbcc", 255]);
  });
});

describe("the body of an error", () => {
  test.each([
    ['{"message":"No keys."}', undefined, "json", "No keys.", []],
    [
      '{"message":"Bad","details":[{"a":"b","c":1},"d",{"e":{"f":1}},[true,"g"]]}',
      undefined,
      "json",
      "Bad",
      ["a: b, c: 1", "d", "true.g"],
    ],
    ['{"detail":"Not found"}', "text/html", "json", "Not found", []],
    [
      '{"detail":[{"loc":["body","size"],"msg":"too small","type":"value_error"}]}',
      "application/json",
      "json",
      "loc: body.size, msg: too small, type: value_error",
      ["loc: body.size, msg: too small, type: value_error"],
    ],
    ['{"error":"x"}', undefined, "json", "", []],
    ['{"message":7,"detail":{"a":null}}', undefined, "json", "a: null", ["a: null"]],
    ['{"message":"x"', undefined, "text", "", []],
    ['[{"key":"AAAA"}]', undefined, "text", "", []],
    ["", undefined, "empty", "", []],
    [" \r\n", undefined, "empty", "", []],
    ["upstream connect error", "text/plain", "text", "upstream connect error", []],
    ["a\u0007\u009b\u2028b\ud800", undefined, "text", "a\ufffd\ufffd b\ufffd", []],
    [
      "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>Nothing &amp; nobody&#39;s.</p>\n",
      "text/html; charset=utf-8",
      "html",
      "404 Not Found: Nothing & nobody's.",
      [],
    ],
    ["<b>only</b> bold &unknown; <br", undefined, "html", "only bold &unknown;", []],
    ["Bad <i>gateway</i>", "Text/HTML", "html", "Bad gateway", []],
    ["<pre>x</pre><p>y", undefined, "html", "y", []],
  ])("%j, %s", (text, type, form, message, details) => {
    expect(parseErrorBody(utf8(text), type)).toEqual({ form, message, details });
  });

  test("is bounded", () => {
    const details = `[${Array.from({ length: 40 }, () => `"${"d".repeat(2_000)}"`).join(",")}]`;
    const body = parseErrorBody(utf8(`{"message":"${"m".repeat(9_000)}","details":${details}}`));
    expect(body.message).toBe("m".repeat(500));
    expect(body.details.map(({ length }) => length)).toEqual(Array.from({ length: 16 }, () => 200));
    expect(parseErrorBody(utf8("x".repeat(100_000))).message).toHaveLength(500);
  });

  test("with keys beside the message makes no text of them", () => {
    const body = '{"keys":[{"key":"SECRETSECRET"}],"message":"some"}';
    expect(parseErrorBody(utf8(body))).toEqual({ form: "json", message: "some", details: [] });
  });

  test("of every recording has the words of the KME", () => {
    const errors = recorded.filter(({ status, body }) => (status ?? 0) >= 400 && body !== null);
    expect(errors.length).toBeGreaterThan(50);
    for (const { body } of errors) {
      const message = (body as { message?: string }).message;
      const read = parseErrorBody(bodyOf(body));
      if (message === undefined) expect(read.message).toMatch(/^\d{3} [A-Z][\w ]+: The \S/);
      else expect(read).toEqual({ form: "json", message, details: [] });
    }
  });
});
