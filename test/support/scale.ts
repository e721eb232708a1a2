/** The size of tests: `npm test` finds every planted fault; `npm run simulate` and `npm run fuzz` run many times as much. */

const isLong = process.env["SPECWIRE_SIMULATE"] !== undefined;
const isFuzz = process.env["SPECWIRE_FUZZ"] !== undefined;

/** Number of runs or values: `few` in `npm test`, `many` in `npm run simulate`. */
export function scaled(few: number, many: number): number {
  return isLong ? many : few;
}

/** Number of inputs of a fuzzer: in `npm test`, in `npm run simulate`, and in `npm run fuzz`. */
export function fuzzed(few: number, many: number, most: number): number {
  return isFuzz ? most : scaled(few, many);
}
