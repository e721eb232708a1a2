/** The readers of recordings of all protocols: a module that the bundle of the pages is given. */

declare module "adapters" {
  // oxlint-disable-next-line typescript/consistent-type-imports -- an ambient module imports nothing by a relative path
  export const adapters: readonly import("../../../src/conformance/verdict.js").Adapter[];
}
