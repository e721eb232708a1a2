/** Lays out a spec that needs the whole language: each type becomes a general one. */
import type { EndianChoice, General, GeneralType } from "../../general.js";
import { parseExpression } from "../../expression.js";
import { IR_VERSION, type Module } from "../../ir.js";
import { Keys } from "../../keys.js";
import { endianOf, nameOf, type SpecFile } from "../../load.js";
import { camel } from "../../names.js";
import { integerIn, Mistakes, specError, type Source } from "../../source.js";
import { lowerEnum } from "../enums.js";
import { AttributeLowering } from "./attribute.js";
import type { Need } from "./needs.js";
import { keyOf } from "../../references.js";
import type { TypeRef } from "../../type-ref.js";
import { resolveGeneral } from "./resolve.js";
import { expressionOf, INT, SpecScope, type TypeScope } from "./scope.js";
import { refusal, refusedAs } from "../../refused.js";

export { needOf, perhapsNeedOf, type Need } from "./needs.js";

/** Names that every JavaScript object has a use for. */
const INHERITED = new Set([...Object.getOwnPropertyNames(Object.prototype), "constructor"]);

/** Lays out every type of a file, and those of imported files that they hold. @throws WireError `spec` */
export function lowerGeneral(spec: SpecFile, because: Need): Module {
  const mistakes = new Mistakes();
  const scopes = new SpecScope(spec, (scope, e, near) => resolveGeneral(scope, e, near));
  const processors = new Set<string>();
  const opaque = new Set<string>();
  const held = new Set<string>();
  const lowered = new Map<string, GeneralType | undefined>();
  const lower = (scope: TypeScope): void => {
    if (lowered.has(scope.key)) return;
    lowered.set(scope.key, undefined);
    const type = mistakes.attempt(() => new TypeLowering(scopes, scope, processors).type());
    if (type === undefined) return;
    lowered.set(scope.key, type);
    for (const key of namedBy(type, opaque, held)) lower(scopes.all.find((other) => other.key === key)!);
  };
  for (const scope of scopes.all) if (scope.spec === spec) lower(scope);
  const enums = [...spec.enums].map(([name, source]) => mistakes.attempt(() => lowerEnum(name, source)));
  mistakes.tell();
  const general: General = {
    because,
    // What is of another file and is only named, as a parameter or by a cast, is read by a codec of its own.
    types: [...lowered].flatMap(([key, type]) =>
      type === undefined ? [] : [type.part && !held.has(key) ? { ...type, part: false } : type],
    ),
    processors: [...processors].sort(),
    opaque: [...opaque].sort(),
  };
  return {
    irVersion: IR_VERSION,
    package: spec.package,
    file: spec.file,
    id: spec.id,
    title: spec.title,
    doc: spec.doc,
    types: [],
    uses: [],
    enums: enums.filter((each) => each !== undefined),
    general,
  };
}

/**
 * The types that a type names, by their keys.
 * @param opaque gets the names of foreign ones
 * @param held gets those that its values hold
 */
function namedBy(type: GeneralType, opaque: Set<string>, held: Set<string>): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) return value.forEach(visit);
    const { content, kind, name, ...other } = value as { content?: string; kind?: string; name?: string };
    const { type: ref } = other as { type?: TypeRef };
    if (content === "type" || kind === "type") found.add(keyOf(ref!));
    if (content === "type") held.add(keyOf(ref!));
    if (content === "opaque") opaque.add(name!);
    Object.values(value).forEach(visit);
  };
  visit([type.params, type.endian, type.attributes, type.instances]);
  return found;
}

class TypeLowering {
  readonly #all: SpecScope;
  readonly #scope: TypeScope;
  readonly #processors: Set<string>;

  constructor(all: SpecScope, scope: TypeScope, processors: Set<string>) {
    this.#all = all;
    this.#scope = scope;
    this.#processors = processors;
  }

