/** Emits the functions of types that stand inside others, and of those that are read piece after piece. */
import type { Body, Type, TypeRef } from "../ir.js";
import { emitPut, emitSize } from "./write-emitter.js";
import type { Form, Scope } from "./form.js";
import { readInteger } from "./integers.js";
import { camel } from "../names.js";
import { pos, type Code, type SiteTable } from "./code.js";
import { behind } from "./paths.js";
import { emitSkip, emitSkipUnion } from "./skipping.js";
import { ReadEmitter } from "./read-emitter.js";

/** `$takeT`, `$putT` and `$sizeT`. @param isRecursive the type can stand inside itself, so that depth is counted */
export function emitHeld(form: Form, ref: TypeRef, isRecursive: boolean, code: Code): void {
  const { scope, big } = form;
  const name = (action: "take" | "put" | "size"): string => scope.functionOf(action, ref, big);
  if (scope.isSkipped(ref) && !big) emitGuardedSkip(form, scope.functionOf("skip", ref, false), isRecursive, code);
  if (!isRecursive) {
    new ReadEmitter(form, code).emitTake(name("take"));
    emitPut(form, name("put"), code);
    emitSize(form, name("size"), code);
    return;
  }
  const { sites, paramList, paramNames, typeText } = form;
  const next = scope.use("next");
  const max = scope.use("DEPTH_MAX");
  const site = sites.add("limit", "", form.type, "no deeper nesting");
  const params = behind(paramList);
  const names = behind(paramNames);
  code.block(
    `function ${name("take")}(bytes: Uint8Array, ${paramList}at: number, end: number): ${typeText} | undefined`,
    () => {
      code.line(`if (${next}.depth >= ${max}) return ${scope.use("refuse")}(${sites.name}, ${site}, at, ${max});`);
      code.line(`${next}.depth++;`);
      code.line(`const value = ${name("take")}$(bytes, ${paramNames}at, end);`);
      code.line(`${next}.depth--;`).line("return value;");
    },
  );
  code.block(`function ${name("size")}(value: ${typeText}${params}): number`, () => {
    code.line(`if (${next}.depth >= ${max}) ${scope.use("fail")}(${sites.name}, ${site}, 0, ${max});`);
    code.line(`${next}.depth++;`);
    code.line(`try { return ${name("size")}$(value${names}); } finally { ${next}.depth--; }`);
  });
  new ReadEmitter(form, code).emitTake(`${name("take")}$`);
  // What has been measured is not nested too deep.
  emitPut(form, name("put"), code);
  emitSize(form, `${name("size")}$`, code);
}

function emitGuardedSkip(form: Form, name: string, isRecursive: boolean, code: Code): void {
  if (!isRecursive) return emitSkip(form, name, code);
  const next = form.scope.use("next");
  code.block(`function ${name}(bytes: Uint8Array, ${form.paramList}at: number, end: number): number`, () => {
    code.line(`if (${next}.depth >= ${form.scope.use("DEPTH_MAX")}) return -2;`);
    code.line(`${next}.depth++;`);
    code.line(`const behind = ${name}$(bytes, ${form.paramNames}at, end);`);
    code.line(`${next}.depth--;`).line("return behind;");
  });
  emitSkip(form, `${name}$`, code);
}

/** `function readT(…): T | undefined` of a type that is read piece after piece: it has to end where the bytes end. */
export function emitStreamedRead(form: Form, ref: TypeRef, code: Code): void {
  const { name, scope, sites, paramList, paramNames, type } = form;
  code.block(
    `function read${name}(bytes: Uint8Array, ${paramList}at: number, end: number): ${name} | undefined`,
    () => {
      code.line(
        `if (at > end || end > ${scope.use("lengthOf")}(bytes) || at >>> 0 !== at || end >>> 0 !== end) return ${scope.use("refuseRange")}(${sites.name}, 0, 0, bytes, at, end);`,
      );
      const next = scope.use("next");
      code.line(`${scope.use("enter")}(bytes);`);
      code.line(`const value = ${scope.functionOf("take", ref, form.big)}(bytes, ${paramNames}at, end);`);
      code.line(`${scope.use("leave")}();`);
      if (type.open) code.line("return value;");
      else {
        code.line(`if (value === undefined || ${next}.at === end) return value;`);
        code.line(`return ${scope.use("refuse")}(${sites.name}, 1, ${next}.at, \`\${end - ${next}.at} bytes\`);`);
      }
    },
  );
}

type Union = Extract<Body, { shape: "union" }>;

/** The same functions of a type whose tag decides between layouts. */
export function emitHeldUnion(
  type: Type,
  union: Union,
  ref: TypeRef,
  forms: readonly Form[],
  scope: Scope,
  sites: SiteTable,
  code: Code,
  big: boolean,
  typeText: string,
): void {
  const { tag } = union;
  const tagEnd = tag.offset + tag.size;
  const variant = (form: Form): TypeRef => ({ name: form.type.name, module: ref.module });
  const kinds = forms.map((form) => form.kind).join(", ");
  const unknown = sites.add("kind", camel(tag.name), tag, `one of ${kinds}`);
  const short = sites.add("short", "", type, `at least ${tagEnd} bytes`);
  code.block(
    `function ${scope.functionOf("take", ref, big)}(bytes: Uint8Array, at: number, end: number): ${typeText} | undefined`,
    () => {
      code.line(
        `if (end - at < ${tagEnd}) return ${scope.use("refuse")}(${sites.name}, ${short}, at, \`\${end - at} bytes\`);`,
      );
      code.line(`const tag = ${readInteger("bytes", tag, { base: "at", add: 0 }, "number")};`);
      code.block("switch (tag)", () => {
        const order = union.variants.map((one, i) => ({ values: one.values, form: forms[i]! }));
        for (const { values, form } of order) {
          if (values === "else") continue;
          const call = `return ${scope.functionOf("take", variant(form), big)}(bytes, at, end);`;
          values.forEach((value, i) => code.line(i < values.length - 1 ? `case ${value}:` : `case ${value}: ${call}`));
        }
        const otherwise = order.find(({ values }) => values === "else");
        const refusal = `${scope.use("refuse")}(${sites.name}, ${unknown}, ${pos({ base: "at", add: tag.offset })}, tag)`;
        code.line(
          `default: return ${otherwise === undefined ? refusal : `${scope.functionOf("take", variant(otherwise.form), big)}(bytes, at, end)`};`,
        );
      });
    },
  );
  if (scope.isSkipped(ref) && !big) emitSkipUnion(ref, union, scope, code);
  const byKind = (call: (form: Form) => string, at: string): void => {
    code.block("switch (value?.kind)", () => {
      for (const form of forms) code.line(`case ${JSON.stringify(form.kind)}: return ${call(form)};`);
      code.line(
        `default: return ${scope.use("fail")}(${sites.name}, ${unknown}, ${at}, (value as { kind?: unknown } | undefined)?.kind);`,
      );
    });
  };
  code.block(
    `function ${scope.functionOf("put", ref, big)}(value: ${typeText}, bytes: Uint8Array, at: number): number`,
    () => {
      byKind((form) => `${scope.functionOf("put", variant(form), big)}(value, bytes, at)`, "at");
    },
  );
  code.block(`function ${scope.functionOf("size", ref, big)}(value: ${typeText}): number`, () => {
    byKind((form) => `${scope.functionOf("size", variant(form), big)}(value)`, "0");
  });
}
