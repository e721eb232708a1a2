/** Tests of requests by datagram. */
import { createSocket } from "node:dgram";
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import type { RaidaProfile } from "../../../../src/protocols/raida/index.js";
import { coinDisk, startRaidaServer } from "../../../../src/protocols/raida/node.js";
import { anOf, Harness, bodyOf, changed, nameOf, request } from "../harness.js";
import { seal, unseal, type Seal } from "../node-crypto.js";
import { ADMIN_KEY, ascii, coin, LOCKER_KEY, PAN, encryptedHarness, SEALS } from "../encrypted-harness.js";
import { DETECT, ECHO, PEEK, POWN, SHOW_STATS, VERSION } from "../commands.js";
import { Status } from "../../../../src/protocols/raida/index.js";
import { CommandGroup } from "../../../../src/protocols/raida/index.js";

const ALL: readonly Seal[] = Object.values(SEALS);
const NOTHING = new Uint8Array(0);
const detect = request(...DETECT, bodyOf(coin(5)));

/** What show_stats says of datagrams. */
function udpRequests(harness: Harness): bigint {
  const { body } = harness.ask(request(...SHOW_STATS, bodyOf(ADMIN_KEY)));
  return new DataView(body.buffer, body.byteOffset).getBigUint64(24, true);
}

