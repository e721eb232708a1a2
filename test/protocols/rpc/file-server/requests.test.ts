/** The server's answers to good and bad requests, cut at every byte. */
import { describe, expect, it } from "vitest";
import { concatBytes, fromHex, toHex } from "../../../../src/bytes/index.js";
import type { Effect, Event } from "../../../../src/machine/index.js";
import {
  FileServer,
  type FileServerCall,
  type FileServerEvent,
  type FileServerReply,
  type FileServerValue,
} from "../../../../src/protocols/rpc/index.js";
import { SteppedMachine } from "../../../../src/testing/index.js";

/** What a server does with the bytes of a link: its requests and complaints, what it writes, whether it shuts. */
class Played extends SteppedMachine<FileServerCall, FileServerValue, FileServerEvent, FileServer> {
  written = "";
  isShut = false;
  /** What a call has settled with last: its value, or the code of its error; `open` since a question. */
  settled: FileServerValue | string;

  constructor() {
    super(() => new FileServer({ requestTimeoutMs: 100, idleTimeoutMs: 50 }));
    this.step({ type: "opened", link: 1, peer: "a:1" });
  }

  override step(event: Event<FileServerCall>): void {
    super.step(event);
    if (event.type !== "wake" && this.machine.nextWakeMs() <= this.nowMs) this.wake();
  }

  protected override carryOut(effect: Effect<FileServerValue, FileServerEvent>): void {
    if (effect.type === "write") this.written += toHex(effect.bytes);
    if (effect.type === "shut") this.isShut = true;
    if (effect.type === "settle") this.settled = "error" in effect ? effect.error.code : effect.value;
  }

  bytes(...parts: readonly Uint8Array[]): this {
    for (const part of parts) this.step({ type: "bytes", link: 1, bytes: part.slice() });
    return this;
  }

  ask(request: FileServerCall): FileServerValue | string {
    this.settled = "open";
    this.call(request);
    return this.settled;
  }

  reply(reply: FileServerReply): FileServerValue | string {
    return this.ask({ command: "reply", exchange: 1, reply });
  }

  ended(): this {
    this.step({ type: "ended", link: 1 });
    return this;
  }

  after(ms: number): this {
    this.pass(ms);
    return this;
  }
}

const failed = (message: string): string => {
  const text = new TextEncoder().encode(message);
  return `02${text.length.toString(16).padStart(8, "0")}${toHex(text)}`;
};

const HASH = "ab".repeat(32);

describe("a bad request", () => {
  it.each([
    ["", failed("empty frame")],
    ["00", failed("unknown command: 0x00")],
    ["05ffff", failed("unknown command: 0x05")],
    ["01", failed("upload header too short")],
    [`01${"00".repeat(9)}`, failed("upload header too short")],
    [`010001${"00".repeat(8)}`, failed("invalid name length")],
    // A length of 65,526 and more makes the Go program fail.
    [`01ffff61${"00".repeat(8)}`, failed("invalid name length")],
    [`010001ff${"00".repeat(8)}`, failed("invalid name")],
    [
      `01000161${"80"}${"00".repeat(7)}`,
      failed("upload size mismatch: received 0 bytes, expected 9223372036854775808"),
    ],
    ["02", failed("download payload too short")],
    ["0200", failed("download payload too short")],
    ["0201", failed("download payload too short")],
    ["020061", failed("invalid hash length")],
    [`0200${HASH}00`, failed("invalid hash length")],
    ["020761", failed("invalid lookup type: 7")],
    ["0201ff", "01"],
    ["04", failed("invalid hash length")],
    [`04${HASH}00`, failed("invalid hash length")],
  ])("%s is answered %s", (payload, reply) => {
    const frame = fromHex(lengthOf(payload) + payload);
    for (let cut = 0; cut < frame.length; cut++) {
      const played = new Played().bytes(frame.subarray(0, cut));
      expect([played.written, played.isShut]).toEqual(["", false]);
      played.bytes(frame.subarray(cut));
      expect([played.written, played.isShut]).toEqual([reply, true]);
      expect(played.events.filter(({ type }) => type === "request")).toEqual([]);
      // A frame that is cut off is not answered.
      const cutOff = new Played().bytes(frame.subarray(0, cut)).ended();
      expect([cutOff.written, cutOff.isShut]).toEqual(["", true]);
    }
  });

  it("may be of any length: what no request has is counted, not held", () => {
    const mebibyte = new Uint8Array(1 << 20);
    const name = new Played().bytes(fromHex("00400002020141"), ...Array.from({ length: 4 }, () => mebibyte));
    expect(name.written).toBe("01");
    const list = new Played().bytes(fromHex("0040000103"), mebibyte, mebibyte, mebibyte, mebibyte.subarray(1));
    expect(list.events).toEqual([]);
    expect(list.bytes(new Uint8Array(1)).events).toMatchObject([{ type: "request", request: { type: "list" } }]);
    const deletion = new Played().bytes(fromHex("ffffffff04"), mebibyte);
    expect([deletion.written, deletion.isShut]).toEqual(["", false]);
  });
});

