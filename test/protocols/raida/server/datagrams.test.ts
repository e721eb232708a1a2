import { createSocket } from "node:dgram";
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import type { RaidaProfile } from "../../../../src/protocols/raida/index.js";
import { coinDisk, startRaidaServer } from "../../../../src/protocols/raida/node.js";
import { anOf, Bench, bodyOf, changed, nameOf, request } from "../harness.js";
import { seal, unseal, type Seal } from "../sealed.js";
import { ADMIN_KEY, ascii, coin, LOCKER_KEY, PAN, sealedNode, SEALS } from "../sealed-server.js";

const ALL: readonly Seal[] = Object.values(SEALS);
const NOTHING = new Uint8Array(0);
const detect = request(1, 10, bodyOf(coin(5)));

/** What show_stats says of datagrams. */
function udpRequests(bench: Bench): bigint {
  const { body } = bench.ask(request(0, 2, bodyOf(ADMIN_KEY)));
  return new DataView(body.buffer, body.byteOffset).getBigUint64(24, true);
}

describe("a datagram", () => {
  it("is a request, answered by one datagram and no connection", () => {
    const bench = sealedNode();
    const byTcp = bench.ask(detect).bytes;
    const byUdp = sealedNode().askDatagram(detect).bytes;
    expect(byUdp).toEqual(byTcp);
    expect(bench.open.size).toBe(0);
  });

  it.each(ALL)("is answered under encryption type $type", (how) => {
    const bench = sealedNode({ type45Layout: "natural" });
    const sealed = seal(how, 1, 10, concatBytes(coin(5), coin(6, PAN)));
    const reply = unseal(how, sealed, bench.askDatagram(sealed).bytes);
    expect(reply).toMatchObject({ status: 243, payload: Uint8Array.of(1) });
  });

  it.each(ALL)("waits for its key without the sender's buffer, type $type", (how) => {
    const bench = sealedNode();
    bench.holdsDisk = true;
    const sealed = seal(how, 0, 1, ascii("anything"));
    // The bench overwrites what was lent as soon as the step is over.
    const first = bench.sendDatagram(sealed);
    bench.release();
    const reply = first ?? bench.datagrams[0]!.bytes;
    expect(unseal(how, sealed, reply).payload).toEqual(ascii("20261121"));
    expect(bench.datagrams).toHaveLength(1);
  });

  it("has no answer below its header: 17 bytes tell how long that is", () => {
    const bench = sealedNode();
    for (let length = 0; length < 32; length++) expect(bench.sendDatagram(detect.slice(0, length))).toBeUndefined();
    const sealed = seal(SEALS[4], 0, 0, NOTHING);
    for (let length = 0; length < 48; length++) expect(bench.sendDatagram(sealed.slice(0, length))).toBeUndefined();
    // Of any other type as well, known or not.
    const unknown = changed(sealed, { 16: 99 });
    expect(bench.sendDatagram(unknown.slice(0, 47))).toBeUndefined();
    expect(bench.sendDatagram(unknown.slice(0, 48))![2]).toBe(27);
    expect(bench.loads).toBe(0);
  });

  it("is 16 where it ends before its body does, behind every check of the header", () => {
    const bench = sealedNode();
    for (let length = 32; length < detect.length; length++) {
      const reply = bench.askDatagram(detect.slice(0, length));
      expect(reply.header).toMatchObject({ status: 16, commandGroup: 1, bodyLength: 0, echo: 0xcafe });
      expect(reply.header.challengeHash).toEqual(new Uint8Array(16));
    }
    expect(bench.askDatagram(changed(detect.slice(0, 40), { 7: 9 })).header.status).toBe(7);
    expect(bench.askDatagram(changed(detect.slice(0, 40), { 0: 9 })).header.status).toBe(255);
    for (const how of ALL) {
      const reply = bench.sendDatagram(seal(how, 0, 1, ascii("anything")).slice(0, -1))!;
      expect([reply[2], reply.length]).toEqual([16, how.type <= 2 ? 32 : 48]);
    }
  });

  it("is refused for its key before it is for its length", () => {
    const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));
    // What the C server answered 34 to: 50 bytes announced, none there, coin 5,000,000 unknown.
    const one = bytesOf("010003000000000600000000000000000101004c4b400032a1a2a3a4a5a6a7a8");
    expect(sealedNode().sendDatagram(one)![2]).toBe(34);
    const bench = sealedNode();
    for (const how of ALL) {
      const cut = seal(how, 0, 1, ascii("anything")).slice(0, -1);
      const at = how.type <= 2 ? 17 : 19;
      expect(bench.sendDatagram(changed(cut, { [at]: 9 }))![2]).toBe(how.type <= 2 ? 34 : 25);
      if (how.type === 5) expect(bench.sendDatagram(changed(cut, { 24: 9 }))![2]).toBe(25);
      const tooLong = seal(how, 0, 1, new Uint8Array(1_500));
      expect(bench.sendDatagram(changed(tooLong, { [at]: 9 }))![2]).toBe(how.type <= 2 ? 34 : 25);
      expect(bench.sendDatagram(tooLong)![2]).toBe(16);
    }
  });

  it("may go on behind its body", () => {
    const bench = sealedNode();
    expect(bench.askDatagram(concatBytes(detect, detect, ascii("and more"))).header.status).toBe(241);
    for (const how of ALL) {
      const sealed = seal(how, 0, 1, NOTHING);
      const reply = bench.sendDatagram(concatBytes(sealed, new Uint8Array(100)))!;
      expect(unseal(how, sealed, reply).payload).toEqual(ascii("20261121"));
    }
  });

  it("is read up to 1,440 bytes: what is longer is cut there", () => {
    const echo = (bytes: number): Uint8Array => request(0, 0, bodyOf(new Uint8Array(bytes - 32 - 18)));
    const bench = sealedNode();
    expect(bench.askDatagram(echo(1_440)).header.status).toBe(250);
    expect(bench.askDatagram(echo(1_441)).header.status).toBe(16);
    expect(bench.askDatagram(echo(60_000)).header.status).toBe(16);
    // Behind the body it may be as long as it likes.
    expect(bench.askDatagram(concatBytes(echo(1_440), new Uint8Array(5_000))).header.status).toBe(250);
    const large = sealedNode({ datagramBytesMax: 2_000 });
    expect(large.askDatagram(echo(1_441)).header.status).toBe(250);
    expect(large.askDatagram(echo(2_001)).header.status).toBe(16);
  });

  it("is counted, whatever becomes of it", () => {
    const bench = sealedNode();
    bench.askDatagram(detect);
    bench.sendDatagram(detect.slice(0, 3));
    bench.askDatagram(changed(detect, { 2: 9 }));
    expect(udpRequests(bench)).toBe(3n);
    expect(udpRequests(bench)).toBe(3n);
  });

  it("changes coins as a connection does", () => {
    const bench = sealedNode();
    const pown = request(1, 20, bodyOf(coin(5), PAN));
    bench.holdsDisk = true;
    bench.sendDatagram(pown);
    // As a network may, it comes a second time.
    bench.sendDatagram(pown);
    bench.release();
    expect(bench.datagrams.map(({ bytes }) => bytes[2])).toEqual([241, 242]);
    expect(bench.kept(1, 5).an).toEqual(PAN);
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
      expect([reply.length, ...reply.subarray(0, 4)]).toEqual([32, 3, 0, 241, 1]);
      expect(reply.subarray(16, 28)).toEqual(Buffer.from(detect.subarray(32, 44)));
    } finally {
      socket.close();
      await server.stop();
    }
  });
});

