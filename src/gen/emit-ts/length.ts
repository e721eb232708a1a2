/** Emits how many bytes a value takes. */
import type { BitsBlock, BytesBlock, ItemsBlock } from "../ir.js";
import { camel } from "../names.js";
import { limitsText } from "../plan/rules.js";
import type { Code } from "./code.js";
import type { Form } from "./form.js";
import { behind } from "./paths.js";

/** `tLength(v)`: the bytes that a value takes. It is the module's own where it was not asked for. */
export function emitLength(form: Form, code: Code): void {
  if (form.isStreamed) return emitStreamedLength(form, code);
  const terms: string[] = form.baseSize > 0 ? [String(form.baseSize)] : [];
  const checks: string[] = [];
  for (const block of form.blocks) {
    if (block.block === "fixed" || block.block === "piece") continue;
    const value = `value?.${camel(block.name)}`;
    const local = `$${camel(block.name)}`;
    const site = form.sites.add("count", camel(block.name), block, countsOf(block));
    if (block.block === "bytes" && block.text !== null) {
      const encoded = form.scope.use(block.text === "ascii" ? "asciiBytes" : "utf8Bytes");
      terms.push(`(${encoded}(${value})?.length ?? 0)`);
    } else if (block.block === "bytes") {
      checks.push(`const ${local} = ${value};`);
      const refusal = `${form.scope.use("failBytes")}(${form.sites.name}, ${site}, 0, ${local});`;
      checks.push(`if (${form.scope.use("lengthOf")}(${local}) < 0) ${refusal}`);
      terms.push(`${local}.length`);
    } else {
      const count = `${local}$count`;
      checks.push(`const ${count} = ${value}?.length ?? -1;`);
      const refusal = `${form.scope.use("fail")}(${form.sites.name}, ${site}, 0, ${count});`;
      checks.push(`if (${isNoCount(count)} || ${count} < 0) ${refusal}`);
      if (block.block === "bits") terms.push(`Math.ceil(${count} / 8)`);
      else terms.push(block.item.size === 1 ? count : `${block.item.size} * ${count}`);
    }
  }
  const name = camel(form.type.name) + (form.big ? "Big" : "");
  code.doc(
    `Bytes that a value takes on the wire.${checks.length > 0 ? " @throws WireError where it has no length" : ""}`,
  );
  const unused = form.blocks.every((block) => block.block === "fixed");
  const visibility = form.has("length") ? "export " : "";
  code.block(`${visibility}function ${name}Length(${unused ? "_value" : "value"}: ${form.name}): number`, () => {
    for (const check of checks) code.line(check);
    code.line(`return ${terms.length === 0 ? "0" : terms.join(" + ")};`);
  });
}

function emitStreamedLength(form: Form, code: Code): void {
  const { type, scope, big } = form;
  const params = behind(form.writeParams);
  const names = behind(form.writeParamNames);
  const size = scope.functionOf("size", { name: type.name, module: scope.module }, big);
  const name = camel(type.name) + (big ? "Big" : "");
  code.doc("Bytes that a value takes on the wire. @throws WireError `argument`");
  const visibility = form.has("length") ? "export " : "";
  code.line(
    `${visibility}function ${name}Length(value: ${form.name}${params}): number { return ${size}(value${names}); }`,
  );
}

/** The test that a length is none: what has one need not be a list. */
export function isNoCount(count: string): string {
  return `!Number.isInteger(${count})`;
}

/** How many items or bytes a block may have, for a message. */
export function countsOf(block: ItemsBlock | BytesBlock | BitsBlock): string {
  if (block.block === "bits") return "at least 0 items";
  const unit = block.block === "bytes" ? "bytes" : "items";
  return limitsText(block.min, block.max, unit);
}

/** The test that a number breaks them; empty where it cannot. */
export function limitsTest(count: string, min: number, max: number | null): string {
  const tests = [...(min > 0 ? [`${count} < ${min}`] : []), ...(max === null ? [] : [`${count} > ${max}`])];
  return tests.join(" || ");
}
