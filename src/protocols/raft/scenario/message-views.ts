/** Messages of cores as scenarios show them, and messages of scenarios as cores take them. */
import { EntryType, encodeCommandData, type ClusterConfig, type LogEntry } from "../../../codec/gen/raft/index.js";
import { sha256 } from "../../../kernel/index.js";
import type { LogPlace, RaftMessage } from "../core/messages.js";
import type { MessageView, Position } from "./form.js";

/** What `inject` says of a snapshot beside its index. */
export interface InjectedSnapshot {
  readonly last: LogPlace;
  readonly config: ClusterConfig;
  readonly bytes: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);

/** What a scenario shows of a message. */
export function viewOf(message: RaftMessage): MessageView {
  const { from, to, kind, term } = message;
  const head = { from, to, kind, term };
  switch (message.kind) {
    case "vote":
    case "preVote":
      return { ...head, last: positionOf(message.last), ...(message.transfer && { transfer: true }) };
    case "voteAnswer":
    case "preVoteAnswer":
      return { ...head, ...(message.refused && { refused: true }) };
    case "heartbeat":
      return { ...head, prev: positionOf(message.prev), commit: message.commit };
    case "append": {
      const { prev, commit } = message;
      const entries = message.entries.map((entry, i): Position => [prev.index + 1 + i, entry.term]);
      return { ...head, prev: positionOf(prev), commit, entries };
    }
    case "appendAnswer": {
      const { index, refused, hint } = message;
      return { ...head, index, ...(refused && { refused, hint: positionOf(hint) }) };
    }
    case "snapshot":
      return { ...head, index: message.last.index };
    case "snapshotAnswer":
      return { ...head, index: message.last.index, ...(message.installed && { installed: true }) };
    case "timeoutNow":
      return head;
  }
}

/**
 * A message as if its sender had sent it: at no time that proves anything, and in answer to nothing that can be told.
 * Its entries are commands without data.
 */
export function messageOf(view: MessageView, life: bigint, snapshotOf: () => InjectedSnapshot): RaftMessage {
  const { from, to, term, refused = false } = view;
  const head = { from, to, term, life, seq: 0 };
  switch (view.kind) {
    case "vote":
    case "preVote":
      return { ...head, kind: view.kind, last: placeOf(view.last), transfer: view.transfer ?? false };
    case "voteAnswer":
    case "preVoteAnswer":
      return { ...head, kind: view.kind, refused, leader: 0 };
    case "append":
    case "heartbeat": {
      const entries = (view.entries ?? []).map(([, of]) => commandOf(of));
      const { kind, prev, commit = 0 } = view;
      return { ...head, kind, prev: placeOf(prev), commit, entries, round: 0, lostData: false };
    }
    case "appendAnswer": {
      const { kind, index = 0, hint } = view;
      return { ...head, kind, index, refused, hint: placeOf(hint), round: 0, diskTrouble: false };
    }
    case "snapshot": {
      const { last, config, bytes } = snapshotOf();
      const whole = { totalBytes: bytes.length, offset: 0, sha256: sha256(bytes), isFinal: true };
      return { ...head, kind: view.kind, last, config, bytes, ...whole };
    }
    case "snapshotAnswer": {
      const { kind, index = 0, installed = false } = view;
      const last = { index, term: snapshotOf().last.term };
      // Parts are not to be seen: what is not installed has come to nothing.
      return { ...head, kind, last, nextOffset: 0, installed, refused: !installed };
    }
    case "timeoutNow":
      return { ...head, kind: view.kind };
  }
}

/** A command without a session and without data. */
export function commandOf(term: number): LogEntry {
  const data = encodeCommandData({ client: 0, serial: 0, ackedBelow: 0, atMs: 0, command: NO_BYTES });
  return { term, entryType: EntryType.command, data };
}

function positionOf({ index, term }: LogPlace): Position {
  return [index, term];
}

function placeOf([index, term]: Position = [0, 0]): LogPlace {
  return { index, term };
}
