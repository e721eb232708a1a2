/** TOML of records: everything that other stores accept is read, what they refuse is refused with line and key. */
import * as fc from "fast-check";
import { parse as parseBySmolToml } from "smol-toml";
import { describe, expect, test } from "vitest";
import { isWireError } from "../../../src/errors.js";
import { parseToml } from "../../../src/protocols/store/toml/parse.js";
import { OtherValue, Table, TableList, type TomlValue } from "../../../src/protocols/store/toml/tables.js";
import { formatRecord, makeRecord, parseRecord, type FileRecord } from "../../../src/protocols/store/index.js";
import { issueOf } from "../../support/issue-of.js";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const HASH = `file_hash = [${Array.from({ length: 32 }, (_, i) => i).join(", ")}]`;
const read = (...lines: string[]): FileRecord => parseRecord(utf8(["[metadata]", HASH, ...lines].join("\n")), "a.toml");

const RECORD = makeRecord(
  {
    fileHash: new Uint8Array(32).fill(7),
    totalSize: 30n,
    fileName: 'a "name"\n\u0085\u2028\ufeff é',
    modifiedNs: -5n,
    permissions: 0o644,
    ttlSeconds: 60n,
    chunkSize: 20,
  },
  [
    { size: 20, dataHash: new Uint8Array(32).fill(1) },
    { size: 10, dataHash: new Uint8Array(32).fill(2) },
  ],
  "/srv/store",
);

