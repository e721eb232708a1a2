/** Ids by counting. */

/** Ids of calls, operations and incoming links: 1, 2, 3 … */
export function countUp(): () => number {
  let last = 0;
  return () => ++last;
}

/** Ids of links that a machine opens: -1, -2, -3 … */
export function countDown(): () => number {
  let last = 0;
  return () => --last;
}
