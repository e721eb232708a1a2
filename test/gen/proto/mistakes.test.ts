/** Mistakes in `.proto` files are found with file and line; what is not supported is refused by name. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { isWireError } from "../../../src/errors.js";
import { compileFile } from "../../../src/gen/node/index.js";
import { compileProto } from "../../../src/gen/node/proto/index.js";

/** Compiles files of which the first is `a.proto`: what is said of them, or the ids of their modules. */
function compile(files: Readonly<Record<string, string>>): string {
  try {
    const compiled = compileProto("dir/a.proto", (path) => {
      const text = files[path.replace(/^dir\//, "")];
      if (text === undefined) throw new Error("no such file");
      return text;
    });
    return compiled.map(({ module }) => module.id).join(" ");
  } catch (error) {
    if (!isWireError(error)) throw error;
    return error.message.includes("mistakes\n") ? error.message : `${error.spec} ${error.actual}`;
  }
}

const HEAD = 'syntax = "proto3";\n';

describe("a mistake in a .proto file", () => {
  it.each([
    ["proto2", 'syntax = "proto2";\nmessage A {}', /^a\.proto:1 'proto2' is not supported: files begin with/],
    ["no syntax", "\n\nmessage A {}", /^a\.proto:1 'a file without syntax = "proto3"'/],
    ["an edition", 'edition = "2023";\nmessage A {}', /a\.proto:1 'edition 2023' is not supported/],
    [
      "required",
      `${HEAD}message A {\n  required int32 x = 1;\n}`,
      /^a\.proto:3 'required' is not supported: proto3 has/,
    ],
    ["a group", `${HEAD}message A {\n\n  optional group G = 1 { }\n}`, /^a\.proto:4 'group' is not supported: declare/],
    ["extensions", `${HEAD}message A {\n  extensions 4 to 6;\n}`, /^a\.proto:3 'extensions' is not supported: proto3/],
    ["extend", `${HEAD}message A {}\nextend A { int32 y = 5; }`, /^a\.proto:3 'extend' is not supported: extensions/],
    ["__proto__", `${HEAD}message A {\n  int32 __proto__ = 1;\n}`, /^a\.proto:3 '__proto__' is not supported: objects/],
    ["a missing type", `${HEAD}message A {\n  Foo x = 1;\n}`, /^a\.proto:3 there is no type 'Foo'/],
    ["a missing import", `${HEAD}\nimport "b.proto";`, /^a\.proto:3 'b\.proto' cannot be read/],
    ["a missing bracket", `${HEAD}message A {\n  int32 x = 1`, /^a\.proto:3 illegal token/],
    ["a number twice", `${HEAD}message A {\n  int32 x = 1;\n  int32 y = 1;\n}`, /^a\.proto:\d duplicate id 1/],
    ["a number of 0", `${HEAD}message A {\n  int32 x = 0;\n}`, /^a\.proto:3 0 is no field number/],
    ["a large number", `${HEAD}message A {\n  int32 x = 536870912;\n}`, /^a\.proto:3 536870912 is no field number/],
    ["a number of protobuf", `${HEAD}message A {\n  int32 x = 19500;\n}`, /^a\.proto:3 protobuf keeps 19000 to 19999/],
    [
      "a reserved number",
      `${HEAD}message A {\n  int32 x = 4;\n  reserved 2 to 5;\n}`,
      /^a\.proto:3 the number 4 is reserved/,
    ],
    [
      "a reserved name",
      `${HEAD}message A {\n  int32 x = 4;\n  reserved "x";\n}`,
      /^a\.proto:3 the name 'x' is reserved/,
    ],
    ["no zero", `${HEAD}enum E {\n  X = 1;\n}`, /^a\.proto:2 the first value of 'E' is not 0/],
    [
      "one member",
      `${HEAD}message A {\n  int32 ID = 1;\n  int32 id = 2;\n}`,
      /^a\.proto:4 'id' and 'ID' make the same member/,
    ],
    ["one name", `${HEAD}message A_b {}\nmessage AB {}`, /a\.proto:3 'AB' and 'A_b' of line 2 make the same name AB/],
    [
      "a global",
      `${HEAD}message Map {}`,
      /a\.proto:2 'Map' makes the name Map, which is not supported, because the one would hide the other/,
    ],
    ["nesting", `${HEAD}${"message A {".repeat(20_000)}`, /nests too deeply|illegal token/],
  ])("is found: %s", (_, text, message) => {
    expect(compile({ "a.proto": text })).toMatch(message);
  });

  it("is told with all others of its kind", () => {
    const text = `${HEAD}message A {\n  required int32 x = 1;\n  extensions 4 to 6;\n}`;
    expect(compile({ "a.proto": text })).toMatch(/^2 mistakes\na\.proto:3 .*\na\.proto:4 /);
  });

  it("is found in imports: circles, and files that make the same module", () => {
    const circle = { "a.proto": `${HEAD}import "b.proto";`, "b.proto": `${HEAD}import "a.proto";` };
    expect(compile(circle)).toBe("b.proto:2 the import runs in a circle: a.proto → b.proto → a.proto");
    const same = { "a.proto": `${HEAD}import "b/c.proto"; import "b_c.proto";`, "b/c.proto": HEAD, "b_c.proto": HEAD };
    expect(compile(same)).toBe("b_c.proto:1 'b_c.proto' and 'b/c.proto' make the same module b_c");
  });

  it("does not come from options, services and texts that look like code", () => {
    const text = `${HEAD}package p;
      import "google/protobuf/descriptor.proto";
      option java_package = "a { b";
      extend google.protobuf.FieldOptions { string note = 50000; }
      message A { string s = 1 [(note) = "message { required", deprecated = true]; /* extend { */ }
      service S { rpc F(A) returns (stream A) { option deprecated = true; } }`;
    expect(compile({ "a.proto": text })).toBe("a");
  });
});

describe("imports of .proto files", () => {
  it("lie beside the file, in folders that are given, or are well known", () => {
    const folder = mkdtempSync(join(tmpdir(), "specwire-proto-"));
    const files = {
      "own/a.proto": `${HEAD}import "b.proto"; import "common/c.proto"; import "google/protobuf/any.proto"; message A { B b = 1; C c = 2; google.protobuf.Any d = 3; }`,
      "own/b.proto": `${HEAD}message B { int64 x = 1; }`,
      "shared/common/c.proto": `${HEAD}message C {}`,
    };
    try {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
      const ids = compileFile(join(folder, "own/a.proto"), [join(folder, "shared")]).map(({ module }) => module.id);
      expect(ids).toEqual(["a", "b", "common_c", "google_protobuf_any"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
