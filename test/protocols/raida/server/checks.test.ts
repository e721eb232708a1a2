/** Tests of the order in which a request is checked. */
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import {
  decodeResponseHeaderModern,
  encodeDetectRequest,
  encodeEchoRequest,
  Status,
} from "../../../../src/protocols/raida/index.js";
import { anOf, Harness, CHALLENGE, changed, request } from "../harness.js";
import { DETECT, ECHO } from "../commands.js";

const wrong = new Uint8Array(16).fill(9);
const coin = (serial: number, an = anOf(1, serial)) => ({ denomination: 1, serial, an });
const detect = (...coins: ReturnType<typeof coin>[]) =>
  request(...DETECT, encodeDetectRequest({ challenge: CHALLENGE, coins }));
const echo = request(...ECHO, encodeEchoRequest({ challenge: CHALLENGE, payload: new Uint8Array(0) }));

describe("order of checks", () => {
  // Each row breaks its own rule and every later one: the first in the server's order answers.
  const steps: [Status, Record<number, number>][] = [
    [Status.errorRouting, { 0: 2 }],
    [Status.errorSplitId, { 1: 1 }],
    [Status.errorRaidaId, { 2: 4 }],
    [Status.errorCommandGroup, { 4: 16 }],
    [Status.errorShardId, { 3: 4 }],
    [Status.errorCommand, { 5: 99 }],
    [Status.errorCoinId, { 7: 7 }],
    [Status.errorEncryptionKeyNotFound, { 16: 1 }],
  ];
  it.each(steps.map(([status], i) => [status, i] as const))("answers %i before what comes after", (status, i) => {
    const changes = Object.assign({}, ...steps.slice(i).map(([, change]) => change)) as Record<number, number>;
    const reply = new Harness().ask(changed(echo, changes).subarray(0, 32));
    expect(reply.header.status).toBe(status);
    expect(reply.bytes).toHaveLength(32);
  });

  it("repeats the group from the check of the coin id on, and the echo after all checks of the header", () => {
    const bad = new Harness().ask(changed(detect(coin(5)), { 5: 99 }));
    expect([bad.header.commandGroup, bad.header.echo]).toEqual([0, 0]);
    const other = new Harness().ask(changed(detect(coin(5)), { 7: 7 }));
    expect([other.header.commandGroup, other.header.echo]).toEqual([1, 0]);
  });

  it("waits for a header of 48 bytes for an unknown encryption type, and answers with one", () => {
    const harness = new Harness();
    const bytes = changed(concatBytes(echo, new Uint8Array(16)), { 16: 9 });
    const link = harness.send(bytes.subarray(0, 47));
    expect(harness.written.get(link)).toBeUndefined();
    harness.step({ type: "bytes", link, bytes: bytes.slice(47, 48) });
    expect(decodeResponseHeaderModern(harness.written.get(link)!)).toMatchObject({
      status: Status.errorEncryptionCode,
      encryptionType: 9,
    });
    expect(new Set(decodeResponseHeaderModern(harness.written.get(link)!).nonce).size).toBeGreaterThan(1);
  });

  it("answers a bad header before the body arrives", () => {
    const harness = new Harness();
    const link = harness.send(changed(detect(coin(5)), { 2: 7 }).subarray(0, 32));
    expect(harness.reply(link)?.header.status).toBe(Status.errorRaidaId);
    expect(harness.shut.has(link)).toBe(true);
  });

  it("then checks trailer, framing, checksum and length", () => {
    const harness = new Harness();
    harness.put(1, 5);
    const sound = detect(coin(5));
    const short = changed(sound.subarray(0, 32 + 17), { 23: 17, 47: 0x3e, 48: 0x3e });
    expect(harness.ask(short).header).toMatchObject({
      status: Status.errorPacketLength,
      challengeHash: new Uint8Array(16),
    });
    const trailer = harness.ask(changed(sound, { [sound.length - 1]: 0xe3 }));
    expect(trailer.header).toMatchObject({ status: Status.errorEof, challengeHash: new Uint8Array(16) });
    const crc = harness.ask(changed(sound, { 44: sound[44]! ^ 1 }));
    expect(crc.header.status).toBe(Status.errorCrc);
    expect(crc.header.challengeHash.subarray(0, 12)).toEqual(CHALLENGE);
    const twenty = concatBytes(sound.subarray(0, 48), new Uint8Array(20), Uint8Array.of(0x3e, 0x3e));
    expect(harness.ask(changed(twenty, { 23: 38 })).header.status).toBe(Status.errorPacketLength);
    const odd = concatBytes(sound.subarray(0, 48), new Uint8Array(22), Uint8Array.of(0x3e, 0x3e));
    expect(harness.ask(changed(odd, { 23: 40 })).header.status).toBe(Status.errorCoinsNotDivisible);
  });

  it("accepts a body of 65,535 bytes, and reads FF FF as that length only", () => {
    const payload = new Uint8Array(0xffff - 18);
    const whole = request(...ECHO, encodeEchoRequest({ challenge: CHALLENGE, payload }));
    expect(whole).toHaveLength(32 + 0xffff);
    expect(new Harness().ask(whole).header.status).toBe(Status.success);
    // As an extension has it, that C servers do not have: the length in the bytes behind, and more of a body.
    const longer = concatBytes(changed(whole, { 24: 0, 25: 1, 26: 0x11, 27: 0x70, 0x1001e: 0 }), new Uint8Array(4_465));
    expect(new Harness().ask(longer).header.status).toBe(Status.errorEof);
  });

  it("carries out echo and version without a body, and no other command", () => {
    const harness = new Harness();
    const bare = (group: number, command: number): Uint8Array => request(group, command, new Uint8Array(0));
    expect(harness.ask(bare(0, 0)).header.status).toBe(Status.success);
    expect(new TextDecoder().decode(harness.ask(bare(0, 1)).body)).toBe("20250323>>");
    expect(harness.ask(bare(1, 10)).header).toMatchObject({
      status: Status.errorEmptyRequest,
      challengeHash: new Uint8Array(16),
    });
  });
});

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));

