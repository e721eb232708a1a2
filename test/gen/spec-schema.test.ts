/** The schema of specs for editors, held against the specs that compile and against mistakes. */
import { readdirSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { OWN_KEYS, UNSUPPORTED } from "../../src/gen/keys.js";

const validate = new Ajv({ allowUnionTypes: true }).compile(
  JSON.parse(readFileSync("spec/ksy.schema.json", "utf8")) as object,
);

const specs = ["spec", "examples", "test"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ksy"))
    .map((file) => `${folder}/${file}`),
);

/** Whether the schema takes a spec with this attribute, or these other keys of the file. */
function takes(attribute: object, others: object = {}): boolean {
  return validate({ meta: { id: "t", endian: "be" }, seq: [{ id: "x", ...attribute }], ...others });
}

describe("the schema of specs", () => {
  it("finds specs", () => expect(specs.length).toBeGreaterThan(30));

  it.each(specs)("takes %s", (path) => {
    validate(parse(readFileSync(path, "utf8")));
    expect(validate.errors).toBeNull();
  });

  it("takes what the page of keys shows of each of ours", () => {
    const onType = ["-varint", "-columns", "-forms", "-kind"];
    for (const [key, { example }] of Object.entries(OWN_KEYS)) {
      const shown = parse(example) as object;
      expect(Object.keys(shown)).toEqual([key]);
      expect(onType.includes(key) ? takes({ type: "u1" }, shown) : takes(shown), example).toBe(true);
    }
  });

  it("passes over keys of other tools", () => {
    expect(takes({ type: "u1", "-orig-id": "e_x", "-webide-representation": "{x}", "-unit": "m" })).toBe(true);
  });

  it.each([
    [{ type: "u1", sice: 1 }],
    [{ type: "u1", "size-eos": "yes" }],
    [{ type: "u1", id: "Big" }],
    [{ type: "u1", "-defualt": 0 }],
    [{ type: "u1", "-defaul": 0 }],
    [{ type: "u1", "-defaultt": 0 }],
    [{ type: "u1", "-drive": "sizeof(y)" }],
    [{ type: "u1", "-mix": 0 }],
    [{ type: "u1", "-min": "1" }],
    [{ type: "u8", "-u64": "long" }],
    [{ type: "u1", "-columns": true }],
    [{ repeat: "untill", type: "u1" }],
    [{ type: { "switch-on": "y", case: {} } }],
    [{ type: "u1", valid: { least: 1 } }],
  ])("refuses %j", (attribute) => {
    expect(takes({ type: "u1" })).toBe(true);
    expect(takes(attribute)).toBe(false);
  });

  it("refuses what is not supported", () => {
    for (const key of Object.keys(UNSUPPORTED)) expect([key, takes({ [key]: 1 })]).toEqual([key, false]);
    expect(takes({}, { instances: { y: { value: "x" } } })).toBe(!("instances" in UNSUPPORTED));
    expect(takes({}, { "-varint": "leb128", instances: { value: { value: "x" } } })).toBe(true);
  });
});