describe("a record", () => {
  test.each([2, 4, 0])("is read again as it was, indented by %i", (indent) => {
    expect(parseRecord(utf8(formatRecord(RECORD, indent)))).toEqual(RECORD);
  });

  test("is read with tabs, CRLF, a byte order mark, comments and no final newline", () => {
    const text = formatRecord(RECORD).trimEnd().replaceAll("    ", "\t").replaceAll("\n", " # é\r\n");
    expect(parseRecord(utf8(`\ufeff# first\r\n${text}`))).toEqual(RECORD);
  });

  test("is zero where keys are missing, but for the hash", () => {
    const { metadata, references } = read();
    expect(metadata).toMatchObject({ totalSize: 0n, fileName: "", modifiedNs: 0n, ttlSeconds: 0n, totalChunks: 0 });
    expect(metadata.signature).toEqual(new Uint8Array(64));
    expect(references).toEqual([]);
    for (const text of ["", "[metadata]\n", "# nothing", "[metadata]\nttl = 5"]) {
      expect(issueOf(() => parseRecord(utf8(text)))).toMatchObject({ code: "kind", path: "metadata.file_hash" });
    }
  });

  test("may have keys in any case and order, dotted, quoted and in inline tables, and unknown ones", () => {
    const inline = `METADATA = { ${HASH.replace("file_hash", "File_Hash")}, "TTL" = 7, x.y = 1.5, x.z = [true, 1979-05-27] }`;
    expect(parseRecord(utf8(inline)).metadata.ttlSeconds).toBe(7n);
    expect(
      parseRecord(utf8(`metadata.${HASH}\nmetadata.'ttl' = 8\nreferences = []\n[later.too]`)).metadata.ttlSeconds,
    ).toBe(8n);
    expect(read("[[references]]", "chunk_size = 9", "[references.more]", "[[references]]").references).toHaveLength(2);
  });

  test.each([
    ["+7", 7n],
    ["1_000", 1000n],
    ["0x10", 16n],
    ["0o644", 420n],
    ["0b101", 5n],
    ["-0", 0n],
    ["9223372036854775807", (1n << 63n) - 1n],
    ["0x7fffffffffffffff", (1n << 63n) - 1n],
  ])("may have the integer %s", (text, value) => expect(read(`ttl = ${text}`).metadata.ttlSeconds).toBe(value));

  test.each([
    [String.raw`"\u00e9\U0001F600\e\x41\b\t\n\f\r\"\\"`, 'é😀\u001bA\b\t\n\f\r"\\'],
    [String.raw`'C:\no\escape "'`, String.raw`C:\no\escape "`],
    ['"""\na\r\nb \\\n   c"d"" e"""""', 'a\nb c"d"" e""'],
    ["'''\n'a'\n\\b'''", "'a'\n\\b"],
    ['"#,]}"', "#,]}"],
  ])("may have the string %s", (text, value) => expect(read(`file_name = ${text}`).metadata.fileName).toBe(value));

  test("may have arrays over lines, with a comma at the end", () => {
    const signature = `signature = [ # zeros\n${"0,\n".repeat(63)}5, # last\n]`;
    expect(read(signature).metadata.signature[63]).toBe(5);
  });

  test.each([
    ["ttl = 5.0", "kind", "ttl", 3],
    ["ttl = 1e3", "kind", "ttl", 3],
    ['ttl = "5"', "kind", "ttl", 3],
    ["ttl = true", "kind", "ttl", 3],
    ["ttl = 1979-05-27", "kind", "ttl", 3],
    ["ttl = -1", "range", "ttl", 3],
    ["total_size = -1", "range", "total_size", 3],
    ["permissions = -1", "range", "permissions", 3],
    ["\n\nchunk_size = 4294967296", "range", "chunk_size", 5],
    ["signature = [1]", "length", "signature", 3],
    [`signature = [${"256, ".repeat(64)}]`, "range", "signature[0]", 3],
    [`signature = [${"-1, ".repeat(64)}]`, "range", "signature[0]", 3],
    [`signature = [${"1.0, ".repeat(64)}]`, "range", "signature[0]", 3],
    ["file_name = 5", "kind", "file_name", 3],
    ["TTL = 1\nttl = 2", "text", "ttl", 4],
  ])("with %j is refused", (line, code, path, at) => {
    expect(issueOf(() => read(line))).toMatchObject({ code, path: `metadata.${path}`, spec: `a.toml:${at}` });
  });

  test.each([
    ["ttl = 07", "ttl"],
    ["ttl = 9223372036854775808", "ttl"],
    ["ttl = 0x8000000000000000", "ttl"],
    ["ttl = 1__0", "ttl"],
    ["ttl = 5 6", "ttl"],
    ["ttl =", "ttl"],
    ["ttl", "ttl"],
    ["ttl = 1\nttl = 2", "ttl"],
    ["[metadata]", "metadata"],
    ["[[metadata]]", "metadata"],
    ["x.y = 1\nx = 2", "x"],
    ["x = {}\nx.y = 1", "x.y"],
    ["x = []\n[[metadata.x]]", "metadata.x"],
    [String.raw`file_name = "\/"`, "file_name"],
    [String.raw`file_name = "\ud800"`, "file_name"],
    [String.raw`file_name = "\U00110000"`, "file_name"],
    ['file_name = "a\u0001"', "file_name"],
    ['file_name = "a\u007f"', "file_name"],
    ["file_name = 'a\u0000'", "file_name"],
    ['file_name = "open', "file_name"],
    ['file_name = """open', "file_name"],
    ["x = [1", "x"],
    ["x = {a = 1", "a"],
    [`x = ${"[".repeat(10_000)}`, "x"],
    ["# \u0001", ""],
    ["x = 1 # \r", ""],
    ["= 1", ""],
  ])("with %j is no TOML", (line, path) => {
    const issue = issueOf(() => read(line));
    expect(issue).toMatchObject({ code: "text", format: "toml" });
    if (path !== "" && !path.includes("x")) expect(issue.path).toBe(path);
    expect(issue.spec).toMatch(/^a\.toml:\d+$/);
  });

  test("is refused if it is not UTF-8", () => {
    const bytes = utf8(formatRecord(RECORD));
    for (const wrong of [0xff, 0xc0, 0xed]) {
      bytes[bytes.length - 3] = wrong;
      expect(issueOf(() => parseRecord(bytes))).toMatchObject({ code: "text" });
    }
    // Not in a comment either, nor cut off at its end.
    for (const comment of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0x41, 0xf0, 0x9f, 0x98]]) {
      const text = utf8(`${formatRecord(RECORD)}#`);
      const commented = Uint8Array.of(...text, ...comment);
      expect(issueOf(() => parseRecord(commented))).toMatchObject({ code: "text" });
      expect(issueOf(() => parseRecord(Uint8Array.of(...commented, 0x0a, ...text)))).toMatchObject({ code: "text" });
    }
  });

  test("is not written with half a surrogate pair, nor with an integer that no reader takes", () => {
    const wrong = (metadata: object): FileRecord => ({ ...RECORD, metadata: { ...RECORD.metadata, ...metadata } });
    expect(issueOf(() => formatRecord(wrong({ fileName: "a\ud800" })))).toMatchObject({
      code: "text",
      path: "metadata.file_name",
    });
    expect(issueOf(() => formatRecord(wrong({ ttlSeconds: 1n << 63n })))).toMatchObject({
      code: "range",
      path: "metadata.ttl",
    });
  });
});

