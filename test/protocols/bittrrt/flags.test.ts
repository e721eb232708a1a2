/** The flags of frames. */
import { describe, expect, it } from "vitest";
import {
  ACK_FLAGS,
  BINARY_HEARTBEAT_FLAGS,
  describeFlags,
  flagsOf,
  hasFlag,
  MsgFlag,
  setFlag,
  TEXT_HEARTBEAT_FLAGS,
  type MsgFlagName,
} from "../../../src/protocols/bittrrt/index.js";

describe("flags", () => {
  it("have the positions of the reference", () => {
    expect(Object.entries(MsgFlag)).toEqual([
      ["urgent", 0],
      ["heartbeat", 1],
      ["flowControl", 2],
      ["unlossy", 3],
      ["binary", 4],
      ["data", 5],
      ["ack", 6],
    ]);
    expect([BINARY_HEARTBEAT_FLAGS, TEXT_HEARTBEAT_FLAGS, ACK_FLAGS]).toEqual([19, 3, 64]);
  });

  it("are set, cleared and tested", () => {
    expect(setFlag(0, "data")).toBe(32);
    expect(setFlag(255, "data", false)).toBe(223);
    expect(hasFlag(19, "binary")).toBe(true);
    expect(hasFlag(3, "binary")).toBe(false);
    expect(flagsOf()).toBe(0);
  });

  it("are printed", () => {
    expect([0, 19, 64, 255].map(describeFlags)).toEqual([
      "control",
      "urgent|heartbeat|binary",
      "ack",
      "urgent|heartbeat|flowControl|unlossy|binary|data|ack|bit7",
    ]);
  });

  it("refuse an unknown name", () => {
    expect(() => flagsOf("loud" as MsgFlagName)).toThrow(expect.objectContaining({ code: "argument" }));
  });
});
