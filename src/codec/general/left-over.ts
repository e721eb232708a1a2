/** Values of which a stream of their own had more bytes than they hold: writing such a value would lose those. */

const values = new WeakSet<object>();

/** Notes that bytes behind a value were passed over. */
export function noteLeftOver(value: unknown): void {
  if (typeof value === "object" && value !== null) values.add(value);
}

export function hasLeftOver(value: unknown): boolean {
  return typeof value === "object" && value !== null && values.has(value);
}
