/** Integers that are written together with one store. */
import type { Field, IntField } from "../ir.js";
import type { WriteStep } from "../plan/write-plan.js";
import { pos, type Cursor } from "./code.js";

/** Runs of two or more unsigned big-endian integers that fill four bytes exactly. */
export function wordGroups(fields: readonly Field[]): IntField[][] {
  const groups: IntField[][] = [];
  let run: IntField[] = [];
  let size = 0;
  for (const field of fields) {
    if (field.kind !== "int" || field.signed || field.size > 3 || (field.endian === "le" && field.size > 1)) {
      run = [];
      size = 0;
      continue;
    }
    run.push(field);
    size += field.size;
    if (size === 4) groups.push(run);
    if (size >= 4) {
      run = [];
      size = 0;
    }
  }
  return groups;
}

type Store = Extract<WriteStep, { step: "store" }>;

/** Runs of stores whose integers are written together. */
export function storeGroups(steps: readonly WriteStep[]): Store[][] {
  const stores = new Map<Field, Store>();
  const fields = steps.flatMap((step): Field[] => {
    if (step.step === "store") {
      stores.set(step.field, step);
      return [step.field];
    }
    return TESTS.has(step.step) ? [] : [OTHER];
  });
  return wordGroups(fields).map((group) => group.map((field) => stores.get(field)!));
}

/** Steps that write nothing. */
const TESTS: ReadonlySet<WriteStep["step"]> = new Set(["take", "let", "test", "constant", "crc32", "sum"]);
/** What is not written as an integer. */
const OTHER: Field = { kind: "const", name: "", offset: 0, size: 0, file: "", line: 0, doc: "", bytes: [] };

/** The statement that writes the integers of such a run, each held in a variable, with one store. */
export function writeWordGroup(group: readonly IntField[], at: Cursor, locals: readonly string[]): string {
  const first = group[0]!.offset;
  const terms = group.map((field, i) => {
    const shift = 8 * (first + 4 - field.offset - field.size);
    return shift === 0 ? locals[i]! : `(${locals[i]!} << ${shift})`;
  });
  return `view.setUint32(${pos(at, first)}, ${terms.join(" | ")});`;
}
