/** Leaves out of a plan what no later step asks for. */
import type { Expr } from "../ir.js";
import { partsOf } from "./asked.js";
import type { Amount, Slot, EndStep } from "./plan.js";

/**
 * What only bytes of a given number ask for is not needed where these are passed over as a whole. A test of a number is
 * left out with the number, and the need for the bytes of numbers with the last of them.
 */
export function withoutUnasked(steps: readonly EndStep[]): EndStep[] {
  let kept = [...steps];
  for (let before = -1; before !== sizeOf(kept);) {
    before = sizeOf(kept);
    const asked = new Set<string>();
    for (const step of kept) askedBy(step, asked);
    kept = pruned(kept, asked);
  }
  return kept;
}

/** A slot as the key of a set. */
export function slotKey({ of, as }: Slot): string {
  return `${of} ${as}`;
}

function pruned(steps: readonly EndStep[], asked: ReadonlySet<string>): EndStep[] {
  const kept = steps.flatMap((step): EndStep[] => {
    if (step.step === "load" || step.step === "let" || step.step === "clear" || step.step === "test")
      return asked.has(slotKey(step.slot)) ? [step] : [];
    if (step.step === "varint" && step.slot !== null && !asked.has(slotKey(step.slot)))
      return [{ ...step, slot: null }];
    if (step.step === "switch")
      return [{ ...step, cases: step.cases.map((each) => ({ ...each, steps: pruned(each.steps, asked) })) }];
    return "steps" in step ? [{ ...step, steps: pruned(step.steps, asked) }] : [step];
  });
  return kept.filter((step, i) => step.step !== "need" || kept[i + 1]?.step === "load");
}

function askedBy(step: EndStep, asked: Set<string>): void {
  const expression = (e: Expr): void => {
    if (e.op === "field") asked.add(slotKey({ of: e.path.join("."), as: "value" }));
    partsOf(e).forEach(expression);
  };
  const amount = (a: Amount): void => {
    if (a.is === "expression") expression(a.of);
    else if (a.is !== "number") asked.add(slotKey(a.slot));
  };
  switch (step.step) {
    case "need":
      return amount(step.by);
    case "let":
      return amount(step.amount);
    case "mark":
      return step.by === null ? undefined : amount(step.by);
    case "move":
      return amount(step.by);
    case "call":
      return step.args.forEach(expression);
    case "when":
      expression(step.condition);
      break;
    case "each":
      asked.add(slotKey(step.count));
      break;
    case "until":
      expression(step.last);
      asked.add(slotKey(step.item));
      break;
    case "switch":
      expression(step.on);
      for (const each of step.cases) for (const inner of each.steps) askedBy(inner, asked);
      return;
    default:
      break;
  }
  if ("steps" in step) for (const inner of step.steps) askedBy(inner, asked);
}

/** Steps and slots: what another round of {@link pruned} can take away. */
function sizeOf(steps: readonly EndStep[]): number {
  return steps.reduce((sum, step) => {
    if (step.step === "switch") return sum + 1 + step.cases.reduce((all, each) => all + sizeOf(each.steps), 0);
    if (step.step === "varint") return sum + (step.slot === null ? 1 : 2);
    return sum + 1 + ("steps" in step ? sizeOf(step.steps) : 0);
  }, 0);
}
