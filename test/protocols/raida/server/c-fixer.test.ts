/** Tests of the reply to a C server that fixes a coin (`cFixerCompat`). */
import { readFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { concatBytes, fromHex, toHex } from "../../../../src/bytes/index.js";
import { readTrace, replayTrace } from "../../../../src/machine/index.js";
import { coinDisk, startRaidaServer, type RunningRaidaServer } from "../../../../src/protocols/raida/node.js";
import { RAIDA_MACHINES } from "../../../../src/protocols/raida/index.js";
import { anOf, bodyOf, changed, crcOf, nameOf, request, type Harness } from "../harness.js";
import { seal, unseal } from "../node-crypto.js";
import { encryptedHarness, SEALS, TICKET } from "../encrypted-harness.js";
import { FIX, GET_TICKET, VALIDATE_TICKET } from "../commands.js";
import { Status } from "../../../../src/protocols/raida/index.js";

/**
 * A C server that fixes a coin asks its peers by 71 bytes, of which the last 16 are stray, and waits for a header of
 * 48. What follows is derived from the protocol's description; no recording covers it.
 */

const plain = (text: string): string => text.replaceAll(" ", "");
const CHALLENGE_AND_CRC = plain("000102030405060708090a0b 9270c965");
/** To RAIDA 3, its byte 8 set as the C server does; type 0, 23 bytes of body, no nonce. */
const HEADER = plain("01 00 03 00 0232 0006 0100000000000000 00 0000000000 0017 0000000000000000");
const STRAY = new Uint8Array(16).fill(0x8f);

/** 55 bytes. */
function asked(claimer: number, ticket: number, challenge = CHALLENGE_AND_CRC): Uint8Array {
  const payload = Uint8Array.of(claimer, ticket >>> 24, ticket >>> 16, ticket >>> 8, ticket, 0x3e, 0x3e);
  return concatBytes(fromHex(HEADER + challenge), payload);
}

/** From the id to the challenge, with any execution time. */
function replyTo(claim: { status: number; bodyBytes: number }, challenge = CHALLENGE_AND_CRC): RegExp {
  const size = claim.bodyBytes.toString(16).padStart(6, "0");
  return new RegExp(`^0300${claim.status.toString(16).padStart(2, "0")}02000100000${"0"}${size}.{8}${challenge}`);
}
const FILLER = "00".repeat(16);
const ONE_COIN = plain("0100000005 3e3e");

function answerTo(harness: Harness, bytes: Uint8Array): string {
  return toHex(harness.ask(bytes).bytes);
}

describe("the golden trace of a fixing C server", () => {
  const text = readFileSync(new URL("../golden/c-fixer.jsonl", import.meta.url), "utf8");

  it("replays without a difference", () => {
    const [replayed] = replayTrace(readTrace(text), RAIDA_MACHINES);
    expect(replayed!.difference).toBeUndefined();
    expect(replayed!.effects).toBe(22);
  });

  it("has the bytes of the description", () => {
    const lines = text.trim().split("\n");
    const written = lines.flatMap((line) => {
      const match = /"write","link":(\d).*"\$hex":"(\w+)"/.exec(line);
      return match === null ? [] : [match.slice(1)];
    });
    const head = plain("03 00 fa 02 0001 0000 00 00000c 00000000");
    const failed = plain("03 00 2c 02 0001 0000 00 000000 00000000");
    const both = plain("0100000000 0100000001 3e3e");
    expect(written.slice(1)).toEqual([
      // Whole, without its stray bytes, and in four pieces.
      ["2", head + CHALLENGE_AND_CRC + FILLER + both],
      ["3", head + CHALLENGE_AND_CRC + FILLER + both],
      ["4", head + CHALLENGE_AND_CRC + FILLER + both],
      // The first claimer again: a header alone.
      ["5", failed + CHALLENGE_AND_CRC + FILLER],
      // The server itself as claimer, and another challenge, are no C server's.
      ["6", head + CHALLENGE_AND_CRC + both],
      ["7", head + "a0a1a2a3a4a5a6a7a8a9aaab3e18aef6" + both],
    ]);
  });
});

describe("a request of 71 bytes", () => {
  const whole = concatBytes(asked(9, TICKET), STRAY);

  it("is answered once however it is cut, and its stray bytes are no request", () => {
    for (let cut = 0; cut <= whole.length; cut++) {
      const harness = encryptedHarness();
      const link = harness.send(whole.slice(0, cut), whole.slice(cut));
      expect(toHex(harness.written.get(link)!)).toMatch(
        new RegExp(`${replyTo({ status: Status.success, bodyBytes: 7 }).source}${FILLER}${ONE_COIN}$`),
      );
      expect(harness.events).toHaveLength(1);
    }
  });

  it.each([
    ["unknown ticket", asked(9, 0x9999), Status.errorNoTicketFound],
    ["no RAIDA", asked(25, TICKET), Status.errorWrongRaida],
  ])("is answered by 48 bytes where it fails: %s", (_, bytes, status) => {
    const answer = answerTo(encryptedHarness(), bytes);
    expect(answer).toMatch(replyTo({ status, bodyBytes: 0 }));
    expect(answer).toHaveLength(2 * 48);
  });

  it("is not recognised if any byte of the challenge differs", () => {
    for (let at = 0; at < 12; at++) {
      const challenge = changed(fromHex(CHALLENGE_AND_CRC.slice(0, 24)), { [at]: 0x55 });
      const bytes = asked(9, TICKET, toHex(concatBytes(challenge, crcOf(challenge))));
      expect(answerTo(encryptedHarness(), bytes)).toHaveLength(2 * (32 + 7));
    }
  });

  it("is not recognised from the server itself, by datagram, encrypted, in reference, or with cFixerCompat off", () => {
    const short = 2 * (32 + 7);
    expect(answerTo(encryptedHarness(), asked(3, TICKET))).toHaveLength(short);
    expect(toHex(encryptedHarness().askDatagram(whole).bytes)).toHaveLength(short);
    expect(answerTo(encryptedHarness({ profile: "reference" }), whole)).toHaveLength(short);
    expect(answerTo(encryptedHarness({ cFixerCompat: false }), whole)).toHaveLength(short);
    expect(answerTo(encryptedHarness({ profile: "reference", cFixerCompat: true }), whole)).toHaveLength(short + 32);
    const claim = Uint8Array.of(9, 0, 0, TICKET >> 8, TICKET & 0xff);
    for (const how of [SEALS[1], SEALS[2]]) {
      const sealed = seal(how, ...VALIDATE_TICKET, claim);
      expect(unseal(how, sealed, encryptedHarness().ask(sealed).bytes)).toMatchObject({
        status: Status.success,
        bodyBytes: 7,
      });
    }
  });

  it("is another command's with the same challenge: 32 bytes", () => {
    const echo = changed(asked(9, TICKET), { 4: 0, 5: 0 });
    expect(answerTo(encryptedHarness(), echo)).toHaveLength(2 * 32);
  });
});

describe("over a real connection", () => {
  const servers: RunningRaidaServer[] = [];
  const peers: Server[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    for (const peer of peers.splice(0)) peer.close();
  });

  async function start(options: Partial<Parameters<typeof startRaidaServer>[0]> = {}): Promise<RunningRaidaServer> {
    const disk = coinDisk([{ denomination: 1, serial: 5, an: anOf(1, 5) }]);
    const server = await startRaidaServer({ raidaId: 3, disk, ...options });
    servers.push(server);
    return server;
  }

  /** A client that writes pieces, each once the one before has had time to arrive, and reads to the end. */
  async function exchange(address: string, before: Uint8Array, after?: Uint8Array): Promise<Uint8Array> {
    const [host, port] = address.split(":") as [string, string];
    const socket: Socket = connect({ host, port: Number(port), noDelay: true });
    const received: Uint8Array[] = [];
    const done = new Promise<void>((resolve, reject) => {
      socket.on("error", reject);
      socket.on("end", resolve);
      socket.on("data", (bytes) => received.push(new Uint8Array(bytes)));
    });
    socket.write(before);
    if (after !== undefined) {
      // What is stray comes when the answer is already on its way.
      await new Promise<void>((resolve) => socket.once("data", () => resolve()));
      socket.write(after);
    }
    await done;
    await new Promise<void>((resolve) => {
      socket.on("close", () => resolve());
      socket.end();
    });
    return concatBytes(...received);
  }

  /** A ticket for coin 5. */
  async function ticketAt(address: string): Promise<number> {
    const reply = await exchange(address, request(...GET_TICKET, bodyOf(nameOf(1, 5), anOf(1, 5))));
    expect([reply[2], reply.length]).toEqual([Status.allPass, 38]);
    return new DataView(reply.buffer, reply.byteOffset).getUint32(32);
  }

  it("no reset comes before the answer, nor after it, whenever the stray bytes come", async () => {
    const { address } = await start();
    const ticket = await ticketAt(address);
    const expected = new RegExp(`${replyTo({ status: Status.success, bodyBytes: 7 }).source}${FILLER}${ONE_COIN}$`);
    for (let claimer = 4; claimer < 25; claimer++) {
      const bytes = asked(claimer, ticket);
      const reply = await (claimer % 2 === 0
        ? exchange(address, concatBytes(bytes, STRAY))
        : exchange(address, bytes, STRAY));
      expect(toHex(reply)).toMatch(expected);
    }
  });

  it("this server asks its peers with 55 bytes, and accepts a header of 32", async () => {
    const asks: Uint8Array[] = [];
    const peer = createServer((socket) => {
      let bytes: Uint8Array = new Uint8Array(0);
      socket.on("error", () => {});
      socket.on("data", (chunk) => {
        bytes = concatBytes(bytes, chunk);
        if (bytes.length < 55) return;
        asks.push(bytes);
        const head = Uint8Array.of(bytes[2]!, 0, 250, 2, 0, 1, 0, 0, 0, 0, 0, 7, 0, 0, 0, 1);
        socket.end(concatBytes(head, bytes.subarray(32, 48), fromHex(ONE_COIN)));
      });
    });
    await new Promise<void>((resolve) => peer.listen(0, "127.0.0.1", resolve));
    peers.push(peer);
    const at = `127.0.0.1:${(peer.address() as AddressInfo).port}`;
    const server = await start();
    server.setPeers(Array.from({ length: 25 }, () => at));
    const tickets = new Uint8Array(100).fill(0x42);
    const reply = await exchange(server.address, request(...FIX, bodyOf(nameOf(1, 5), new Uint8Array(16), tickets)));
    expect([reply[2], reply.length]).toEqual([Status.allPass, 32]);
    expect(asks.map((bytes) => bytes.length)).toEqual(new Array<number>(24).fill(55));
    expect(asks.map((bytes) => bytes[2]!).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 25 }, (_, id) => id).filter((id) => id !== 3),
    );
    for (const bytes of asks) {
      expect([...bytes.subarray(3, 8), bytes[16], bytes[22], bytes[23], bytes[48]]).toEqual([
        0, 2, 50, 0, 6, 0, 0, 23, 3,
      ]);
      expect(toHex(bytes.subarray(49))).toBe("424242423e3e");
      // No two peers see the same challenge, and none the one by which they would know a C server.
      expect(crcOf(bytes.subarray(32, 44))).toEqual(bytes.slice(44, 48));
    }
    expect(new Set(asks.map((bytes) => toHex(bytes.subarray(32, 44)))).size).toBe(24);
  });
});
