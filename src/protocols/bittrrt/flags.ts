import { WireError } from "../../errors.js";

/** What each bit of a frame's flags says: positions, not masks (seeds/bittrrt, sealed frames). */
export const MsgFlag = Object.freeze({
  urgent: 0,
  heartbeat: 1,
  flowControl: 2,
  unlossy: 3,
  binary: 4,
  data: 5,
  /** Answers a control frame; version 0.8 only. */
  ack: 6,
});
export type MsgFlagName = keyof typeof MsgFlag;

const NAMES = Object.keys(MsgFlag) as readonly MsgFlagName[];

/** The byte in which these bits are set. @throws WireError `argument` for a name that no bit has */
export function flagsOf(...names: readonly MsgFlagName[]): number {
  return names.reduce((flags, name) => setFlag(flags, name), 0);
}

export function hasFlag(flags: number, name: MsgFlagName): boolean {
  return (flags & maskOf(name)) !== 0;
}

/** `flags` with the bit set, or cleared where `on` is false. */
export function setFlag(flags: number, name: MsgFlagName, on = true): number {
  return on ? flags | maskOf(name) : flags & ~maskOf(name);
}

/** For people: `urgent|heartbeat|binary`, `control` where no bit is set, `bit7` for the one without a name. */
export function describeFlags(flags: number): string {
  const names: string[] = NAMES.filter((name) => hasFlag(flags, name));
  if ((flags & 0x80) !== 0) names.push("bit7");
  return names.length === 0 ? "control" : names.join("|");
}

function maskOf(name: MsgFlagName): number {
  const position = MsgFlag[name];
  if (position !== undefined) return 1 << position;
  const expected = NAMES.join(", ");
  throw new WireError({ code: "argument", format: "bittrrt", path: "flags", offset: 0, expected, actual: name });
}

/** What a heartbeat with binary stamps carries, and every answer of a running peer: 19. */
export const BINARY_HEARTBEAT_FLAGS = /* @__PURE__ */ flagsOf("urgent", "heartbeat", "binary");
/** What the text heartbeat of the document carries: 3. */
export const TEXT_HEARTBEAT_FLAGS = /* @__PURE__ */ flagsOf("urgent", "heartbeat");
/** An acknowledgement: 64. */
export const ACK_FLAGS = /* @__PURE__ */ flagsOf("ack");
/** A control message, which asks for an acknowledgement. */
export const CONTROL_FLAGS = 0;
