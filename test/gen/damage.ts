/** Values that somebody has broken. */
import type { Random } from "../../src/testing/random.js";

/** Copies a value and breaks the copy in one or two places. @returns it, and what was done */
export function damaged(value: Readonly<Record<string, unknown>>, random: Random): [wrong: unknown, what: string] {
  const copy: unknown = structuredClone(value);
  const done: string[] = [];
  for (let n = random.between(1, 2); n > 0; n--) {
    const holders = holdersIn(copy, "");
    if (holders.length === 0) return [random.pick(STRANGERS)(), "a stranger in place of the value"];
    const [holder, key, path] = random.pick(holders);
    const old = (holder as Record<string, unknown>)[key];
    const how = random.unit();
    if (how < 0.2) {
      delete (holder as Record<string, unknown>)[key];
      done.push(`${path} deleted`);
    } else if (how < 0.4 && Array.isArray(old)) {
      if (random.chance(0.5) || old.length === 0) old.push(random.pick([undefined, 1, ...old]));
      else old.pop();
      done.push(`${path} of ${old.length} items`);
    } else if (how < 0.5 && typeof old === "number") {
      (holder as Record<string, unknown>)[key] = old + random.pick([1, -1, 0.5, 2 ** 33]);
      done.push(`${path} = ${String((holder as Record<string, unknown>)[key])}`);
    } else if (how < 0.5 && old instanceof Uint8Array) {
      (holder as Record<string, unknown>)[key] = new Uint8Array(random.below(old.length + 3));
      done.push(`${path} of other bytes`);
    } else {
      const stranger = random.pick(STRANGERS)();
      (holder as Record<string, unknown>)[key] = stranger;
      done.push(`${path} = ${shown(stranger)}`);
    }
  }
  return [copy, done.join(", ")];
}

const STRANGERS: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => "ab",
  () => "",
  () => "é\ud800",
  () => 3,
  () => -1,
  () => 1.5,
  () => NaN,
  () => Infinity,
  () => 2 ** 53,
  () => 10n,
  () => -(2n ** 70n),
  () => true,
  () => false,
  () => [],
  () => [1, 2],
  () => [undefined],
  () => ({}),
  () => ({ length: 2 }),
  () => ({ kind: "no_such_kind" }),
  () => new Uint8Array(2),
  () => new Uint16Array(2),
  () => Symbol("s"),
  () => () => 1,
];

function shown(value: unknown): string {
  return typeof value === "object" || typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** Every member of a value, with what holds it. */
function holdersIn(value: unknown, path: string): [holder: object, key: string, path: string][] {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return [];
  return Object.entries(value).flatMap(([key, inner]): [object, string, string][] => [
    [value, key, `${path}.${key}`],
    ...holdersIn(inner, `${path}.${key}`),
  ]);
}
