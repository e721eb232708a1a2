/** What a driver refuses, as outcomes. */
import type { WireErrorCode, WireIssue } from "../errors.js";

/** Whether a value is a timeout: 0 ms or more, or Infinity. Callers without types may pass anything. */
export function isTime(value: unknown): boolean {
  return typeof value === "number" && value >= 0;
}

/** The outcome of every operation of a host without a disk. */
export const NO_DISK: WireIssue = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ driverIssue("storage", "the host has no disk"),
);

/** An issue of the host itself. */
export function driverIssue(code: WireErrorCode, actual: string): WireIssue {
  return { code, format: "host", path: "", actual };
}

/** The outcome of an operation that has failed. */
export function failure(error: WireIssue): { readonly ok: false; readonly error: WireIssue } {
  return { ok: false, error };
}
