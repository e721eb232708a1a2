/** How much a test does: enough to find every planted fault in `npm test`, several times as much in `npm run simulate`. */

const isLong = process.env["SPECWIRE_SIMULATE"] !== undefined;

/** How many runs or values a test takes. */
export function scaled(few: number, many: number): number {
  return isLong ? many : few;
}