describe("a datagram", () => {
  it("is a request, answered by one datagram and no connection", () => {
    const harness = encryptedHarness();
    const byTcp = harness.ask(detect).bytes;
    const byUdp = encryptedHarness().askDatagram(detect).bytes;
    expect(byUdp).toEqual(byTcp);
    expect(harness.open.size).toBe(0);
  });

  it.each(ALL)("is answered under encryption type $type", (how) => {
    const harness = encryptedHarness({ type45Layout: "natural" });
    const sealed = seal(how, ...DETECT, concatBytes(coin(5), coin(6, PAN)));
    const reply = unseal(how, sealed, harness.askDatagram(sealed).bytes);
    expect(reply).toMatchObject({ status: Status.mixed, payload: Uint8Array.of(1) });
  });

  it.each(ALL)("waits for its key without the sender's buffer, type $type", (how) => {
    const harness = encryptedHarness();
    harness.holdsDisk = true;
    const sealed = seal(how, ...VERSION, ascii("anything"));
    // The harness overwrites what was lent as soon as the step is over.
    const first = harness.sendDatagram(sealed);
    harness.release();
    const reply = first ?? harness.datagrams[0]!.bytes;
    expect(unseal(how, sealed, reply).payload).toEqual(ascii("20261121"));
    expect(harness.datagrams).toHaveLength(1);
  });

  it("gets no reply without a complete header, whose length the 17th byte determines", () => {
    const harness = encryptedHarness();
    for (let length = 0; length < 32; length++) expect(harness.sendDatagram(detect.slice(0, length))).toBeUndefined();
    const sealed = seal(SEALS[4], ...ECHO, NOTHING);
    for (let length = 0; length < 48; length++) expect(harness.sendDatagram(sealed.slice(0, length))).toBeUndefined();
    // Of any other type as well, known or not.
    const unknown = changed(sealed, { 16: 99 });
    expect(harness.sendDatagram(unknown.slice(0, 47))).toBeUndefined();
    expect(harness.sendDatagram(unknown.slice(0, 48))![2]).toBe(Status.errorEncryptionCode);
    expect(harness.loads).toBe(0);
  });

  it("gets errorPacketLength if its body is cut, after every check of the header", () => {
    const harness = encryptedHarness();
    for (let length = 32; length < detect.length; length++) {
      const reply = harness.askDatagram(detect.slice(0, length));
      expect(reply.header).toMatchObject({
        status: Status.errorPacketLength,
        commandGroup: 1,
        bodyLength: 0,
        echo: 0xcafe,
      });
      expect(reply.header.challengeHash).toEqual(new Uint8Array(16));
    }
    expect(harness.askDatagram(changed(detect.slice(0, 40), { 7: 9 })).header.status).toBe(Status.errorCoinId);
    expect(harness.askDatagram(changed(detect.slice(0, 40), { 0: 9 })).header.status).toBe(Status.errorRouting);
    for (const how of ALL) {
      const reply = harness.sendDatagram(seal(how, ...VERSION, ascii("anything")).slice(0, -1))!;
      expect([reply[2], reply.length]).toEqual([Status.errorPacketLength, how.type <= 2 ? 32 : 48]);
    }
  });

  it.each<RaidaProfile>(["strict", "reference"])(
    "in the name of another server starts no endless exchange, %s",
    (profile) => {
      const pairs = [
        [3, 1],
        [3, 7],
        [1, 1],
      ] as const;
      for (const ids of pairs) {
        for (const header of [{ 0: 2 }, { 1: 2 }, { 2: 9 }, { 2: 9, 16: 4 }, { 4: 99 }, { 6: 9 }]) {
          const servers = ids.map((raidaId) => new Harness({ profile, raidaId }));
          // One datagram of an attacker, and from then on the answers of the two to each other.
          let bytes: Uint8Array | undefined = changed(detect, { 2: ids[0], ...header });
          let answers = 0;
          while ((bytes = servers[answers % 2]!.sendDatagram(bytes)) !== undefined) expect(++answers).toBeLessThan(4);
          expect(answers).toBeGreaterThan(0);
          expect(servers[answers % 2]!.events.at(-1)).toEqual({ type: "dropped", reason: "reply" });
        }
      }
    },
  );

  it("is refused for its key before it is for its length", () => {
    const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));
    // What the C server answered 34 to: 50 bytes announced, none there, coin 5,000,000 unknown.
    const one = bytesOf("010003000000000600000000000000000101004c4b400032a1a2a3a4a5a6a7a8");
    expect(encryptedHarness().sendDatagram(one)![2]).toBe(Status.errorEncryptionKeyNotFound);
    const harness = encryptedHarness();
    for (const how of ALL) {
      const cut = seal(how, ...VERSION, ascii("anything")).slice(0, -1);
      const at = how.type <= 2 ? 17 : 19;
      expect(harness.sendDatagram(changed(cut, { [at]: 9 }))![2]).toBe(
        how.type <= 2 ? Status.errorEncryptionKeyNotFound : Status.errorEncryptionCoinNotFound,
      );
      if (how.type === 5)
        expect(harness.sendDatagram(changed(cut, { 24: 9 }))![2]).toBe(Status.errorEncryptionCoinNotFound);
      const tooLong = seal(how, ...VERSION, new Uint8Array(1_500));
      expect(harness.sendDatagram(changed(tooLong, { [at]: 9 }))![2]).toBe(
        how.type <= 2 ? Status.errorEncryptionKeyNotFound : Status.errorEncryptionCoinNotFound,
      );
      expect(harness.sendDatagram(tooLong)![2]).toBe(Status.errorPacketLength);
    }
  });

  it("may have bytes after its body", () => {
    const harness = encryptedHarness();
    expect(harness.askDatagram(concatBytes(detect, detect, ascii("and more"))).header.status).toBe(Status.allPass);
    for (const how of ALL) {
      const sealed = seal(how, ...VERSION, NOTHING);
      const reply = harness.sendDatagram(concatBytes(sealed, new Uint8Array(100)))!;
      expect(unseal(how, sealed, reply).payload).toEqual(ascii("20261121"));
    }
  });

  it("is read up to 1,440 bytes: what is longer is cut there", () => {
    const echo = (bytes: number): Uint8Array => request(...ECHO, bodyOf(new Uint8Array(bytes - 32 - 18)));
    const harness = encryptedHarness();
    expect(harness.askDatagram(echo(1_440)).header.status).toBe(Status.success);
    expect(harness.askDatagram(echo(1_441)).header.status).toBe(Status.errorPacketLength);
    expect(harness.askDatagram(echo(60_000)).header.status).toBe(Status.errorPacketLength);
    // Behind the body it may be as long as it likes.
    expect(harness.askDatagram(concatBytes(echo(1_440), new Uint8Array(5_000))).header.status).toBe(Status.success);
    const large = encryptedHarness({ datagramBytesMax: 2_000 });
    expect(large.askDatagram(echo(1_441)).header.status).toBe(Status.success);
    expect(large.askDatagram(echo(2_001)).header.status).toBe(Status.errorPacketLength);
  });

  it("is counted even if it fails", () => {
    const harness = encryptedHarness();
    harness.askDatagram(detect);
    harness.sendDatagram(detect.slice(0, 3));
    harness.askDatagram(changed(detect, { 2: 9 }));
    expect(udpRequests(harness)).toBe(3n);
    expect(udpRequests(harness)).toBe(3n);
  });

  it("changes coins as a connection does", () => {
    const harness = encryptedHarness();
    const pown = request(...POWN, bodyOf(coin(5), PAN));
    harness.holdsDisk = true;
    harness.sendDatagram(pown);
    // As a network may, it comes a second time.
    harness.sendDatagram(pown);
    harness.release();
    expect(harness.datagrams.map(({ bytes }) => bytes[2])).toEqual([Status.allPass, Status.allFail]);
    expect(harness.kept(1, 5).an).toEqual(PAN);
  });
});