/** A parsed value as smol-toml shows it. */
function plain(value: TomlValue): unknown {
  if (value instanceof Table)
    return Object.fromEntries([...value.entries].map(([key, { value: one }]) => [key, plain(one)]));
  if (value instanceof TableList) return value.tables.map(plain);
  if (value instanceof OtherValue) return value.what;
  if (typeof value === "number" || typeof value === "bigint") return BigInt(value);
  return typeof value === "string" ? value : (value as readonly TomlValue[]).map(plain);
}

function plainOfSmolToml(value: unknown): unknown {
  if (typeof value === "number") return "a float";
  if (typeof value === "boolean") return "a boolean";
  if (value instanceof Date) return "a date";
  if (Array.isArray(value)) return value.map(plainOfSmolToml);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plainOfSmolToml(one)]));
}

/** Pieces of TOML that make sense beside each other, and some that do not. */
const PIECES = [
  ..."a b1 'c' \"d\" . = [ ] [[ ]] { } , 1 -2 0x1f 1_0 1.5 1e3 true \"s\\n\" 's' '''m\n''' \"\"\"x\"\"\" # 07 \\".split(
    " ",
  ),
  "1979-05-27",
  "\n",
  "\n[t]\n",
  "\n[[u]]\n",
  "\na = ",
  "\nb.c = ",
  " ",
];

test("texts of drawn pieces mean what they mean to smol-toml", () => {
  let accepted = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }), (pieces) => {
      const text = pieces.join("");
      let ours: unknown;
      try {
        ours = plain(parseToml(text, "drawn"));
      } catch (error) {
        if (!isWireError(error)) throw error;
      }
      let theirs: unknown;
      try {
        theirs = plainOfSmolToml(parseBySmolToml(text, { integersAsBigInt: true }));
      } catch {
        // It refuses.
      }
      // TOML 1.1 allows lines and a last comma in inline tables; smol-toml need not.
      if (theirs === undefined && /\{/.test(text)) return;
      if (ours !== undefined) accepted++;
      expect(ours).toEqual(theirs);
    }),
    { numRuns: 20_000, seed: 19 },
  );
  expect(accepted).toBeGreaterThan(500);
});

test("torn and changed records are read or refused with a typed error, never anything else", () => {
  const bytes = utf8(formatRecord(RECORD));
  for (let end = 0; end < bytes.length; end += 3) expectTypedIssue(bytes.subarray(0, end));
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.uint8Array({ minLength: 1, maxLength: 6 }), (at, change) => {
      const changed = bytes.slice();
      changed.set(change.subarray(0, bytes.length - at), at);
      expectTypedIssue(changed);
    }),
    { numRuns: 5_000, seed: 20 },
  );
});

function expectTypedIssue(bytes: Uint8Array): void {
  try {
    parseRecord(bytes, "x");
  } catch (error) {
    expect(isWireError(error), String(error)).toBe(true);
  }
}
