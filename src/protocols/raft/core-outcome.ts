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

const NO_REASON = new Uint8Array(0);
/** Printable characters of ASCII. */
const SPACE = 0x20;
const TILDE = 0x7e;

const REASONS: Partial<Record<CallStatus, string>> = {
  notLeader: "another member leads",
  pendingChange: "a change is not committed yet",
  unavailable: "there is no leader",
};

const REASON_BYTES_MAX = 255;
const decoder = new TextDecoder();

/**
 * @param leader address of the leader, empty where none is known
 * @param reason what was expected of a call that is refused, in ASCII; anything else is passed over
 */
export function issueOf(status: Exclude<CallStatus, "ok">, leader = "", reason: Uint8Array = NO_REASON): WireIssue {
  const actual = REASONS[status];
  const expected = status === "notLeader" ? leader : reasonIn(reason);
  return { code: CODES[status], format: "raft", path: "", expected: expected === "" ? undefined : expected, actual };
}

/** Text of a member, which is shown to users: no bytes that do more than that. */
function reasonIn(bytes: Uint8Array): string {
  const isText = bytes.length <= REASON_BYTES_MAX && bytes.every((byte) => byte >= SPACE && byte <= TILDE);
  return isText ? decoder.decode(bytes) : "";
}
