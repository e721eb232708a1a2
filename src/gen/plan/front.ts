/** Plans the tests of the front of a value, by which a reader of a damaged stream looks for the next one. */
import type { Block, Field } from "../ir.js";
import type { Place, Slot, EndStep } from "./plan.js";
import { asInteger, rulesOf } from "./rules.js";

/**
 * Refuses what cannot be the front of a value: constants byte by byte and rules of whole fields, as far as bytes are
 * there, up to the first block of variable size.
 */
export function planFront(blocks: readonly Block[]): EndStep[] {
  const steps: EndStep[] = [];
  let plus = 0;
  for (const block of blocks) {
    if (block.block !== "fixed") break;
    steps.push(...fieldTests(block.fields, { from: "start", plus }, ""));
    plus += block.size;
  }
  return steps;
}

function fieldTests(fields: readonly Field[], at: Place, prefix: string): EndStep[] {
  return fields.flatMap((field): EndStep[] => {
    const of = prefix + field.name;
    const place: Place = { ...at, plus: at.plus + field.offset };
    if (field.kind === "struct") return fieldTests(field.fields, at, `${of}.`);
    if (field.kind === "const") return [{ step: "match", at: place, bytes: field.bytes, otherwise: "never" }];
    if ((field.kind !== "int" && field.kind !== "bits") || field.size === 8) return [];
    const breaches = rulesOf(field.kind === "int" ? field : asInteger(field)).map(({ breach }) => breach);
    if (breaches.length === 0) return [];
    const slot: Slot = { of, as: "value" };
    const to: Place = { ...place, plus: place.plus + field.size };
    return [
      {
        step: "reached",
        to,
        steps: [
          { step: "load", slot, field, at, isKept: false, otherwise: "never" },
          { step: "test", slot, field, breaches, told: slot, otherwise: "never" },
        ],
      },
    ];
  });
}