  type(): GeneralType {
    const scope = this.#scope;
    const { spec, source, isRoot } = scope;
    const mistakes = new Mistakes();
    const keys = new Keys(source);
    mistakes.attempt(() => scope.check());
    this.#meta(keys, isRoot);
    keys.pass("seq", "types", "enums", "instances", "doc-ref", "params");
    this.#toString(keys);
    const isOpen = keys.take("-open")?.boolean;
    const open = isOpen ?? false;
    const kind = scope.isCase ? (keys.take("-kind")?.text ?? this.#localName()) : null;
    const lowering = new AttributeLowering(scope, isOpen, this.#processors);
    const members = [...scope.members.values()];
    const part = this.#isPart();
    const type: GeneralType = {
      name: scope.name,
      module: spec.id,
      format: isRoot && spec.package === spec.id ? scope.name : `${spec.package}_${scope.name}`,
      file: spec.file,
      line: keys.line,
      doc: keys.take("doc")?.text.trim() ?? "",
      cite: keys.take("-spec")?.text ?? "",
      part,
      open,
      kind: members.some(({ name }) => name === "kind") ? null : kind,
      params: members.flatMap((member) => {
        const lowered = member.member === "param" ? mistakes.attempt(() => this.#param(member.source)) : undefined;
        return lowered === undefined ? [] : [lowered];
      }),
      endian: mistakes.attempt(() => this.#endian()) ?? null,
      attributes: members.flatMap((member) => {
        const lowered = member.member === "attribute" ? mistakes.attempt(() => lowering.attribute(member)) : undefined;
        return lowered === undefined ? [] : [lowered];
      }),
      instances: members.flatMap((member) => {
        if (member.member !== "value" && member.member !== "position") return [];
        const lowered = mistakes.attempt(() => lowering.instance(member));
        return lowered === undefined ? [] : [lowered];
      }),
    };
    mistakes.attempt(() => keys.close("a general type"));
    mistakes.attempt(() => this.#checkNames());
    mistakes.attempt(() => checkBits(type));
    mistakes.tell();
    return type;
  }

  #meta(keys: Keys, isRoot: boolean): void {
    const meta = keys.take("meta");
    if (meta === undefined || isRoot) return;
    const own = new Keys(meta);
    own.pass("endian", "bit-endian", "encoding");
    own.close("the 'meta' of a type");
  }

  /** A text for people says nothing about the bytes; it has to be an expression of the type all the same. */
  #toString(keys: Keys): void {
    const text = keys.take("to-string");
    if (text === undefined) return;
    const { kind } = resolveGeneral(this.#scope, parseExpression(text), text).is;
    if (kind !== "text") text.fail("'to-string' is a text");
  }

  #localName(): string {
    const parent = this.#scope.spec.declared.parentOf(this.#scope.name);
    return parent === null ? this.#scope.name : this.#scope.name.slice(parent.length + 1);
  }

  #isPart(): boolean {
    const { spec, isRoot } = this.#scope;
    return !isRoot && (spec !== this.#all.own || this.#all.isHeld(this.#scope));
  }

  #param(source: Source): GeneralType["params"][number] {
    const keys = new Keys(source);
    const name = nameOf(keys.need("id"));
    const is = this.#scope.kindOf(this.#scope.members.get(name)!);
    const doc = keys.take("doc")?.text ?? "";
    keys.pass("type", "enum", "doc-ref", "-spec");
    keys.close("a parameter");
    return { name, doc, is };
  }

  #endian(): EndianChoice | null {
    const source = this.#scope.endianChoice;
    if (source === undefined) return null;
    const keys = new Keys(source);
    const on = keys.need("switch-on");
    const cases = keys.need("cases");
    keys.close("a byte order");
    return {
      on: resolveGeneral(this.#scope, parseExpression(on, expressionOf(on)), on, { before: this.#before() }),
      cases: cases.entries().map(([key, target]) => {
        const integer = integerIn(key);
        const value = integer === undefined ? undefined : ({ op: "int", value: integer, is: INT } as const);
        const values =
          key === "_"
            ? ("else" as const)
            : [value ?? resolveGeneral(this.#scope, parseExpression(target, key), target)];
        return { values, endian: endianOf(target)! };
      }),
    };
  }

  /** The byte order is known before the first attribute is read. */
  #before(): number {
    return 0;
  }

  #checkNames(): void {
    const names = new Map<string, string>();
    for (const { name, source } of this.#scope.members.values()) {
      const shown = camel(name);
      const other = names.get(shown);
      if (other !== undefined)
        source.fail(refusedAs("oneName", `'${other}' and '${name}' make the same name ${shown}`));
      if (INHERITED.has(shown) || INHERITED.has(name)) source.fail(refusal("inherited", `the name '${name}'`));
      names.set(shown, name);
    }
  }
}

/** Bits of one order go on in a byte; those of the other need a byte of their own. */
function checkBits(type: GeneralType): void {
  let run = { width: 0, order: "" };
  for (const { content, repeat, condition, file, line } of type.attributes) {
    if (content.content !== "bits") {
      run = { width: 0, order: "" };
      continue;
    }
    const isKnown = repeat === null && condition === null;
    if (run.order !== "" && run.order !== content.order && (run.width % 8 !== 0 || !isKnown))
      throw specError(`${file}:${line}`, refusal("bitOrders"));
    run = { width: isKnown ? run.width + content.width : 1, order: content.order };
  }
}
