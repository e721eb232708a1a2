/** Why another reader may accept what we refuse. */
import { crc32 } from "node:zlib";
import type { WireErrorCode, WireIssue } from "../../src/errors.js";
import type { Annotation } from "../../src/gen/annotate.js";
import type { Field, Type } from "../../src/gen/ir.js";
import { camel } from "../../src/gen/names.js";
import { leavesOf } from "../support/mutate.js";
import type { Judge } from "./judges.js";

/** Bytes that we refuse. */
export class Refusal {
  readonly type: Type;
  readonly bytes: Uint8Array;
  readonly params: Readonly<Record<string, number>>;
  readonly issue: WireIssue;
  #fields: Annotation[] | undefined;

  constructor(type: Type, bytes: Uint8Array, params: Readonly<Record<string, number>>, issue: WireIssue) {
    this.type = type;
    this.bytes = bytes;
    this.params = params;
    this.issue = issue;
  }

  get fields(): readonly Annotation[] {
    return (this.#fields ??= leavesOf(this.type, this.bytes, this.params));
  }

  /** The field that we refuse, as it lies in the bytes. */
  get refused(): Annotation | undefined {
    return this.fields.find(({ path }) => path === this.issue.path);
  }

  /** The field that we refuse, as the spec has it. */
  get field(): Field | undefined {
    return fieldAt(this.type, this.issue.path);
  }
}

interface Rule {
  readonly code: WireErrorCode;
  readonly judges: readonly Judge["name"][];
  holds(refusal: Refusal): boolean;
}

const ALL = ["kaitai", "binary-parser", "restructure"] as const;

/** What another reader cannot see, and how to tell that it is the reason for these very bytes. */
export const RULES: Readonly<Record<string, Rule>> = {
  "ignores bytes after the value": {
    code: "trailing",
    judges: ALL,
    holds: ({ fields, bytes }) => Math.max(0, ...fields.map(({ offset, size }) => offset + size)) < bytes.length,
  },
  "knows no checksum": {
    code: "crc",
    judges: ALL,
    holds: ({ field, fields, refused, bytes }) => {
      if (field?.kind !== "int" || field.derive?.from !== "crc32") return false;
      const { of } = field.derive;
      const covered = fields.find(({ path }) => path === camel(of))!;
      return crc32(bytes.subarray(covered.offset, covered.offset + covered.size)) !== refused?.value;
    },
  },
  "knows no least count": {
    code: "count",
    judges: ALL,
    holds: ({ refused }) => refused?.size === 0,
  },
  "does not look at unused bits": {
    code: "padding",
    judges: ALL,
    holds: ({ type, bytes, refused }) => {
      if (refused === undefined) return false;
      const blocks = type.body.shape === "plain" ? type.body.blocks : [];
      const block = blocks.find((each) => each.block !== "fixed" && camel(each.name) === refused.path);
      const used = String(refused.value).length % 8;
      const last = bytes[refused.offset + refused.size - 1]!;
      const unused = block?.block === "bits" && block.order === "msb" ? (last << used) & 0xff : last >> used;
      return used !== 0 && unused !== 0;
    },
  },
  "knows no rule on a number": {
    code: "range",
    judges: ["binary-parser", "restructure"],
    holds: ({ field, refused }) => {
      const value = Number(refused?.value);
      return field?.kind === "int" && (value < (field.rule?.min ?? -Infinity) || value > (field.rule?.max ?? Infinity));
    },
  },
  "knows no constant": {
    code: "constant",
    judges: ["binary-parser", "restructure"],
    holds: ({ field, refused }) => {
      if (field?.kind === "const") return refused?.value !== Buffer.from(field.bytes).toString("hex");
      return (field?.kind === "int" || field?.kind === "bits") && refused?.value !== field.rule?.min;
    },
  },
  "knows no enumeration": {
    code: "enum",
    judges: ["binary-parser", "restructure"],
    holds: ({ field, issue }) => field?.kind === "int" && field.enum?.values.includes(Number(issue.actual)) === false,
  },
  "sees no half item at the end": {
    code: "divisible",
    judges: ["binary-parser", "restructure"],
    holds: ({ issue }) => !Number.isInteger(Number(issue.actual) / Number(/\d+/.exec(issue.expected ?? "")![0])),
  },
  "makes text of any bytes": {
    code: "text",
    judges: ALL,
    holds: ({ bytes, refused }) =>
      refused !== undefined &&
      bytes.subarray(refused.offset, refused.offset + refused.size).some((byte) => byte > 0x7f),
  },
};

/** The rule by which a judge may accept what we refuse. */
export function ruleFor(refusal: Refusal, judge: Judge["name"]): string | undefined {
  return Object.keys(RULES).find((name) => {
    const { code, judges, holds } = RULES[name]!;
    return code === refusal.issue.code && judges.includes(judge) && holds(refusal);
  });
}

/** A field by its path, whatever the number of an item. */
function fieldAt(type: Type, path: string): Field | undefined {
  const names = path.replaceAll(/\[\d+\]/g, "").split(".");
  const bodies = type.body.shape === "plain" ? [type.body] : type.body.variants.map((v) => v.type.body);
  for (const body of bodies) {
    for (const block of body.shape === "plain" ? body.blocks : []) {
      const found =
        block.block === "fixed"
          ? fieldOf(block.fields, names)
          : block.block === "items" && camel(block.name) === names[0]
            ? fieldOf(block.item.fields, block.item.type === null ? [""] : names.slice(1))
            : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function fieldOf(fields: readonly Field[], [name, ...rest]: readonly string[]): Field | undefined {
  const field = fields.find((each) => camel(each.name) === name);
  if (field?.kind === "array") return fieldOf(field.item.fields, rest);
  return field?.kind === "struct" && rest.length > 0 ? fieldOf(field.fields, rest) : field;
}
