/** The size of tests: `npm test` finds every planted fault; `npm run simulate` runs several times as much. */

const isLong = process.env["SPECWIRE_SIMULATE"] !== undefined;

/** Number of runs or values: `few` in `npm test`, `many` in `npm run simulate`. */
export function scaled(few: number, many: number): number {
  return isLong ? many : few;
}
