/** The bound on the bytes that wait for a disk. */
import type { WireIssue } from "../errors.js";

/** Why no more may wait; undefined while at most `most` bytes do. */
export function flawOfQueue(queuedBytes: number, most: number): WireIssue | undefined {
  if (queuedBytes <= most) return undefined;
  return {
    code: "storage",
    format: "disk",
    path: "queue",
    expected: `at most ${most} bytes`,
    actual: `${queuedBytes}`,
  };
}
