/** Types whose values are integers in groups of seven bits, as `-varint` says. */
import type { VarintContent } from "../ir.js";
import { Keys } from "../keys.js";
import type { Source } from "../source.js";

/** The forms that are known, by the name that `-varint` gives them. */
const FORMS = {
  /** LEB128 without a sign, 64 bits. */
  leb128: { order: "leb128", maxBytes: 10 },
  /** Protocol Buffers: LEB128 of 64 bits. */
  protobuf: { order: "leb128", maxBytes: 10 },
  /** MQTT 5.0, section 1.5.5: LEB128 of four bytes at most. */
  mqtt: { order: "leb128", maxBytes: 4 },
  /** MIDI, and BER of relative object identifiers: the highest group first. */
  vlq: { order: "vlq", maxBytes: 10 },
} as const;

/**
 * The content that a type with `-varint` is. Its `seq` is what other readers go by: groups that are repeated until one
 * says that it is the last.
 */
export function varintOf(target: Source): VarintContent {
  const keys = new Keys(target);
  const named = keys.need("-varint");
  const name = named.text;
  if (!Object.hasOwn(FORMS, name)) named.fail(`'-varint' is one of ${Object.keys(FORMS).join(", ")}`);
  const form = FORMS[name as keyof typeof FORMS];
  const u64 = keys.take("-u64")?.text ?? "number";
  if (u64 !== "number" && u64 !== "bigint") keys.take("-u64")!.fail("'-u64' is 'number' or 'bigint'");
  const seq = keys.need("seq").items();
  const [group] = seq;
  if (seq.length !== 1 || group?.get("repeat")?.scalar !== "until")
    keys.fail("the 'seq' of a varint is one attribute with 'repeat: until', for readers that know no '-varint'");
  // What other readers compute the number by: by custom an instance called `value`.
  const instances = (keys.take("instances")?.entries() ?? []).map(([instance]) => instance);
  const member = instances.includes("value") ? "value" : (instances.at(-1) ?? null);
  keys.pass("doc", "doc-ref", "-spec", "types", "meta");
  keys.close("a varint");
  return { content: "varint", ...form, u64: u64 as "number" | "bigint", rule: null, derive: null, member };
}
