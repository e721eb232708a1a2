/** Emits the writing and the measuring of one type from its plans. */
import { isStreamed, type TypeRef } from "../ir.js";
import { camel } from "../names.js";
import { planSize, planWrite } from "../plan/write.js";
import type { SizePlan, WritePlan } from "../plan/write-plan.js";
import { Code, pos } from "./code.js";
import type { Form } from "./form.js";
import type { Medium } from "./integers.js";
import { behind, marked, names, siteOf, tagLocal, withoutUnusedMarks } from "./paths.js";
import { SizeEmitter } from "./size-emitter.js";
import { cursorOf } from "./skipping.js";
import { isNoCount, toldLine, WriteSteps } from "./write-steps.js";

/** `encodeTInto`, or `encodeTIntoView`. */
export function emitWriter(form: Form, code: Code, medium: Medium): void {
  const { name, scope, formatWritten, blocks } = form;
  const { first, size, lengths, steps } = writePlanOf(form, false);
  const body = new Code();
  const writer = new WriteSteps(form, body, medium, false);
  writer.write(first);
  const need = [
    ...(size > 0 || lengths.length === 0 ? [String(size)] : []),
    ...lengths.map((length) => writer.amount(length)),
  ].join(" + ");
  const needed = lengths.length === 0 ? need : "need";
  if (lengths.length > 0) body.line(`const need = ${need};`);
  const room = medium === "bytes" ? `${scope.use("lengthOf")}(bytes)` : "view.byteLength";
  body.line(
    `if (${room} - at < ${needed} || at >>> 0 !== at) ${scope.use("failSpace")}(${formatWritten}, ${needed}, ${medium}, at);`,
  );
  if (medium === "view" && blocks.some((block) => block.block === "bytes"))
    body.line("const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);");
  writer.write(steps);
  body.line(`return at + ${needed};`);
  const text = withoutUnusedMarks(String(body));
  // What holds constants alone asks for no value.
  const value = marked("value", text);
  const head =
    medium === "bytes"
      ? `export function encode${name}Into(${value}: ${name}, bytes: Uint8Array, at = 0): number`
      : `export function encode${name}IntoView(${value}: ${name}, view: DataView, at: number): number`;
  code.block(head, () => code.text(text));
}

/** `function $putT(…): number`: writes a value where there is room, and returns the position behind it. */
export function emitPut(form: Form, ref: TypeRef, name: string, code: Code): void {
  const { first, steps, end } = writePlanOf(form, true, form.scope.layouts.tellsReach(ref));
  const body = new Code();
  const writer = new WriteSteps(form, body, "bytes", true);
  writer.write(first);
  writer.write(steps);
  body.line(`return ${pos(cursorOf(end))};`);
  const text = withoutUnusedMarks(String(body));
  const params = form.paramsOf(text);
  const head = `function ${name}(value: ${form.inputText}, ${params}${marked("bytes", text)}: Uint8Array, at: number): number`;
  code.block(head, () => code.text(text));
}

/** `function $sizeT(…): number`: the bytes that a value takes. */
export function emitSize(form: Form, name: string, code: Code): void {
  const { scope, type } = form;
  if (form.size !== null) {
    const list = behind(form.paramsOf(""));
    code.line(`function ${name}(_value: ${form.inputText}${list}): number { return ${form.size}; }`);
    return;
  }
  const { size, steps } = sizePlanOf(form, true);
  const body = new Code();
  const sizes = new SizeEmitter(form, body, "0");
  const site = form.written.add("argument", "", type, "an object");
  body.line(`let $$size = ${size};`);
  for (const step of steps) sizes.add(step);
  body.line("return $$size;");
  const text = String(body);
  const params = form.paramsOf(text);
  code.block(`function ${name}(value: ${form.inputText}${behind(params)}): number`, () => {
    code.line(`${scope.use("requireObject")}(${site}, 0, value);`);
    for (const [of, told] of form.tags) if (names(text, tagLocal(of))) code.line(toldLine(of, told));
    code.text(text);
  });
}

/** `tLength(v)`: the bytes that a value takes. It is the module's own where it was not asked for. */
export function emitLength(form: Form, code: Code): void {
  const { scope, written, type, blocks } = form;
  const visibility = form.has("length") ? "export " : "";
  const name = `${camel(type.name)}${form.big ? "Big" : ""}Length`;
  if (isStreamed(type)) {
    const measured = scope.functionOf("size", { name: type.name, module: scope.module }, form.big);
    code.doc("Bytes that a value takes on the wire. @throws WireError `argument`");
    code.line(
      `${visibility}function ${name}(value: ${form.name}${behind(form.writeParams)}): number { return ${measured}(value${behind(form.writeParamNames)}); }`,
    );
    return;
  }
  const { size, steps } = sizePlanOf(form, false);
  const terms: string[] = size > 0 ? [String(size)] : [];
  const checks: string[] = [];
  for (const step of steps) {
    if (step.step !== "bytes" && step.step !== "items") throw new TypeError("a flat layout has flat blocks alone");
    const { slot, otherwise } = step;
    const site = siteOf(written, otherwise);
    const value = `value?.${camel(slot.of)}`;
    const local = `$${camel(slot.of)}`;
    const count = `${local}$count`;
    if (step.step === "items") {
      checks.push(`const ${count} = ${value}?.length ?? -1;`);
      const refusal = `${scope.use("fail")}(${site}, 0, ${count});`;
      checks.push(`if (${isNoCount(count)} || ${count} < 0) ${refusal}`);
      if (step.size === "bit") terms.push(`Math.ceil(${count} / 8)`);
      else terms.push(step.size === 1 ? count : `${step.size} * ${count}`);
    } else if (step.text !== null) {
      terms.push(`(${scope.use(step.text === "ascii" ? "asciiBytes" : "utf8Bytes")}(${value})?.length ?? 0)`);
    } else {
      checks.push(`const ${local} = ${value};`);
      const refusal = `${scope.use("failBytes")}(${site}, 0, ${local});`;
      checks.push(`if (${scope.use("lengthOf")}(${local}) < 0) ${refusal}`);
      terms.push(`${local}.length`);
    }
  }
  code.doc(
    `Bytes that a value takes on the wire.${checks.length > 0 ? " @throws WireError where it has no length" : ""}`,
  );
  const unused = blocks.every((block) => block.block === "fixed");
  code.block(`${visibility}function ${name}(${unused ? "_value" : "value"}: ${form.name}): number`, () => {
    for (const check of checks) code.line(check);
    code.line(`return ${terms.length === 0 ? "0" : terms.join(" + ")};`);
  });
}

function writePlanOf({ blocks, type, scope }: Form, isHeld: boolean, tellsReach = false): WritePlan {
  return planWrite({ blocks, type, isHeld, tellsReach }, (ref) => scope.layout(ref));
}

function sizePlanOf({ blocks, type, scope }: Form, isHeld: boolean): SizePlan {
  return planSize({ blocks, type, isHeld, tellsReach: false }, (ref) => scope.layout(ref));
}
