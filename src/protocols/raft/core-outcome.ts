/** How what the core says of a call is told to its caller. */
import type { WireErrorCode, WireIssue } from "../../errors.js";
import type { CallStatus } from "./core/types.js";

const CODES: Readonly<Record<Exclude<CallStatus, "ok">, WireErrorCode>> = {
  notLeader: "status",
  uncertain: "uncertain",
  limit: "limit",
  sessionExpired: "expired",
  pendingChange: "status",
  argument: "argument",
  unavailable: "unreachable",
  timeout: "timeout",
};

const REASONS: Partial<Record<CallStatus, string>> = {
  notLeader: "another member leads",
  pendingChange: "a change is not committed yet",
  unavailable: "there is no leader",
};

/** @param leader address of the leader, empty where none is known */
export function issueOf(status: Exclude<CallStatus, "ok">, leader = ""): WireIssue {
  const actual = REASONS[status];
  const expected = status === "notLeader" && leader !== "" ? leader : undefined;
  return { code: CODES[status], format: "raft", path: "", expected, actual };
}
