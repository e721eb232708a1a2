/** Plans as people read them, a line a step. */
import type { BitField, IntField } from "../ir.js";
import { plainExprText } from "../text.js";
import type {
  Amount,
  Breach,
  EndPlan,
  EndStep,
  NumberTest,
  Part,
  Place,
  ReadPlan,
  ReadStep,
  Refusal,
  Slot,
  Unknown,
} from "./plan.js";

/** The steps that find the end of a value, and where that is. */
export function endText({ steps, end }: EndPlan): string {
  return [...stepLines(steps), `end at ${placeText(end)}`].join("\n");
}

/** The steps that test the bytes of a value, and where it ends. */
export function readText({ need, steps, end }: ReadPlan): string {
  return [
    `need ${bytesText({ is: "number", value: need })} from 0, otherwise short`,
    ...stepLines(steps),
    `end at ${placeText(end)}`,
  ].join("\n");
}

/** Steps, those inside others indented. */
export function stepLines(steps: readonly (EndStep | ReadStep)[]): string[] {
  return steps.flatMap(linesOf);
}

function linesOf(step: EndStep | ReadStep): string[] {
  switch (step.step) {
    case "need": {
      const behind = step.after === 0 ? "" : ` and ${step.after} behind them`;
      return [`need ${bytesText(step.by)} from ${placeText(step.at)}${behind}${otherwise(step.otherwise)}`];
    }
    case "reached":
      return [`where there are bytes up to ${placeText(step.to)}:`, ...indented(step.steps)];
    case "match":
      return [`bytes from ${placeText(step.at)} are ${step.bytes.map(hex).join(" ")}${otherwise(step.otherwise)}`];
    case "load":
      return [`${slotText(step.slot)} = ${fieldText(step.field)} at ${placeText(step.at, step.field.offset)}`];
    case "left": {
      const bytes = `bytes from ${placeText(step.at)} but for the last ${step.after}`;
      if (step.size === 1) return [`${slotText(step.slot)} = ${bytes}`];
      return [`${slotText(step.slot)} = ${bytes}, in items of ${step.size}${otherwise(step.otherwise)}`];
    }
    case "whole":
      return [`${slotText(step.slot)} is a whole number from 0${otherwise(step.otherwise)}`];
    case "bytes":
      return [`${slotText(step.slot)} = ${slotText(step.count)} bytes at ${placeText(step.at)}`];
    case "text":
      return [
        `${slotText(step.slot)} = ${step.encoding} text from ${placeText(step.at)} to ${placeText(step.to)}${otherwise(step.otherwise)}`,
      ];
    case "rows":
      return [
        `${amountText(step.count)} items of ${step.size} bytes from ${placeText(step.at)}:`,
        ...indented(step.steps),
      ];
    case "padding":
      return [`bits behind ${slotText(step.count)} are zero up to ${placeText(step.end)}${otherwise(step.otherwise)}`];
    case "sum": {
      const to = "as" in step.to ? `, ${slotText(step.to)} of them` : ` to ${placeText(step.to)}`;
      return [
        `${slotText(step.slot)} is the ${step.sum.name} of bytes from ${placeText(step.at)}${to}${otherwise(step.otherwise)}`,
      ];
    }
    case "piece":
      return [
        `mark ${step.mark} = behind ${step.block.name}, which starts at ${placeText(step.at)}${step.block.condition === null ? "" : ` if ${plainExprText(step.block.condition)}`}:`,
        ...partLines(step.part).map((line) => `  ${line}`),
      ];
    case "clear":
      return [`${slotText(step.slot)} = 0`];
    case "let":
      return [`${slotText(step.slot)} = ${amountText(step.amount)}`];
    case "test":
      return step.breaches.map((breach) => `if ${breachText(step.slot, breach)}: ${failureText(step.otherwise)}`);
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
          `  ${valuesText(values)}:`,
          ...indented(steps).map((line) => `  ${line}`),
        ]),
        ...(step.cases.some(({ values }) => values === "else") ? [] : [`  any other: ${failureText(step.otherwise)}`]),
      ];
  }
}