describe("over a real socket", () => {
  it("answers on the port on which it listens for connections", async () => {
    const disk = coinDisk([{ denomination: 1, serial: 5, an: anOf(1, 5) }]);
    const server = await startRaidaServer({ raidaId: 3, disk });
    const socket = createSocket("udp4");
    try {
      const { port } = new URL(`udp://${server.address}`);
      const answered = new Promise<Uint8Array>((resolve) => socket.once("message", resolve));
      socket.send(detect, Number(port), "127.0.0.1");
      const reply = await answered;
      expect([reply.length, ...reply.subarray(0, 4)]).toEqual([32, 3, 0, Status.allPass, CommandGroup.auth]);
      expect(reply.subarray(16, 28)).toEqual(Buffer.from(detect.subarray(32, 44)));
    } finally {
      socket.close();
      await server.stop();
    }
  });
});

describe("a reply of more than 1,440 bytes", () => {
  /** A locker of so many coins, and how to look into it. */
  function fullLocker(coins: number, profile: RaidaProfile): Harness {
    const harness = new Harness({ profile });
    const serials = Array.from({ length: coins }, (_, i) => i);
    for (const serial of serials) harness.put(1, serial, LOCKER_KEY);
    harness.machine.lockers.put(
      LOCKER_KEY,
      serials.map((serial) => ({ denomination: 1, serial })),
    );
    return harness;
  }
  const peek = seal(SEALS[2], ...PEEK, LOCKER_KEY);
  // 32 + 5 · 281 + 2 = 1,439, one coin more makes 1,444.
  const names = (coins: number): Uint8Array => concatBytes(...Array.from({ length: coins }, (_, i) => nameOf(1, i)));

  it("is sent up to 1,440 bytes", () => {
    const reply = fullLocker(281, "strict").askDatagram(peek).bytes;
    expect(reply).toHaveLength(1_439);
    expect(unseal(SEALS[2], peek, reply)).toMatchObject({ status: Status.allPass, payload: names(281) });
  });

  it("becomes errorPacketLength without a body, and is sent by TCP", () => {
    const harness = fullLocker(282, "strict");
    const reply = harness.askDatagram(peek).bytes;
    expect(unseal(SEALS[2], peek, reply)).toMatchObject({ status: Status.errorPacketLength, bodyBytes: 0 });
    expect(unseal(SEALS[2], peek, harness.ask(peek).bytes).payload).toEqual(names(282));
  });

  it("is sent in reference, as the C server does", () => {
    const reply = fullLocker(3_000, "reference").askDatagram(peek).bytes;
    expect(unseal(SEALS[2], peek, reply)).toMatchObject({ status: Status.allPass, payload: names(3_000) });
  });

  it("is measured with header and framing, also of 48 bytes", () => {
    // 48 + 8 + 34 for a version.
    for (const [most, status] of [
      [90, Status.success],
      [89, Status.errorPacketLength],
    ] as const) {
      const harness = encryptedHarness({ datagramBytesMax: most });
      const sealed = seal(SEALS[4], ...VERSION, NOTHING);
      expect(unseal(SEALS[4], sealed, harness.askDatagram(sealed).bytes).status).toBe(status);
    }
  });
});
