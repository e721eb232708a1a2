/** The error that a call throws. */
import { expect } from "vitest";
import type { WireIssue } from "../../src/errors.js";

/** The WireError that `action` throws; a test that calls it fails where nothing is thrown. */
export function issueOf(action: () => unknown): WireIssue {
  try {
    action();
  } catch (error) {
    return error as WireIssue;
  }
  return expect.fail("nothing was refused");
}