function partLines(part: Part): string[] {
  const tests = (all: readonly NumberTest[], what: string): string[] =>
    all.map(({ breach, otherwise: failure }) => `if ${breachOf(what, breach)}: ${failureText(failure)}`);
  const inner = (of: Part): string[] => partLines(of).map((line) => `  ${line}`);
  switch (part.part) {
    case "list": {
      const { repeat, least, short, most, item, stays, fewest } = part;
      const count = repeat.by === "count" ? plainExprText(repeat.count) : "";
      const head =
        repeat.by === "count"
          ? `${count} times:`
          : repeat.by === "end"
            ? "up to the end:"
            : `until ${plainExprText(repeat.until)}:`;
      return [
        ...tests(part.tests, count),
        ...(least === 0 ? [] : [`need ${least} bytes for each of ${count}${otherwise(short)}`]),
        head,
        ...(most === null ? [] : [`  if there are ${most.max} already: ${failureText(most.otherwise)}`]),
        ...inner(item),
        ...(stays === null ? [] : [`  if it has no bytes: ${failureText(stays)}`]),
        ...(fewest === null ? [] : [`if there are less than ${fewest.min}: ${failureText(fewest.otherwise)}`]),
      ];
    }
    case "sized": {
      const size = plainExprText(part.size);
      return [
        ...tests(part.tests, size),
        `need ${size} bytes${otherwise(part.short)}`,
        `within these${part.fill === null ? "" : `, filled${otherwise(part.fill)}`}:`,
        ...inner(part.inner),
      ];
    }
    case "rest":
      return [
        `within all that is left${part.fill === null ? "" : `, filled${otherwise(part.fill)}`}:`,
        ...inner(part.inner),
      ];
    case "field": {
      const { field } = part;
      const what = field.kind === "int" || field.kind === "bits" ? fieldText(field) : `${field.size} bytes`;
      return [part.isCovered ? what : `${what}${otherwise(part.short)}`, ...indented(part.steps)];
    }
    case "bytes":
      if (part.text === null) return [...tests(part.tests, "their number"), "all bytes"];
      return [...tests(part.tests, "their number"), `all bytes as ${part.text} text${otherwise(part.otherwise)}`];
    case "varint": {
      const { order, maxBytes } = part.content;
      return [`${order} integer of up to ${maxBytes} bytes${otherwise(part.short)}, ${failureText(part.range)}`];
    }
    case "call": {
      const { type, args } = part.content;
      return [`a ${type.name}${args.length === 0 ? "" : `(${args.map(plainExprText).join(", ")})`}`];
    }
    case "choice": {
      const { cases, content } = part;
      const isWhole = cases.some(({ values }) => values === "else");
      return [
        `by ${plainExprText(content.on)}:`,
        ...cases.flatMap(({ values, part: each }) => [
          `  ${valuesText(values)}:`,
          ...inner(each).map((line) => `  ${line}`),
        ]),
        ...(isWhole ? [] : [`  any other: ${failureText(part.otherwise)}`]),
      ];
    }
  }
}

function valuesText(values: readonly (number | string | boolean)[] | "else"): string {
  return values === "else" ? "any other" : values.map((value) => JSON.stringify(value)).join(", ");
}

function indented(steps: readonly (EndStep | ReadStep)[]): string[] {
  return stepLines(steps).map((line) => `  ${line}`);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

function failureText(failure: Unknown | Refusal): string {
  if (failure === "more") return "more bytes are needed";
  if (failure === "never") return "no value starts so";
  return `${failure.code} of ${failure.path}, line ${failure.line}`;
}

function otherwise(failure: Unknown | Refusal): string {
  return `, otherwise ${failureText(failure)}`;
}

function placeText({ from, plus }: Place, more = 0): string {
  const add = plus + more;
  if (from === "start") return String(add);
  const base = typeof from === "number" ? `mark ${from}` : from;
  return add === 0 ? base : `${base} ${add > 0 ? "+" : "-"} ${Math.abs(add)}`;
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

function bytesText(amount: Amount): string {
  return `${amountText(amount)} byte${amount.is === "number" && amount.value === 1 ? "" : "s"}`;
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
  return breachOf(slotText(slot), breach);
}

function breachOf(name: string, breach: Breach): string {
  if (breach.is === "broken") return `${name} is no whole number`;
  if (breach.is !== "outside")
    return `${name} is ${breach.is === "listed" ? "one" : "none"} of ${breach.values.join(", ")}`;
  const { min, max } = breach;
  const parts = [...(min === null ? [] : [`${name} < ${min}`]), ...(max === null ? [] : [`${name} > ${max}`])];
  return parts.join(" or ");
}