/** Recorded replies of the C server. */
describe("the length of a body", () => {
  const header = "0100030000000006000000000000000000000000000000";

  it("is checked for the trailer first, then for the complete framing", () => {
    for (const [body, status] of [
      ["01a1a2a3a4a5a6a7a83e", Status.errorPacketLength],
      ["02a1a2a3a4a5a6a7a83e3e", Status.errorPacketLength],
      ["03a1a2a3a4a5a6a7a8327a7a", Status.errorEof],
      ["11a1a2a3a4a5a6a7a8000102030405060708090a0b0c0d0e3e3e", Status.errorPacketLength],
      ["11a1a2a3a4a5a6a7a8000102030405060708090a0b0c0d0e3e3f", Status.errorEof],
    ] as const) {
      expect(new Harness().ask(bytesOf(header + body)).header.status, body).toBe(status);
    }
  });
});

describe("a command that only the C server implements", () => {
  // Of a key alert, which has no other flaw.
  const alert = changed(echo, { 4: 4, 5: 42 });

  it("passes all checks of header, key and framing before it is refused", () => {
    const harness = new Harness();
    const ask = (changes: Record<number, number>): number => harness.ask(changed(alert, changes)).header.status;
    expect(ask({ 7: 5 })).toBe(Status.errorCoinId);
    const unknown = concatBytes(changed(alert, { 16: 3 }), new Uint8Array(16));
    expect([...harness.ask(unknown).bytes.subarray(2, 4)]).toEqual([Status.errorEncryptionCode, 4]);
    expect(ask({ 16: 1, 17: 9 })).toBe(Status.errorEncryptionKeyNotFound);
    expect(ask({ 16: 2 })).toBe(Status.errorEncryptionKeyNotFound);
    const modern = concatBytes(changed(alert, { 16: 4, 19: 9 }), new Uint8Array(16));
    expect(harness.ask(modern).bytes[2]).toBe(Status.errorEncryptionCoinNotFound);
    expect(ask({ [alert.length - 1]: 0 })).toBe(Status.errorEof);
    expect(ask({ 32: 0 })).toBe(Status.errorCrc);
    const { header } = harness.ask(alert);
    expect(header).toMatchObject({ status: Status.errorCommand, commandGroup: 4, echo: 0xcafe });
    expect(header.challengeHash.subarray(0, 12)).toEqual(CHALLENGE);
  });

  it("is every registered command, and no other", () => {
    const registered = [
      [3, 120, 130, 140, 150, 160],
      [4, 41, 42, 43],
      [8, 81, 84, 85, 86, 87, 88, 89],
      [9, 91, 92, 93],
      [10, 170, 171, 172, 173, 174],
      [11, 110, 111, 112, 114],
      [12, 120],
      [13, 134, 135, 136],
      [14, 2, 4, 5],
    ].flatMap(([group, ...commands]) => commands.map((command) => `${group}/${command}`));
    const served = ["0/0", "0/1", "0/2", "0/3", "1/10", "1/11", "1/20", "1/21", "2/40", "2/50", "2/60", "2/80"];
    const found: string[] = [];
    const harness = new Harness();
    for (let group = 0; group < 16; group++) {
      for (let command = 0; command < 256; command++) {
        const { status } = harness.ask(changed(echo, { 4: group, 5: command, 7: 5 })).header;
        if (status === Status.errorCoinId) found.push(`${group}/${command}`);
        else expect(status).toBe(Status.errorCommand);
      }
    }
    expect(new Set(found)).toEqual(new Set([...registered, ...served, "4/44", "4/45", "8/82", "8/83"]));
  });

  it("answers errorEmptyRequest without a body, with two exceptions", () => {
    for (const [group, command, strict, reference] of [
      [3, 120, Status.errorEmptyRequest, Status.errorEmptyRequest],
      [8, 84, Status.errorEmptyRequest, Status.errorEmptyRequest],
      [10, 170, Status.errorEmptyRequest, Status.errorEmptyRequest],
      [10, 173, Status.errorNotImplemented, Status.errorNotImplemented],
      [4, 41, Status.errorEmptyRequest, Status.errorEmptyRequest],
      [4, 42, Status.errorCommand, Status.success],
    ] as const) {
      const bare = request(group, command, new Uint8Array(0));
      expect(new Harness().ask(bare).header.status).toBe(strict);
      expect(new Harness({ profile: "reference" }).ask(bare).header.status).toBe(reference);
    }
  });
});