const lengthOf = (payload: string): string => (payload.length / 2).toString(16).padStart(8, "0");

describe("a request", () => {
  it.each([
    ["03", { type: "list" }],
    ["03ff", { type: "list" }],
    [`04${HASH}`, { type: "delete", hash: fromHex(HASH) }],
    [`0200${HASH}`, { type: "download", file: fromHex(HASH) }],
    ["0201c3a4", { type: "download", file: "ä" }],
  ])("%s is handed out once, and answered once", (payload, request) => {
    const frame = fromHex(lengthOf(payload) + payload);
    for (let cut = 0; cut < frame.length; cut++) {
      const played = new Played().bytes(frame.subarray(0, cut), frame.subarray(cut), new Uint8Array(3)).ended();
      expect(played.events).toEqual([{ type: "request", exchange: 1, peer: "a:1", request }]);
      expect([played.isShut, played.machine.nextWakeMs()]).toEqual([false, Infinity]);
      expect(played.ask({ command: "read", exchange: 1 })).toBe("argument");
      expect(played.ask({ command: "write", exchange: 1, bytes: new Uint8Array(1) })).toBe("argument");
      expect(played.reply({ type: "deleted" })).toBeUndefined();
      expect([played.written, played.isShut]).toEqual(["00", true]);
      expect(played.reply({ type: "deleted" })).toBe("closed");
    }
  });

  it.each<[FileServerReply, string]>([
    [{ type: "stored", hash: fromHex(HASH) }, `00${HASH}`],
    [{ type: "missing" }, "01"],
    [{ type: "files", files: [] }, "00000000025b5d"],
    [{ type: "failed", message: "ä" }, "0200000002c3a4"],
    [{ type: "found", sizeBytes: 0 }, "000000000000000000"],
  ])("is answered by %j as %s", (reply, hex) => {
    const played = new Played().bytes(fromHex("0000000103"));
    expect(played.reply(reply)).toBeUndefined();
    expect([played.written, played.isShut]).toEqual([hex, true]);
  });

  it("lists files as Go writes JSON", () => {
    const played = new Played().bytes(fromHex("0000000103"));
    const hash = fromHex(HASH);
    played.reply({ type: "files", files: [{ name: '<a> & "b"\u2028ä', hash, sizeBytes: 5 }] });
    const json = `[{"name":"\\u003ca\\u003e \\u0026 \\"b\\"\\u2028ä","hash":"${HASH}","size":5}]`;
    expect(played.written.slice(10)).toBe(toHex(new TextEncoder().encode(json)));
  });

  it("whose reply cannot be written is closed", () => {
    const played = new Played().bytes(fromHex("0000000103"));
    expect(played.reply({ type: "stored", hash: new Uint8Array(3) })).toBe("length");
    expect([played.written, played.isShut]).toEqual(["", true]);
  });

  it("that does not come is closed in time", () => {
    expect(new Played().after(99).isShut).toBe(false);
    const slow = new Played().bytes(fromHex("00000001")).after(100);
    expect([slow.written, slow.isShut]).toEqual(["", true]);
  });
});

