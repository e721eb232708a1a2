/** Histories against the log: the order of the log respects time, and a replay of it gives what clients saw. */
import { checkLinearizable, REGISTERS } from "../../../testing/index.js";
import type { Seen } from "./clients.js";
import { RegisterMachine, type Execution, encodeOperation, outputOf } from "./registers.js";

/** Most operations on one key that are searched through without indices. */
const STEPS_MAX = 200_000;

/** Fills in where writes stand. @param executions by index */
function place(history: readonly Seen[], executions: readonly (Execution | undefined)[]): void {
  const byNumber = new Map(executions.filter((one) => one !== undefined).map((one) => [one.number, one]));
  for (const seen of history) {
    if (seen.input.kind === "get") continue;
    const execution = byNumber.get(seen.number);
    if (execution === undefined) {
      if (seen.returnedAt !== undefined) throw new Error(`S5: operation ${seen.number} was acknowledged, and is lost`);
      continue;
    }
    seen.index = execution.index;
  }
}

/** Trusts the indices. @throws Error for what the log does not explain */
export function checkAgainstLog(history: readonly Seen[], executions: readonly (Execution | undefined)[]): void {
  place(history, executions);
  const machine = new RegisterMachine();
  /** Values after each index at which somebody has read. */
  const reads = history.filter(({ input, returnedAt }) => input.kind === "get" && returnedAt !== undefined);
  const waiting = reads.toSorted((a, b) => a.index! - b.index!);
  const answer = (until: number): void => {
    while (waiting.length > 0 && waiting[0]!.index! < until) {
      const { input, output, index, number } = waiting.shift()!;
      const value = machine.values.get(input.key);
      if (value !== output)
        throw new Error(`S10: read ${number} of ${input.key} at ${index} gave ${output}, not ${value}`);
    }
  };
  for (const [index, execution] of executions.entries()) {
    if (execution === undefined) continue;
    answer(index);
    const { number, input } = execution;
    const output = outputOf(machine.apply({ index, data: encodeOperation({ number, input }) }));
    if (output !== execution.output) throw new Error(`S4: a replay gives another answer at ${index}`);
  }
  answer(Infinity);
  const outputs = new Map(executions.filter((one) => one !== undefined).map(({ number, output }) => [number, output]));
  for (const { input, number, returnedAt, output } of history) {
    if (input.kind === "get" || returnedAt === undefined || outputs.get(number) === output) continue;
    throw new Error(`S11: operation ${number} answered ${output}, though it came to ${outputs.get(number)}`);
  }
  checkTimes(history.filter(({ index, returnedAt }) => index !== undefined && returnedAt !== undefined));
}

/** Whoever was called after another had returned stands behind it. */
function checkTimes(history: readonly Seen[]): void {
  const byReturn = history.toSorted((a, b) => a.returnedAt! - b.returnedAt!);
  let latest = 0;
  let next = 0;
  for (const seen of history.toSorted((a, b) => a.calledAt - b.calledAt)) {
    while (byReturn[next] !== undefined && byReturn[next]!.returnedAt! < seen.calledAt) {
      latest = Math.max(latest, byReturn[next++]!.index!);
    }
    const isBehind = seen.input.kind === "get" ? seen.index! >= latest : seen.index! > latest;
    if (!isBehind) throw new Error(`S10: operation ${seen.number} stands at ${seen.index}, behind one at ${latest}`);
  }
}

/**
 * Trusts nobody but the clients.
 * @returns false for a history that could not be decided
 * @throws Error for a violation
 */
export function checkAsClients(history: readonly Seen[]): boolean {
  const known = history.filter(({ isFailed }) => isFailed !== true);
  const report = checkLinearizable(known, REGISTERS, { stepsMax: STEPS_MAX });
  if (report.verdict === "violated") throw new Error(`no order explains ${JSON.stringify(report.stuck)}`);
  return report.verdict === "linearizable";
}
