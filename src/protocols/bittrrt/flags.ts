/** The flags of a frame. */
import { argumentError } from "../../errors.js";

/** The position of each bit in the flags of a frame, not its mask (seeds/bittrrt, sealed frames). */
export const MsgFlag = Object.freeze({
  urgent: 0,
  heartbeat: 1,
  flowControl: 2,
  unlossy: 3,
  binary: 4,
  data: 5,
  /** Acknowledges a control message; version 0.8 only. */
  ack: 6,
});
/** The name of a flag. */
export type MsgFlagName = keyof typeof MsgFlag;

const NAMES = Object.keys(MsgFlag) as readonly MsgFlagName[];

/** The flags byte with these bits set. @throws WireError `argument` for an unknown name */
export function flagsOf(...names: readonly MsgFlagName[]): number {
  return names.reduce((flags, name) => setFlag(flags, name), 0);
}

/** Whether a bit is set. */
export function hasFlag(flags: number, name: MsgFlagName): boolean {
  return (flags & maskOf(name)) !== 0;
}

/** `flags` with a bit set, or cleared where `on` is false. */
export function setFlag(flags: number, name: MsgFlagName, on = true): number {
  return on ? flags | maskOf(name) : flags & ~maskOf(name);
}

/** Flags as text: `urgent|heartbeat|binary`, `control` for 0, `bit7` for the bit without a name. */
export function describeFlags(flags: number): string {
  const names: string[] = NAMES.filter((name) => hasFlag(flags, name));
  if ((flags & 0x80) !== 0) names.push("bit7");
  return names.length === 0 ? "control" : names.join("|");
}

function maskOf(name: MsgFlagName): number {
  const position = MsgFlag[name];
  if (position !== undefined) return 1 << position;
  const expected = NAMES.join(", ");
  throw argumentError("bittrrt", "flags", expected, name);
}

/** Flags of a heartbeat with binary stamps, 19: running peers send no other. */
export const BINARY_HEARTBEAT_FLAGS = /* @__PURE__ */ flagsOf("urgent", "heartbeat", "binary");
/** Flags of a heartbeat in text, 3: the document describes it. */
export const TEXT_HEARTBEAT_FLAGS = /* @__PURE__ */ flagsOf("urgent", "heartbeat");
/** Flags of an acknowledgement, 64. */
export const ACK_FLAGS = /* @__PURE__ */ flagsOf("ack");
/** Flags of a control message, 0: a server acknowledges it. */
export const CONTROL_FLAGS = 0;
