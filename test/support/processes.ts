/** Processes of the system. */
import { readdirSync, readFileSync } from "node:fs";

/** Whether the processes of this system can be listed. */
export const hasProcesses = process.platform === "linux";

/** The running child processes of a process. */
export function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => statOf(pid)?.parent === parent)
    .map(Number);
}

/** The parent of a process; undefined for a zombie, which has ended. */
function statOf(pid: string): { parent: number } | undefined {
  try {
    // The name in parentheses may hold anything; the state and the parent come after it (proc(5)).
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)!.split(" ");
    return state === "Z" ? undefined : { parent: Number(parent) };
  } catch {
    return undefined;
  }
}
