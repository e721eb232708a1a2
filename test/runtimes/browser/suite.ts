/** The suite of a page and of a worker: conformance to the recordings, and the kernels against the vectors. */
import { run } from "../../../src/conformance/cases.js";
import { readRecording } from "../../../src/conformance/recording.js";
import type { Adapter } from "../../../src/conformance/verdict.js";
import * as kernels from "../../../src/kernel/index.js";
import { checkKernels } from "../kernels.mjs";

/** Runs everything with these readers of recordings. The result is plain data. */
export async function runSuite(adapters: readonly Adapter[]) {
  const jsonOf = async <T>(path: string) => (await (await fetch(path)).json()) as T;
  const result = checkKernels(kernels, await jsonOf("/vectors.json"));
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const file of await jsonOf<string[]>("/recordings.json")) {
    const { cases } = readRecording(await (await fetch(`/${file}`)).text(), file, adapters);
    for (const one of cases) {
      const { verdict } = await run(one);
      totals[verdict === "failed" || verdict === "skipped" ? verdict : "passed"]++;
      if (verdict === "failed") result.failures.push(`${file}: ${one.name}`);
    }
  }
  const { passed, failed, skipped } = totals;
  return { ...result, verdict: `${passed} passed, ${failed} failed, ${skipped} skipped` };
}
