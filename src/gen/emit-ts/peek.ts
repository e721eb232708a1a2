/** Emits how long the value is that starts somewhere. */
import { camel } from "../names.js";
import { advance, type Code, pos, type Cursor } from "./code.js";
import { extentOf, type Form, type Scope } from "./form.js";
import type { Field } from "../ir.js";
import { asInteger, bounds, isWide, readBits, readInteger, ruleTests } from "./integers.js";
import { localOf, paramLocal } from "./paths.js";
import { canSkip } from "./skipping.js";

/** True when the bytes of a value tell where it ends. */
export function canPeek(form: Form): boolean {
  return form.isStreamed ? form.minSize > 0 && canSkip(form.type, form.scope) : form.rest === null;
}

/** `peekTLength(bytes, at, end)`: above 0 the whole length, 0 need more bytes, below 0 refuse. */
export function emitPeek(form: Form, code: Code): void {
  const { name, size, paramList } = form;
  code.doc(
    "How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`",
  );
  code.block(
    `export function peek${name}Length(bytes: Uint8Array, ${paramList}at: number, end: number): number`,
    () => {
      emitRangeTest(form.sites.name, form.scope, code);
      emitFrontTests(form, code);
      if (size !== null) return void code.line(`return ${size};`);
      if (form.isStreamed) return emitSkipped(form, code);
      let cursor: Cursor = { base: "at", add: 0 };
      const starts = new Map<string, Cursor>();
      form.blocks.forEach((block, index) => {
        if (block.block === "fixed") {
          const used = form.blocks
            .slice(index)
            .some(
              (b) =>
                b.block !== "fixed" &&
                b.block !== "piece" &&
                extentOf(b).from === "field" &&
                block.fields.some((f) => f.name === (extentOf(b) as { field: string }).field),
            );
          cursor = advance(cursor, block.size);
          if (used) code.line(`if (end - at < ${relative(cursor)}) return 0;`);
          for (const field of block.fields) starts.set(field.name, advance(cursor, -block.size));
          return;
        }
        if (block.block === "piece") return;
        const extent = extentOf(block);
        if (extent.from === "rest") return;
        const count = `$${camel(block.name)}$count`;
        if (extent.from === "param") {
          code.line(`const ${count} = ${paramLocal(extent.param)}${extent.plus === 0 ? "" : ` + ${extent.plus}`};`);
        } else {
          const field = form.blocks
            .flatMap((b) => (b.block === "fixed" ? b.fields : []))
            .find((f) => f.name === extent.field)!;
          if (field.kind !== "int") return;
          const local = `$${camel(field.name)}`;
          code.line(`const ${local} = ${readInteger("bytes", field, starts.get(field.name)!, "number")};`);
          const free = bounds({ ...field, rule: null });
          const { min, max } = bounds(field);
          const tests = [
            ...(min > free.min ? [`${local} < ${min}`] : []),
            ...(max < free.max ? [`${local} > ${max}`] : []),
          ];
          if (tests.length > 0) code.line(`if (${tests.join(" || ")}) return -1;`);
          code.line(
            `const ${count} = ${local}${extent.plus === 0 ? "" : extent.plus > 0 ? ` + ${extent.plus}` : ` - ${-extent.plus}`};`,
          );
          if (extent.plus < 0) code.line(`if (${count} < 0) return -1;`);
        }
        const limits =
          block.block === "bits"
            ? []
            : [
                ...(block.min > 0 ? [`${count} < ${block.min}`] : []),
                ...(block.max === null ? [] : [`${count} > ${block.max}`]),
              ];
        if (limits.length > 0) code.line(`if (${limits.join(" || ")}) return -1;`);
        const bytes =
          block.block === "bits"
            ? `Math.ceil(${count} / 8)`
            : block.block === "items"
              ? `${count} * ${block.item.size}`
              : count;
        const next = `$$p${index}`;
        code.line(`const ${next} = ${pos(cursor)} + ${bytes};`);
        cursor = { base: next, add: 0 };
      });
      code.line(`return ${relative(cursor)};`);
    },
  );
}

/**
 * Refuses what cannot be the front of a value: constants byte by byte and rules of whole fields, as far as bytes are
 * there, up to the first block of variable size. A reader of a damaged stream looks for the next value by them.
 */
function emitFrontTests(form: Form, code: Code): void {
  let cursor: Cursor = { base: "at", add: 0 };
  for (const block of form.blocks) {
    if (block.block !== "fixed") return;
    fieldTests(block.fields, cursor, code);
    cursor = advance(cursor, block.size);
  }
}

function fieldTests(fields: readonly Field[], cursor: Cursor, code: Code): void {
  for (const field of fields) {
    const from = cursor.add + field.offset;
    if (field.kind === "struct") fieldTests(field.fields, cursor, code);
    else if (field.kind === "const") {
      const tests = field.bytes.map((byte, i) => {
        const place = pos({ base: "at", add: from + i });
        return `end > ${place} && bytes[${place}] !== ${byte}`;
      });
      code.line(`if (${anyOf(tests)}) return -1;`);
    } else if ((field.kind === "int" || field.kind === "bits") && !isWide(field)) {
      const isInteger = field.kind === "int";
      const local = localOf(camel(field.name));
      const tests = ruleTests(isInteger ? field : asInteger(field), local, "number").map(({ test }) => test);
      if (tests.length === 0) continue;
      code.block(`if (end - at >= ${from + field.size})`, () => {
        const read = isInteger
          ? readInteger("bytes", field, cursor, "number")
          : `Number(${readBits("bytes", field, cursor)})`;
        code.line(`const ${local} = ${read};`);
        code.line(`if (${anyOf(tests)}) return -1;`);
      });
    }
  }
}

function anyOf(tests: readonly string[]): string {
  return tests.length === 1 ? tests[0]! : tests.map((test) => `(${test})`).join(" || ");
}

/** A position becomes a length; -1, more bytes are needed, becomes 0, and -2 becomes -1. */
function emitSkipped(form: Form, code: Code): void {
  const { scope, type, paramNames } = form;
  const skip = scope.functionOf("skip", { name: type.name, module: scope.module }, false);
  code.line(`${scope.use("next")}.depth = 0;`);
  code.line(`const behind = ${skip}(bytes, ${paramNames}at, end);`);
  code.line("return behind >= 0 ? behind - at : behind + 1;");
}

/** A peek beyond the bytes, or into none, would answer zeros. */
export function emitRangeTest(sites: string, scope: Scope, code: Code): void {
  code.line(
    `if (end > ${scope.use("lengthOf")}(bytes) || at >>> 0 !== at || end >>> 0 !== end) ${scope.use("failRange")}(${sites}, bytes, at, end);`,
  );
}

function relative(cursor: Cursor): string {
  return cursor.base === "at" ? String(cursor.add) : `${pos(cursor)} - at`;
}
