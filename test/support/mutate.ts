/** Mutates the bytes of a value, field by field. */
import { concatBytes, crc32 } from "../../src/bytes/index.js";
import { annotate, type Annotation } from "../../src/gen/annotate.js";
import { IR_VERSION, isImplied, type Module, type Type } from "../../src/gen/ir.js";
import { camel } from "../../src/gen/names.js";
import type { Random } from "../../src/testing/random.js";

type Params = Readonly<Record<string, number>>;

/** The bytes of a value, and where its fields are. */
export interface Specimen {
  readonly bytes: Uint8Array;
  readonly layout: Layout;
}

interface Layout {
  readonly fields: readonly Annotation[];
  /** Fields that may change alone. A changed constant or implied field always makes the value invalid. */
  readonly free: readonly Annotation[];
  readonly byPath: ReadonlyMap<string, Annotation>;
}

/** Finds the fields in the bytes of values, once for each layout of the format. */
export function specimensOf(type: Type): (bytes: Uint8Array, params: Params) => Specimen {
  const layouts = new Map<string, Layout>();
  const tag = type.body.shape === "union" ? type.body.tag.offset : 0;
  const implied = impliedNames(type);
  return (bytes, params) => {
    const key = JSON.stringify([bytes.length, params, type.body.shape === "union" && bytes[tag]]);
    let layout = layouts.get(key);
    if (layout === undefined) {
      const fields = leavesOf(type, bytes, params).filter(({ size }) => size > 0);
      const free = fields.filter(({ path, meaning }) => meaning !== "constant" && !implied.has(path));
      layout = { fields, free, byPath: new Map(fields.map((field) => [field.path, field])) };
      layouts.set(key, layout);
    }
    return { bytes, layout };
  };
}

/** The fields without children; empty groups are among them. */
export function leavesOf(type: Type, bytes: Uint8Array, params: Params): Annotation[] {
  return annotate(alone(type), type, bytes, () => undefined, params).flatMap(descend);
}

/** A module of nothing but one type, which holds no other as a piece. */
function alone(type: Type): Module {
  const names = { package: "", file: type.file, id: "", title: "", doc: "" };
  return { irVersion: IR_VERSION, ...names, types: [type], uses: [], enums: [] };
}

function descend(field: Annotation): Annotation[] {
  return field.children.length > 0 ? field.children.flatMap(descend) : [field];
}

/**
 * Changes one or two fields of a value, and sometimes cuts or extends its bytes. In 60 % of the changes the new bytes
 * come from another value, and in 80 % of the mutations checksums are corrected, so that codecs accept many of them.
 */
export function mutate(type: Type, { bytes, layout }: Specimen, other: Specimen, random: Random): Uint8Array {
  const { fields, free } = layout;
  let changed: Uint8Array = bytes.slice();
  for (let times = random.between(1, 2); times > 0 && fields.length > 0; times--) {
    const { path, offset, size, value } = random.pick(free.length > 0 && random.chance(0.85) ? free : fields);
    if (offset + size > changed.length) continue;
    const like = other.layout.byPath.get(path);
    const how = random.unit();
    if (typeof value === "string" && /^[01]+$/.test(value) && how < 0.7)
      changed[offset + ((value.length - 1) >> 4)]! ^= 1;
    else if (how < 0.6 && like?.size === size)
      changed.set(other.bytes.subarray(like.offset, like.offset + size), offset);
    else if (how < 0.8) changed.set(bytesLike(changed.subarray(offset, offset + size), random), offset);
    else if (how < 0.9) changed[offset + random.below(size)]! ^= 1 << random.below(8);
    else {
      const inserted = how < 0.95 ? new Uint8Array() : random.bytes(random.pick([1, size, 5, 21]));
      const after = changed.subarray(how < 0.95 ? offset + size : offset);
      changed = concatBytes(changed.subarray(0, offset), inserted, after);
    }
  }
  if (random.chance(0.04)) changed = changed.subarray(0, random.below(changed.length + 1));
  if (random.chance(0.04)) changed = concatBytes(changed, random.bytes(random.between(1, 4)));
  if (random.chance(0.8)) mendChecksums(changed, type);
  return changed;
}

function impliedNames(type: Type): Set<string> {
  const bodies = type.body.shape === "plain" ? [type.body] : type.body.variants.map((v) => v.type.body);
  return new Set(
    bodies
      .flatMap((body) =>
        body.shape === "plain"
          ? body.blocks.flatMap((block) => (block.block === "fixed" ? block.fields.filter(isImplied) : []))
          : [],
      )
      .map(({ name }) => camel(name)),
  );
}

function bytesLike(bytes: Uint8Array, random: Random): Uint8Array {
  const isText = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return bytes.map(() => (isText ? random.between(0x20, 0x7e) : random.pick([0, 1, 255, random.below(256)])));
}

/** Corrects the checksums among the fixed fields at the beginning of a format. */
function mendChecksums(bytes: Uint8Array, type: Type): void {
  const first = type.body.shape === "plain" ? type.body.blocks[0] : undefined;
  if (first?.block !== "fixed" || first.size > bytes.length) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (const field of first.fields) {
    if (field.kind !== "int" || field.derive?.from !== "crc32") continue;
    const { of } = field.derive;
    const covered = first.fields.find(({ name }) => name === of);
    // A covered field outside the fixed fields is the one block that follows them.
    const [at, size] = covered === undefined ? [first.size, bytes.length] : [covered.offset, covered.size];
    view.setUint32(field.offset, crc32(bytes, 0, at, Math.min(at + size, bytes.length)));
  }
}