describe("an upload", () => {
  const name = "61";
  /** The head of a frame of which so many bytes belong to the file, of `size` bytes. */
  const head = (size: number, inFrame: number): Uint8Array =>
    fromHex(`${(12 + inFrame).toString(16).padStart(8, "0")}010001${name}${size.toString(16).padStart(16, "0")}`);
  const BODY = Uint8Array.from({ length: 7 }, (_, i) => i);

  it.each([0, 3, 7])("has %i of its bytes in the frame and the others behind it", (inFrame) => {
    const whole = concatBytes(head(7, inFrame), BODY, Uint8Array.of(99));
    for (let cut = 0; cut <= whole.length; cut++) {
      const played = new Played().bytes(whole.subarray(0, cut), whole.subarray(cut)).ended();
      expect(played.events).toMatchObject([{ request: { type: "upload", name: "a", sizeBytes: 7n } }]);
      const got: Uint8Array[] = [];
      for (let part = played.ask({ command: "read", exchange: 1 }); part !== undefined;) {
        got.push(part as Uint8Array);
        part = played.ask({ command: "read", exchange: 1 });
      }
      expect(concatBytes(...got)).toEqual(BODY);
      played.reply({ type: "stored", hash: fromHex(HASH) });
      expect([played.written, played.isShut]).toEqual([`00${HASH}`, true]);
    }
  });

  it("is not whole before its frame is: the store would keep what was not acknowledged", () => {
    const played = new Played().bytes(head(2, 5), BODY.subarray(0, 4));
    expect(played.ask({ command: "read", exchange: 1 })).toEqual(BODY.subarray(0, 2));
    expect(played.ask({ command: "read", exchange: 1 })).toBe("open");
    played.bytes(BODY.subarray(4, 5));
    expect(played.settled).toBeUndefined();
    const cutOff = new Played().bytes(head(2, 5), BODY.subarray(0, 4));
    cutOff.ask({ command: "read", exchange: 1 });
    cutOff.ask({ command: "read", exchange: 1 });
    cutOff.ended();
    expect([cutOff.settled, cutOff.written, cutOff.isShut]).toEqual(["closed", "", true]);
  });

  it("that ends early is told how many bytes came", () => {
    const played = new Played().bytes(head(7, 2), BODY.subarray(0, 5));
    played.ask({ command: "read", exchange: 1 });
    played.ask({ command: "read", exchange: 1 });
    played.ended();
    expect(played.settled).toBe("closed");
    expect([played.written, played.isShut]).toEqual([
      failed("upload size mismatch: received 5 bytes, expected 7"),
      true,
    ]);
  });

  it("is not read from its link while nobody takes it, and then has all the time it needs", () => {
    const part = new Uint8Array(100_000);
    const played = new Played().bytes(head(1_000_000, 0), part, part, part);
    const kinds = (): string[] => played.effects.map(({ type }) => type).filter((type) => /pause|resume/.test(type));
    expect(kinds()).toEqual(["pause"]);
    expect(played.after(1_000).isShut).toBe(false);
    expect(played.ask({ command: "read", exchange: 1 })).toHaveLength(100_000);
    expect(kinds()).toEqual(["pause", "resume"]);
    // Now it is the client's turn.
    expect(played.after(50).isShut).toBe(true);
  });

  it("has one reader at a time", () => {
    const played = new Played().bytes(head(7, 0));
    expect(played.ask({ command: "read", exchange: 1 })).toBe("open");
    played.step({ type: "call", id: 2, request: { command: "read", exchange: 1 }, deadlineMs: Infinity });
    expect(played.settled).toBe("argument");
  });
});

describe("a download", () => {
  const found = (sizeBytes: number): Played => {
    const played = new Played().bytes(fromHex("00000003020161"));
    played.reply({ type: "found", sizeBytes });
    return played;
  };

  it("has no byte more than announced", () => {
    const played = found(3);
    expect(played.ask({ command: "write", exchange: 1, bytes: new Uint8Array(4) })).toBe("length");
    expect(played.ask({ command: "write", exchange: 1, bytes: Uint8Array.of(1, 2) })).toBeUndefined();
    expect(played.isShut).toBe(false);
    expect(played.ask({ command: "write", exchange: 1, bytes: Uint8Array.of(3) })).toBeUndefined();
    expect([played.written, played.isShut]).toEqual(["000000000000000003010203", true]);
  });

  it("waits for its reader, and gives up one that takes nothing", () => {
    const played = found(9);
    played.ask({ command: "write", exchange: 1, bytes: new Uint8Array(3) });
    played.step({ type: "congested", link: 1 });
    expect(played.ask({ command: "write", exchange: 1, bytes: new Uint8Array(3) })).toBe("open");
    played.step({ type: "drained", link: 1 });
    expect(played.settled).toBeUndefined();
    expect(played.after(1_000).isShut).toBe(false);
    played.step({ type: "congested", link: 1 });
    expect(played.ask({ command: "write", exchange: 1, bytes: new Uint8Array(3) })).toBeUndefined();
    // What is queued has to leave before the link is shut, else it would be cut off by force.
    expect(played.after(49).isShut).toBe(false);
    played.step({ type: "drained", link: 1 });
    expect(played.isShut).toBe(true);
    const stuck = found(9);
    stuck.call({ command: "write", exchange: 1, bytes: new Uint8Array(3) });
    stuck.step({ type: "congested", link: 1 });
    stuck.call({ command: "write", exchange: 1, bytes: new Uint8Array(3) });
    expect([stuck.after(50).isShut, stuck.settled]).toEqual([true, "closed"]);
  });

  it("closes early where the file cannot be read", () => {
    const played = found(3);
    expect(played.ask({ command: "abort", exchange: 1 })).toBeUndefined();
    expect([played.written, played.isShut]).toEqual(["000000000000000003", true]);
  });
});
