/** What the emitted module of general types calls its types and functions, and their kinds in TypeScript. */
import type { General, GeneralType, Kind } from "../../general.js";
import type { Enum, Module, TypeRef } from "../../ir.js";
import { camel, pascal } from "../../names.js";
import type { GeneralPlan } from "../../plan/general.js";

/** One of the forms of a module: 64-bit integers as numbers, or as bigints. */
export class GeneralNames {
  readonly module: Module;
  readonly general: General;
  readonly plan: GeneralPlan;
  readonly isBig: boolean;
  readonly #suffix: string;
  readonly #helpers: Set<string>;

  constructor(module: Module, plan: GeneralPlan, isBig: boolean, helpers: Set<string>) {
    this.module = module;
    this.general = module.general!;
    this.plan = plan;
    this.isBig = isBig;
    this.#suffix = isBig ? "Big" : "";
    this.#helpers = helpers;
  }

  /** A helper of the runtime, under a name that no spec can make. */
  use(helper: string): string {
    this.#helpers.add(helper);
    return `$${helper}`;
  }

  /** `Header`, or with its file in front where that is another. */
  title({ module, name }: TypeRef): string {
    if (module === this.module.id) return pascal(name);
    return name === module ? pascal(module) : pascal(module) + pascal(name);
  }

  type(ref: TypeRef): string {
    return this.title(ref) + this.#suffix;
  }

  /** What is written: the type without its computed values. */
  input(ref: TypeRef): string {
    return this.type(ref) + (this.plan.of(this.plan.typeOf(ref)).isComputed ? "Input" : "");
  }

  function(action: string, ref: TypeRef): string {
    return `$${action}${this.type(ref)}`;
  }

  /** The function of an instance. */
  instance(ref: TypeRef, name: string): string {
    return `${this.function("get", ref)}_${camel(name)}`;
  }

  /** What a type is given for its parameters. */
  args(values: readonly string[]): string {
    return values.length === 0 ? this.use("NO_ARGS") : `[${values.join(", ")}]`;
  }

  /** The function that works an instance out. */
  maker(ref: TypeRef, name: string): string {
    return `${this.function("make", ref)}_${camel(name)}`;
  }

  enumOf({ name, module }: TypeRef): Enum | undefined {
    return module === this.module.id ? this.module.enums.find((each) => each.name === name) : undefined;
  }

  isWide(kind: Kind): boolean {
    return kind.kind === "int" && (kind.wide === "bigint" || (kind.wide === "number" && this.isBig));
  }

  /** @param isInput of a value that is written */
  kind(kind: Kind, isInput = false): string {
    switch (kind.kind) {
      case "int":
        return this.isWide(kind) ? "bigint" : "number";
      case "float":
        return "number";
      case "enum": {
        // A number without a name keeps the names in sight.
        if (this.enumOf(kind.enum) === undefined) return "number";
        return kind.strict ? pascal(kind.enum.name) : `${pascal(kind.enum.name)} | (number & {})`;
      }
      case "bool":
        return "boolean";
      case "text":
        return "string";
      case "bytes":
        return "Uint8Array";
      case "io":
        return "unknown";
      case "list": {
        const item = this.kind(kind.of, isInput);
        return /^[\w$]+$/.test(item) ? `${item}[]` : `(${item})[]`;
      }
      case "type":
        return isInput ? this.input(kind.type) : this.type(kind.type);
      case "opaque":
        return `$${pascal(kind.name)}`;
      case "any":
        return kind.of.length === 0
          ? "unknown"
          : [...new Set(kind.of.map((one) => this.kind(one, isInput)))].join(" | ");
    }
  }

  /** The value of a frame by the type that it is of. */
  cast(text: string, kind: Kind): string {
    return kind.kind === "type" ? `(${text} as ${this.type(kind.type)})` : `(${text} as ${this.kind(kind)})`;
  }
}

export function refOf({ name, module }: GeneralType): TypeRef {
  return { name, module };
}
