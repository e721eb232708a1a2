/** Emits the decoders of a type. */
import type { Code } from "./code.js";
import { isFree, type Form } from "./form.js";
import { ReadEmitter } from "./read-emitter.js";

/** `function readT(…): T | undefined`. */
export function emitRead(form: Form, code: Code): void {
  const head = `function read${form.name}(bytes: Uint8Array, ${form.paramList}at: number, end: number): ${form.name} | undefined`;
  code.block(head, () => {
    if (hasSmallTests(form)) new ReadEmitter(form, code).emitValue();
    else new ReadEmitter(form, code).emitTestsAndValue();
  });
}

/** True when the tests are on a byte or two each: to read those again costs next to nothing. */
function hasSmallTests(form: Form): boolean {
  const [block] = form.blocks;
  if (form.blocks.length !== 1 || block?.block !== "fixed") return false;
  const tested = block.fields.filter((field) => !isFree([field], form.big));
  return tested.length > 1 && tested.every((field) => field.kind === "int" && field.size <= 2 && !field.derive);
}

/** Wrappers that throw, and that do not. */
export function emitDecode(form: Form, code: Code): void {
  const { name, scope, paramList, paramNames } = form;
  code.doc(`@throws WireError when the bytes are no ${form.type.format}.`);
  code.block(
    `export function decode${name}(bytes: Uint8Array, ${paramList}at = 0, end: number = ${scope.use("lengthOf")}(bytes)): ${name}`,
    () => {
      code.line(`return read${name}(bytes, ${paramNames}at, end) ?? ${scope.use("raise")}();`);
    },
  );
  code.doc("The same without throwing, for hot and hostile paths.");
  code.block(
    `export function tryDecode${name}(bytes: Uint8Array, ${paramList}at = 0, end: number = ${scope.use("lengthOf")}(bytes)): ${scope.use("Result")}<${name}>`,
    () => {
      code.line(`const value = read${name}(bytes, ${paramNames}at, end);`);
      code.line(`return value === undefined ? ${scope.use("failure")}() : { ok: true, value };`);
    },
  );
}
