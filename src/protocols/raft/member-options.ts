/** What a member behind links takes for options that are not given. */
import { rulesOf, type RaftCoreOptions } from "./core/options.js";
import { FRAMING } from "./requests.js";
import type { RaftMemberOptions } from "./types.js";

/** What fits into frames whose length has 2 bytes. */
const SHORT_FRAMES = {
  messageBytes: 60_000,
  entryBytesMax: 32_768,
  chunkBytes: 32_768,
  sessionResultBytesMax: 49_152,
} as const satisfies RaftCoreOptions;
/** Share of the time between heartbeats for which a commit may wait for entries. */
const COMMIT_DELAY = 0.1;

/** Options with the defaults that links ask for. @throws WireError `argument` */
export function memberOptions(options: RaftMemberOptions): RaftMemberOptions {
  const commitDelayMs = COMMIT_DELAY * rulesOf(options).heartbeatMs;
  return { commitDelayMs, framing: FRAMING, ...(options.framing === "uint16be" && SHORT_FRAMES), ...options };
}
