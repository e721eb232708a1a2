/** Emits the functions of types that stand inside others, and of those that are read piece after piece. */
import type { TypeRef } from "../ir.js";
import type { ChoicePlan, Way } from "../plan/choice.js";
import { emitKindSwitch, emitTagSwitch, OTHER_KIND } from "./choices.js";
import { emitPut, emitSize } from "./write-emitter.js";
import type { Form, PieceAction, Scope } from "./form.js";
import { readInteger } from "./integers.js";
import { pos, type Code, type FormatTables, type SiteTable } from "./code.js";
import { siteOf } from "./paths.js";
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
    emitPut(form, ref, name("put"), code);
    emitSize(form, name("size"), code);
    return;
  }
  const { paramList, paramNames, typeText, inputText } = form;
  const next = scope.use("next");
  const max = scope.use("DEPTH_MAX");
  const tooDeep = (sites: SiteTable): string => sites.add("limit", "", form.type, "no deeper nesting");
  const params = behind(paramList);
  const names = behind(paramNames);
  code.block(
    `function ${name("take")}(bytes: Uint8Array, ${paramList}at: number, end: number): ${typeText} | undefined`,
    () => {
      code.line(`if (${next}.depth >= ${max}) return ${scope.use("refuse")}(${tooDeep(form.sites)}, at, ${max});`);
      code.line(`${next}.depth++;`);
      code.line(`const value = ${name("take")}$(bytes, ${paramNames}at, end);`);
      code.line(`${next}.depth--;`).line("return value;");
    },
  );
  code.block(`function ${name("size")}(value: ${inputText}${params}): number`, () => {
    code.line(`if (${next}.depth >= ${max}) ${scope.use("fail")}(${tooDeep(form.written)}, 0, ${max});`);
    code.line(`${next}.depth++;`);
    code.line(`try { return ${name("size")}$(value${names}); } finally { ${next}.depth--; }`);
  });
  new ReadEmitter(form, code).emitTake(`${name("take")}$`);
  // What has been measured is not nested too deep.
  emitPut(form, ref, name("put"), code);
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
  const { name, scope, paramList, paramNames, type } = form;
  code.block(
    `function read${name}(bytes: Uint8Array, ${paramList}at: number, end: number): ${name} | undefined`,
    () => {
      code.line(
        `if (at > end || end > ${scope.use("lengthOf")}(bytes) || at >>> 0 !== at || end >>> 0 !== end) return ${scope.use("refuseRange")}(${form.tooShort}, 0, bytes, at, end);`,
      );
      const next = scope.use("next");
      code.line(`${scope.use("enter")}(bytes);`);
      code.line(`const value = ${scope.functionOf("take", ref, form.big)}(bytes, ${paramNames}at, end);`);
      code.line(`${scope.use("leave")}();`);
      if (type.open) code.line("return value;");
      else {
        code.line(`if (value === undefined || ${next}.at === end) return value;`);
        code.line(`return ${scope.use("refuse")}(${form.tooLong}, ${next}.at, \`\${end - ${next}.at} bytes\`);`);
      }
    },
  );
}

/** The same functions of a type whose tag decides between layouts. */
export function emitHeldUnion(
  plan: ChoicePlan,
  ref: TypeRef,
  scope: Scope,
  tables: FormatTables,
  code: Code,
  big: boolean,
  typeText: string,
): void {
  const { tag, need } = plan;
  const reading = tables.reading(big);
  const name = (action: PieceAction, way: Way): string =>
    scope.functionOf(action, { name: way.type.name, module: ref.module }, big);
  const take = scope.functionOf("take", ref, big);
  code.block(`function ${take}(bytes: Uint8Array, at: number, end: number): ${typeText} | undefined`, () => {
    code.line(
      `if (end - at < ${need}) return ${scope.use("refuse")}(${siteOf(reading, plan.short)}, at, \`\${end - at} bytes\`);`,
    );
    code.line(`const tag = ${readInteger("bytes", tag, { base: "at", add: 0 }, "number")};`);
    const refusal = `${scope.use("refuse")}(${siteOf(reading, plan.unknown)}, ${pos({ base: "at", add: tag.offset })}, tag)`;
    emitTagSwitch(plan, "tag", code, (way) => `${name("take", way)}(bytes, at, end)`, refusal);
  });
  if (scope.isSkipped(ref) && !big) emitSkipUnion(plan, ref, scope, code);
  const fail = (at: string): string =>
    `${scope.use("fail")}(${siteOf(tables.writing(big), plan.unknown)}, ${at}, ${OTHER_KIND})`;
  const put = scope.functionOf("put", ref, big);
  code.block(`function ${put}(value: ${typeText}, bytes: Uint8Array, at: number): number`, () =>
    emitKindSwitch(plan, code, (way) => `${name("put", way)}(value, bytes, at)`, fail("at")),
  );
  code.block(`function ${scope.functionOf("size", ref, big)}(value: ${typeText}): number`, () =>
    emitKindSwitch(plan, code, (way) => `${name("size", way)}(value)`, fail("0")),
  );
}
