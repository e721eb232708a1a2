/** What a member behind links takes for options that are not given, and sizes that its frames have room for. */
import { isBytes } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";
import { requireTime } from "../../machine/index.js";
import { rulesOf, type RaftCoreOptions } from "./core/options.js";
import { foundingConfig } from "./founding.js";
import { roomOf } from "./frame-room.js";
import { FRAMING } from "./requests.js";
import type { RaftMemberOptions } from "./types.js";

/** Options that say how long a part of a message may be. */
type Sizes = Record<"messageBytes" | "entryBytesMax" | "chunkBytes", number>;

/** What fits into frames whose length has 2 bytes. */
const SHORT_FRAMES = {
  messageBytes: 60_000,
  entryBytesMax: 32_768,
  chunkBytes: 32_768,
  sessionResultBytesMax: 49_152,
} as const satisfies RaftCoreOptions;
const TORN_TAILS: readonly string[] = ["cut", "abstain"];
/** Share of the time between heartbeats for which a commit may wait for entries. */
const COMMIT_DELAY = 0.1;
/** Options with the defaults that links ask for. @throws WireError `argument` */
export function memberOptions(options: RaftMemberOptions): RaftMemberOptions {
  checkMember(options);
  const commitDelayMs = COMMIT_DELAY * rulesOf(options).heartbeatMs;
  const short = options.framing === "uint16be" && SHORT_FRAMES;
  const filled: RaftMemberOptions = { commitDelayMs, framing: FRAMING, ...short, ...options };
  return { ...filled, ...sizesThatFit(filled, options) };
}

function checkMember(options: RaftMemberOptions): void {
  const { clusterId, member, founders, reserveBytes = 0, onTornTail = "cut", callTimeoutMs = 1 } = options;
  if (!isBytes(clusterId) || clusterId.length !== 8) throw argumentError("raft", "clusterId", "8 bytes");
  if (!Number.isSafeInteger(member) || member < 1) {
    throw argumentError("raft", "member", "1 to 2^53 - 1", String(member));
  }
  if (founders !== undefined) {
    foundingConfig(founders, options);
    if (founders.every((one) => one.member !== member)) {
      throw argumentError("raft", "founders", `this member, ${member}, among them`);
    }
  }
  if (!Number.isSafeInteger(reserveBytes) || reserveBytes < 0) {
    throw argumentError("raft", "reserveBytes", "0 or more", String(reserveBytes));
  }
  if (!TORN_TAILS.includes(onTornTail)) throw argumentError("raft", "onTornTail", TORN_TAILS.join(", "), onTornTail);
  requireTime("raft", "callTimeoutMs", callTimeoutMs, 1, Infinity);
}

/** An entry that fits into no frame would stay with the leader, and hold up all behind it. */
function sizesThatFit(filled: RaftMemberOptions, given: RaftMemberOptions): Sizes {
  const room = roomOf(filled);
  const { messageBytes, entryBytesMax, chunkBytes } = rulesOf(filled);
  const sizes: Sizes = { messageBytes, entryBytesMax, chunkBytes };
  for (const name of ["messageBytes", "entryBytesMax", "chunkBytes"] as const) {
    if (sizes[name] <= room) continue;
    if (given[name] !== undefined) {
      throw argumentError("raft", name, `at most ${room}, which fits into a frame`, String(sizes[name]));
    }
    sizes[name] = Math.max(1, room);
  }
  return sizes;
}