describe("detect of old coins", () => {
  it("answers errorLegacyDatabase after the check of the length", () => {
    const harness = new Harness();
    harness.put(1, 5);
    const ask = (shard: number): number => harness.ask(changed(detect(coin(5)), { 3: shard })).header.status;
    expect([0, 1, 2, 3].map(ask)).toEqual([
      Status.allPass,
      Status.errorLegacyDatabase,
      Status.errorLegacyDatabase,
      Status.allPass,
    ]);
    expect(harness.ask(changed(echo, { 3: 1 })).header.status).toBe(Status.success);
    const short = changed(echo, { 3: 1, 4: 1, 5: 10 });
    expect(harness.ask(short).header.status).toBe(Status.errorPacketLength);
  });
});

describe("a connection", () => {
  it("gets the same reply at any cut of the request", () => {
    const bytes = detect(coin(5), coin(6, wrong));
    const answers = Array.from({ length: bytes.length + 1 }, (_, cut) => {
      const harness = new Harness();
      harness.put(1, 5);
      harness.put(1, 6);
      return harness.reply(harness.send(bytes.subarray(0, cut), bytes.subarray(cut)))!.bytes;
    });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it("carries one request; later bytes are dropped", () => {
    const harness = new Harness();
    const link = harness.send(concatBytes(echo, echo));
    expect(harness.written.get(link)).toHaveLength(32);
    expect(harness.shut.has(link)).toBe(true);
  });

  it("is closed without a request, after a partial request, or if its sender ends", () => {
    const harness = new Harness();
    const idle = harness.send();
    const half = harness.send(echo.subarray(0, 40));
    const ended = harness.send(echo.subarray(0, 40));
    harness.step({ type: "ended", link: ended });
    expect([...harness.shut]).toEqual([ended]);
    while (harness.machine.nextWakeMs() < Infinity) {
      harness.nowMs = harness.machine.nextWakeMs();
      harness.step({ type: "wake" });
    }
    expect(harness.shut).toEqual(new Set([ended, half, idle]));
    expect(harness.nowMs).toBe(31_000);
  });

  it("reports the execution time in microseconds", () => {
    const harness = new Harness();
    const link = harness.send(echo.subarray(0, 40));
    harness.nowMs += 12.5;
    harness.step({ type: "bytes", link, bytes: echo.slice(40) });
    expect(harness.reply(link)!.header.executionTimeUs).toBe(12_500);
  });
});
