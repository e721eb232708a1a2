/** Plans as people read them, a line a step. */
import type { BitField, IntField } from "../ir.js";
import { plainExprText } from "../text.js";
import type { Amount, Breach, EndPlan, Place, Slot, Step, Unknown } from "./plan.js";

/** The steps that find the end of a value, and where that is. */
export function endText({ steps, end }: EndPlan): string {
  return [...stepLines(steps), `end at ${placeText(end)}`].join("\n");
}

/** Steps, those inside others indented. */
export function stepLines(steps: readonly Step[]): string[] {
  return steps.flatMap(linesOf);
}

function linesOf(step: Step): string[] {
  switch (step.step) {
    case "need":
      return [`need bytes up to ${placeText(step.to)}, otherwise ${unknownText(step.otherwise)}`];
    case "reached":
      return [`where there are bytes up to ${placeText(step.to)}:`, ...indented(step.steps)];
    case "match":
      return [
        `each byte from ${placeText(step.at)} that is there is of ${step.bytes.map(hex).join(" ")}, otherwise ${unknownText(step.otherwise)}`,
      ];
    case "load":
      return [`${slotText(step.slot)} = ${fieldText(step.field)} at ${placeText(step.at, step.field.offset)}`];
    case "clear":
      return [`${slotText(step.slot)} = 0`];
    case "let":
      return [`${slotText(step.slot)} = ${amountText(step.amount)}`];
    case "test":
      return step.breaches.map((breach) => `if ${breachText(step.slot, breach)}: ${unknownText(step.otherwise)}`);
    case "mark":
      return [`mark ${step.mark} = ${placeText(step.at)}${step.by === null ? "" : ` + ${amountText(step.by)}`}`];
    case "move":
      return [`mark ${step.mark} += ${amountText(step.by)}`];
    case "varint": {
      const { order, maxBytes } = step.content;
      const name = step.slot === null ? "" : `${slotText(step.slot)} = `;
      return [`${name}${order} integer of up to ${maxBytes} bytes at mark ${step.mark}, which moves behind it`];
    }
    case "call": {
      const args = step.args.length === 0 ? "" : `(${step.args.map(plainExprText).join(", ")})`;
      return [`mark ${step.mark} moves behind a ${step.type.name}${args}`];
    }
    case "when":
      return [`if ${plainExprText(step.condition)}:`, ...indented(step.steps)];
    case "each":
      return [`${slotText(step.count)} times:`, ...indented(step.steps)];
    case "until":
      return [`until ${plainExprText(step.last)}, where _ is ${slotText(step.item)}:`, ...indented(step.steps)];
    case "switch":
      return [
        `by ${plainExprText(step.on)}:`,
        ...step.cases.flatMap(({ values, steps }) => [
          `  ${values === "else" ? "any other" : values.map((value) => JSON.stringify(value)).join(", ")}:`,
          ...indented(steps).map((line) => `  ${line}`),
        ]),
        ...(step.cases.some(({ values }) => values === "else") ? [] : [`  any other: ${unknownText(step.otherwise)}`]),
      ];
  }
}

function indented(steps: readonly Step[]): string[] {
  return stepLines(steps).map((line) => `  ${line}`);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

function unknownText(unknown: Unknown): string {
  return unknown === "more" ? "more bytes are needed" : "no value starts so";
}

function placeText({ from, plus }: Place, more = 0): string {
  const add = plus + more;
  if (from === "start") return String(add);
  return add === 0 ? `mark ${from}` : `mark ${from} + ${add}`;
}

function slotText({ of, as }: Slot): string {
  return as === "value" ? of : `${as} of ${of}`;
}

function fieldText(field: IntField | BitField): string {
  const order = field.size === 1 ? "" : ` ${field.endian}`;
  if (field.kind === "bits")
    return `${field.width} bit${field.width === 1 ? "" : "s"} from bit ${field.shift} of ${8 * field.size} bits${order}`;
  return `${field.signed ? "signed " : ""}${8 * field.size} bits${order}`;
}

function amountText(amount: Amount): string {
  switch (amount.is) {
    case "number":
      return String(amount.value);
    case "expression": {
      const { of, plus } = amount;
      return plus === 0 ? plainExprText(of) : `${plainExprText(of)} ${plus > 0 ? "+" : "-"} ${Math.abs(plus)}`;
    }
    case "slot":
      return amount.times === 1 ? slotText(amount.slot) : `${slotText(amount.slot)} * ${amount.times}`;
    case "bits":
      return `bytes of ${slotText(amount.slot)} bits`;
  }
}

function breachText(slot: Slot, breach: Breach): string {
  const name = slotText(slot);
  if (breach.is !== "outside")
    return `${name} is ${breach.is === "listed" ? "one" : "none"} of ${breach.values.join(", ")}`;
  const { min, max } = breach;
  const parts = [...(min === null ? [] : [`${name} < ${min}`]), ...(max === null ? [] : [`${name} > ${max}`])];
  return parts.join(" or ");
}
