/** Emits how long the value is that starts somewhere, from its plan. */
import { planEnd, tellsItsEnd } from "../plan/end.js";
import { planFront } from "../plan/front.js";
import { type Code, pos, type Cursor } from "./code.js";
import type { Form, Scope } from "./form.js";
import { cursorOf, StepWriter, type Answers } from "./skipping.js";

/** True when the bytes of a value tell where it ends. */
export function canPeek(form: Form): boolean {
  return tellsItsEnd(form.type, (ref) => form.scope.layout(ref));
}

/** Of a function that answers a length otherwise. */
const PEEKED: Answers = { more: "0", never: "-1" };

/** `peekTLength(bytes, at, end)`: above 0 the whole length, 0 need more bytes, below 0 refuse. */
export function emitPeek(form: Form, code: Code): void {
  const { name, size, paramList } = form;
  code.doc(
    "How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`",
  );
  code.block(
    `export function peek${name}Length(bytes: Uint8Array, ${paramList}at: number, end: number): number`,
    () => {
      emitRangeTest(form.formatRead, form.scope, code);
      new StepWriter(form, code, PEEKED).write(planFront(form.blocks));
      if (size !== null) return void code.line(`return ${size};`);
      if (form.isStreamed) return emitSkipped(form, code);
      const { steps, end } = planEnd(form.blocks);
      new StepWriter(form, code, PEEKED).write(steps);
      code.line(`return ${relative(cursorOf(end))};`);
    },
  );
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
