/** The command `conformance`: compares recordings of other implementations with ours. */
import type { Command } from "commander";
import { readRecording } from "../conformance/recording.js";
import { run } from "../conformance/cases.js";
import { VERDICTS, type Outcome, type Verdict } from "../conformance/verdict.js";
import { readFile } from "./input.js";
import { progressOf, type Progress } from "./progress.js";
import { RECORDINGS } from "./registry.js";

/** A vector with its verdict. */
type VectorResult = Outcome & { readonly name: string; readonly family: string };

/** The verdicts on the vectors of a file. */
interface Report {
  readonly file: string;
  readonly protocol: string;
  readonly outcomes: readonly VectorResult[];
}

/** Adds the command. */
export function addConformance(program: Command): void {
  program
    .command("conformance")
    .description("run recordings of other implementations against ours, byte for byte")
    .argument(
      "<file...>",
      `recordings of ${RECORDINGS.map(({ protocol }) => protocol).join(", ")}, recognised by their content`,
    )
    .option("--json", "every verdict with its reason or its differences")
    .action(async (files: readonly string[], options: { readonly json?: boolean }) => {
      const reports: Report[] = [];
      const progress = progressOf(options);
      for (const file of files) reports.push(await report(file, progress));
      progress.clear();
      const outcomes = reports.flatMap((one) => one.outcomes);
      const totals = totalsOf(outcomes);
      if (options.json === true) console.log(JSON.stringify({ files: reports.map(toJson), ...totals }, null, 2));
      else {
        for (const one of reports) print(one);
        console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
      }
      process.exitCode = totals.failed === 0 ? 0 : 1;
    });
}

/** Runs the vectors of a file one after the other. */
async function report(file: string, progress: Progress): Promise<Report> {
  const { protocol, cases } = readRecording(new TextDecoder().decode(readFile(file)), file, RECORDINGS);
  const outcomes: VectorResult[] = [];
  for (const one of cases) {
    progress.show(`${outcomes.length} of ${cases.length} vectors of ${file}`);
    outcomes.push({ ...(await run(one)), name: one.name, family: one.family });
  }
  return { file, protocol, outcomes };
}

function totalsOf(outcomes: readonly Outcome[]): { passed: number; failed: number; skipped: number } {
  const counts = countsOf(outcomes);
  const failed = counts.get("failed") ?? 0;
  const skipped = counts.get("skipped") ?? 0;
  return { passed: outcomes.length - failed - skipped, failed, skipped };
}

function toJson({ file, protocol, outcomes }: Report): object {
  const families = [...groupBy(outcomes, (one) => one.family)].map(([family, members]) => ({
    family,
    ...Object.fromEntries(countsOf(members)),
  }));
  return { file, protocol, families, vectors: outcomes };
}

function print({ file, protocol, outcomes }: Report): void {
  console.log(`${file}: ${protocol}, ${outcomes.length} vectors`);
  const families = groupBy(outcomes, (one) => one.family);
  const width = [...families.keys()].reduce((longest, family) => Math.max(longest, family.length), 0);
  for (const [family, members] of families) {
    const counts = [...countsOf(members)].map(([verdict, count]) => `${count} ${verdict}`);
    console.log(`  ${onOneLine(family).padEnd(width)}  ${counts.join(", ")}`);
  }
  for (const [why, members] of groupBy(outcomes, reasonOf)) {
    if (why !== undefined) console.log(`  ${why}: ${members.map((one) => onOneLine(one.name)).join(" ")}`);
  }
  for (const one of outcomes) {
    if (one.verdict !== "failed") continue;
    console.log(`  failed ${onOneLine(one.name)}`);
    for (const line of one.differences) console.log(`    ${onOneLine(line)}`);
  }
}

/** A text of a recording without control characters, so that it cannot imitate a line of ours. */
function onOneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, (code) => `\\u${code.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Why a vector was skipped or deviates; vectors with the same reason share a line. */
function reasonOf(outcome: Outcome): string | undefined {
  if (outcome.verdict === "skipped") return `skipped (${outcome.reason})`;
  return outcome.verdict === "deviates" ? `deviates by ${outcome.rule} (${outcome.reason})` : undefined;
}

/** The count of each verdict that occurs, in the order of {@link VERDICTS}. */
function countsOf(outcomes: readonly Outcome[]): Map<Verdict, number> {
  const counts = VERDICTS.map(
    (verdict) => [verdict, outcomes.filter((one) => one.verdict === verdict).length] as const,
  );
  return new Map(counts.filter(([, count]) => count > 0));
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
