/** Messages of a `.proto` file on the command line: decode, encode, inspect, gen, and what is said of mistakes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { addDecode } from "../../src/cli/decode.js";
import { addEncode } from "../../src/cli/encode.js";
import { addFormats } from "../../src/cli/formats.js";
import { addGen } from "../../src/cli/gen.js";
import { addInspect } from "../../src/cli/inspect.js";

const folder = mkdtempSync(join(tmpdir(), "specwire-proto-"));
const spec = join(folder, "pets.proto");
const TEXT = `syntax = "proto3";
package pets;
import "google/protobuf/timestamp.proto";
// An animal that lives with people.
message Pet {
  enum Kind { CAT = 0; DOG = 1; }
  string name = 1;
  Kind kind = 2;
  google.protobuf.Timestamp born = 3;
  map<string, int64> weights = 4;
  oneof home { string house = 5; bytes kennel = 6; }
  repeated sint32 moods = 7;
}
message Owner { repeated Pet pets = 1; }
`;
const JSON_TEXT = `{"name":"Rex","kind":"DOG","born":{"seconds":"9007199254740993"},"weights":{"a":1},"home":{"case":"kennel","value":"ff"},"moods":[-1,2]}`;
const HEX = "0a0352657810011a0908818080808080801022050a016110013201ff3a020104";

beforeAll(() => writeFileSync(spec, TEXT));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function run(...args: string[]): Promise<{ readonly output: string; readonly errors: string }> {
  let [output, errors] = ["", ""];
  vi.spyOn(console, "log").mockImplementation((line: string) => void (output += `${line}\n`));
  vi.spyOn(console, "error").mockImplementation((line: string) => void (errors += `${line}\n`));
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    output += String(chunk);
    return true;
  });
  const program = new Command();
  for (const add of [addDecode, addEncode, addInspect, addGen, addFormats]) add(program);
  await program.parseAsync(args, { from: "user" });
  return { output, errors };
}

describe("a .proto file", () => {
  it("is encoded and decoded", async () => {
    expect((await run("encode", "--spec", spec, "--type", "Pet", JSON_TEXT)).output).toBe(`${HEX}\n`);
    const { output } = await run("decode", "--spec", spec, "--type", "pets.Pet", "--json", HEX);
    const { value, fields } = JSON.parse(output) as { value: unknown; fields: { path: string; meaning?: string }[] };
    expect(value).toEqual({
      ...(JSON.parse(JSON_TEXT) as object),
      kind: 1,
      born: { seconds: "9007199254740993", nanos: 0 },
    });
    expect(fields.map(({ path }) => path)).toEqual(["name", "kind", "born", "weights[0]", "kennel", "moods"]);
    expect(fields[1]!.meaning).toBe("DOG");
  });

  it("is shown as hex with names, damaged as far as it goes", async () => {
    const { output, errors } = await run("decode", "--spec", spec, "--type", "Pet", HEX.slice(0, -2));
    expect(output).toContain('name = "Rex"');
    expect(output).toContain("born.seconds = 9007199254740993");
    expect(output).toContain("malformed");
    expect(errors).toMatch(/pets\.Pet\.moods\[\*\] at byte 30: the bytes end/);
    expect(process.exitCode).toBe(1);
  });

  it("is inspected, and made into files", async () => {
    expect((await run("inspect", "--spec", spec)).output).toMatch(/^Pet\s+≥ 0 B\s+pets\.proto:5\nOwner/);
    const { output } = await run("inspect", "--spec", spec, "--type", "Owner");
    expect(output).toContain("| 4 | `weights` | map of string to int64 |  |");
    expect(output).toContain("| 1 | DOG |  |");
    const out = join(folder, "out");
    for (const target of ["ts", "js", "md", "json"]) await run("gen", spec, "--target", target, "--out", out);
    const ends = ["d.ts", "js", "json", "md", "ts"];
    expect(readdirSync(out).sort()).toEqual(
      ["google_protobuf_timestamp", "pets"].flatMap((name) => ends.map((end) => `${name}.${end}`)),
    );
    expect(readFileSync(join(folder, "out/pets.ts"), "utf8")).toContain("export function decodePet(");
  });

  it("with an unknown type, field or name is refused", async () => {
    await expect(run("encode", "--spec", spec, "{}")).rejects.toThrow(
      "expected --type, one of Pet, Owner, got nothing",
    );
    await expect(run("encode", "--spec", spec, "--type", "Dog", "{}")).rejects.toThrow("one of Pet, Owner, got Dog");
    const encode = (json: string): Promise<unknown> => run("encode", "--spec", spec, "--type", "Pet", json);
    await expect(encode('{"age":1}')).rejects.toThrow("pets.Pet.age: expected a field of the message");
    await expect(encode('{"kind":"COW"}')).rejects.toThrow("pets.Pet.kind: expected one of CAT, DOG, got COW");
    await expect(encode('{"home":{"case":"tent","value":1}}')).rejects.toThrow("expected a case of house, kennel");
  });
});

describe("a built-in message", () => {
  it("is found by its name", async () => {
    expect((await run("formats")).output).toMatch(/^transport\.RPC {2,}≥ 0 B {2}rpc\/rpc\.proto:\d+$/m);
    expect((await run("decode", "transport.RPC", "0a020805")).output).toContain("meta.command = 5  ACK");
    expect((await run("encode", "transport.RPC", '{"Meta":{"Command":"ACK"}}')).output).toBe("0a020805\n");
    await expect(run("inspect", "transport")).rejects.toThrow(
      "one of transport.NodeInfo, transport.RPC_t, transport.RPC",
    );
  });
});
