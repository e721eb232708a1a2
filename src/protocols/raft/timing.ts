/** Times of elections by the network that they suit. */
import { argumentError } from "../../errors.js";
import type { RaftCoreOptions } from "./core/options.js";

/** `lan`: the times of the seed, for members with quick disks beside each other. `wan`: for anything slower. */
export type RaftTiming = "lan" | "wan";

const TIMES: Readonly<Record<RaftTiming, Pick<RaftCoreOptions, "electionMs" | "heartbeatMs">>> = {
  lan: { electionMs: [150, 300], heartbeatMs: 50 },
  wan: { electionMs: [1_000, 2_000], heartbeatMs: 100 },
};

/** @throws WireError `argument` */
export function timesOf(timing: RaftTiming = "lan"): Pick<RaftCoreOptions, "electionMs" | "heartbeatMs"> {
  if (!Object.hasOwn(TIMES, timing)) throw argumentError("raft", "timing", "lan or wan", String(timing));
  return TIMES[timing];
}
