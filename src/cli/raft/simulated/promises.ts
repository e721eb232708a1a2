/** What the messages of a member promise, held against its disk: nothing that a crash could take back. */
import type { LogImage } from "../../../protocols/raft/core/log-image.js";
import type { LogPlace, MemberId, RaftMessage } from "../../../protocols/raft/core/messages.js";

/** What a disk has. */
export interface HeldOnDisk {
  readonly log: LogImage;
  /** Bytes of what was received of the snapshot at a place. */
  readonly partBytes: (last: LogPlace) => number;
}

/** By term, the terms of the entries in the log of its leader, as far as they are known. */
export type LeaderLogs = ReadonlyMap<number, readonly number[]>;

/**
 * What a message says that is not on the disk of the member which sends it; undefined if all of it is there. Entries,
 * heartbeats, rounds and what asks for a preVote promise nothing but their term.
 */
export function brokenPromise(
  message: RaftMessage,
  self: MemberId,
  { log, partBytes }: HeldOnDisk,
  leaderLogs: LeaderLogs,
): string | undefined {
  const { kind, term } = message;
  const { hard } = log;
  // These say a term that nobody is in yet.
  const isAsking = kind === "preVote" || (kind === "preVoteAnswer" && !message.refused);
  if (!isAsking && hard.term < term) return `the disk has term ${hard.term}`;
  if (kind === "vote" || (kind === "voteAnswer" && !message.refused)) {
    const isVoted = hard.term === term && hard.vote === (kind === "vote" ? self : message.to);
    return isVoted ? undefined : `the disk has a vote for ${hard.vote} in term ${hard.term}`;
  }
  if (kind === "appendAnswer") {
    const { index, refused, hint } = message;
    const most = refused ? hint.index : index;
    if (log.last < most) return `the disk ends at ${log.last}, not ${most}`;
    const asked = refused ? undefined : leaderLogs.get(term)?.[index];
    const held = termOnDisk(log, index);
    const isOther = asked !== undefined && held !== undefined && held !== asked;
    return isOther ? `the disk has an entry ${index} of term ${held}, the leader one of ${asked}` : undefined;
  }
  if (kind === "snapshotAnswer" && !message.refused) {
    const { installed, last, nextOffset } = message;
    if (!installed) {
      const bytes = partBytes(last);
      return nextOffset > bytes ? `the disk has ${bytes} bytes, not ${nextOffset}` : undefined;
    }
    const isCovered = last.index <= (log.mark?.last.index ?? 0) || termOnDisk(log, last.index) === last.term;
    return isCovered ? undefined : `the disk has neither a snapshot at ${last.index} nor its entries`;
  }
  return undefined;
}

/** The term of an entry on a disk, or of what lies in front of its log. */
export function termOnDisk({ prev, entries }: LogImage, index: number): number | undefined {
  return index === prev.index ? prev.term : entries[index - prev.index - 1]?.term;
}