describe("a reply of more than 1,440 bytes", () => {
  /** A locker of so many coins, and how to look into it. */
  function fullLocker(coins: number, profile: RaidaProfile): Bench {
    const bench = new Bench({ profile });
    const serials = Array.from({ length: coins }, (_, i) => i);
    for (const serial of serials) bench.put(1, serial, LOCKER_KEY);
    bench.node.lockers.put(
      LOCKER_KEY,
      serials.map((serial) => ({ denomination: 1, serial })),
    );
    return bench;
  }
  const peek = seal(SEALS[2], 8, 83, LOCKER_KEY);
  // 32 + 5 · 281 + 2 = 1,439, one coin more makes 1,444.
  const names = (coins: number): Uint8Array => concatBytes(...Array.from({ length: coins }, (_, i) => nameOf(1, i)));

  it("is sent up to 1,440 bytes", () => {
    const reply = fullLocker(281, "strict").askDatagram(peek).bytes;
    expect(reply).toHaveLength(1_439);
    expect(unseal(SEALS[2], peek, reply)).toMatchObject({ status: 241, payload: names(281) });
  });

  it("becomes a length error without a body, and is there by TCP", () => {
    const bench = fullLocker(282, "strict");
    const reply = bench.askDatagram(peek).bytes;
    expect(unseal(SEALS[2], peek, reply)).toMatchObject({ status: 16, bodyBytes: 0 });
    expect(unseal(SEALS[2], peek, bench.ask(peek).bytes).payload).toEqual(names(282));
  });

  it("is sent in reference, as the C server does", () => {
    const reply = fullLocker(3_000, "reference").askDatagram(peek).bytes;
    expect(unseal(SEALS[2], peek, reply)).toMatchObject({ status: 241, payload: names(3_000) });
  });

  it("is measured with all that stands around it, of the 48-byte form too", () => {
    // 48 + 8 + 34 for a version.
    for (const [most, status] of [
      [90, 250],
      [89, 16],
    ] as const) {
      const bench = sealedNode({ datagramBytesMax: most });
      const sealed = seal(SEALS[4], 0, 1, NOTHING);
      expect(unseal(SEALS[4], sealed, bench.askDatagram(sealed).bytes).status).toBe(status);
    }
  });
});
