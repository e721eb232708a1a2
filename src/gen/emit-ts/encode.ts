/** Emits the encoders of a type. */
import { camel } from "../names.js";
import type { Code } from "./code.js";
import type { Form } from "./form.js";
import { behind } from "./paths.js";
import { emitWriter } from "./write-emitter.js";

/** `encodeT`, `encodeTInto`, and `encodeTIntoView` where it was asked for. */
export function emitEncode(form: Form, code: Code): void {
  if (form.isStreamed) return emitStreamedEncode(form, code);
  const lengthOf = `${camel(form.type.name) + (form.big ? "Big" : "")}Length`;
  code.doc("@throws WireError when the value does not fit the format.");
  code.block(`export function encode${form.name}(value: ${form.name}): ${form.scope.use("NewBytes")}`, () => {
    code.line(`const bytes = new Uint8Array(${form.size === null ? `${lengthOf}(value)` : form.size});`);
    code.line(`encode${form.name}Into(value, bytes, 0);`);
    code.line("return bytes;");
  });
  code.doc(INTO);
  emitWriter(form, code, "bytes");
  if (!form.has("view")) return;
  code.doc("The same into a view that the caller holds: the fastest form.");
  emitWriter(form, code, "view");
}

const INTO =
  "Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room";

/** A value is measured first, so that nothing is written where there is no room. */
function emitStreamedEncode(form: Form, code: Code): void {
  const { name, scope, formatWritten, type } = form;
  const ref = { name: type.name, module: scope.module };
  const [size, put] = [scope.functionOf("size", ref, form.big), scope.functionOf("put", ref, form.big)];
  const params = form.writeParamNames;
  const measured = `${size}(value${behind(params)})`;
  const list = behind(form.writeParams);
  code.doc("@throws WireError when the value does not fit the format.");
  // Expressions over a value of wrong types cannot be worked out.
  const guarded = (body: () => void): void => {
    code.block("try", body, ` catch (error) { throw ${scope.use("foreign")}(error, ${formatWritten}); }`);
  };
  code.block(`export function encode${name}(value: ${name}${list}): ${scope.use("NewBytes")}`, () =>
    guarded(() => {
      code.line(`const bytes = new Uint8Array(${measured});`);
      code.line(`${put}(value, ${params}bytes, 0);`);
      code.line("return bytes;");
    }),
  );
  code.doc(INTO);
  code.block(
    `export function encode${name}Into(value: ${name}, ${form.writeParams}bytes: Uint8Array, at = 0): number`,
    () =>
      guarded(() => {
        code.line(`const need = ${measured};`);
        code.line(
          `if (${scope.use("lengthOf")}(bytes) - at < need || at >>> 0 !== at) ${scope.use("failSpace")}(${formatWritten}, need, bytes, at);`,
        );
        code.line(`return ${put}(value, ${params}bytes, at);`);
      }),
  );
  if (!form.has("view")) return;
  code.doc("The same into a view that the caller holds.");
  code.block(
    `export function encode${name}IntoView(value: ${name}, ${form.writeParams}view: DataView, at: number): number`,
    () => {
      code.line(
        `return encode${name}Into(value, ${params}new Uint8Array(view.buffer, view.byteOffset, view.byteLength), at);`,
      );
    },
  );
}
