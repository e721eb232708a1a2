/** Errors of a disk that is full. */
import { isWireError } from "../errors.js";

/** Whether the disk was full: it refused bytes, and everything else is intact. */
export function isFull(error: unknown): boolean {
  return isWireError(error) && ["ENOSPC", "EDQUOT"].includes(error.actual ?? "");
}
