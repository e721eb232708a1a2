/** Requests by datagram: which are sent so, when again, and when over TCP instead. */
import { describe, expect, it } from "vitest";
import {
  Status,
  type RaidaClientOptions,
  type RaidaCommand,
  type RaidaRequest,
} from "../../../../src/protocols/raida/index.js";
import { ClientHarness, SERVERS } from "./harness.js";
import { sampleRequest, CIPHERINGS, SERVER, TYPES } from "./plain-requests.js";
import { answer, type Reply } from "./server.js";

const ADDRESS = SERVERS[SERVER]!;
const echo = sampleRequest("echo", 0);
const SUCCESS: Reply = { status: Status.success };

/** One request under way, and a server that replies to its first datagram. */
function pendingRequest(
  request: RaidaRequest,
  options: Partial<RaidaClientOptions> = {},
): { client: ClientHarness; id: number; reply: (how: Reply) => Uint8Array } {
  const client = new ClientHarness(options);
  const id = client.call(request);
  const type = TYPES.find((one) => CIPHERINGS[one].encryption === options.encryption) ?? 0;
  return { client, id, reply: (how) => answer(CIPHERINGS[type].how, client.datagrams[0]!.bytes, how) };
}

const IDEMPOTENT: Readonly<Record<RaidaCommand, boolean>> = {
  echo: true,
  version: true,
  showStats: true,
  audit: true,
  detect: true,
  detectSum: true,
  find: true,
  getEncryptionTicket: true,
  fixEncryption: true,
  peek: true,
  pown: false,
  pownSum: false,
  getTicket: false,
  validateTicket: false,
  fix: false,
  storeSum: false,
};
const COMMANDS = Object.entries(IDEMPOTENT) as [RaidaCommand, boolean][];

describe("the requests that go by datagram", () => {
  it.each(COMMANDS)("in `auto`: %s, if it is idempotent (%s)", (command, isIdempotent) => {
    const { client } = pendingRequest(sampleRequest(command, 2));
    expect([client.datagrams.length, client.connects.length]).toEqual(isIdempotent ? [1, 0] : [0, 1]);
    if (isIdempotent) expect(client.datagrams[0]!.peer).toBe(ADDRESS);
    else expect(client.connects[0]!.peer).toBe(ADDRESS);
  });

  it.each(COMMANDS)("in `udp`: %s, and again if it is idempotent (%s)", (command, isIdempotent) => {
    const { client, id } = pendingRequest(sampleRequest(command, 2), { transport: "udp" });
    expect(client.datagrams).toHaveLength(1);
    // A request that is not idempotent waits for the deadline of its call.
    expect(client.machine.nextWakeMs() === Infinity).toBe(!isIdempotent);
    if (!isIdempotent) return;
    for (let sent = 2; sent <= 3; sent++) {
      client.wake();
      expect(client.datagrams.map(({ bytes }) => bytes)).toEqual(new Array(sent).fill(client.datagrams[0]!.bytes));
    }
    client.wake();
    expect(client.errorOf(id)).toMatchObject({ code: "timeout", path: `server[${SERVER}]` });
    expect([client.connects, client.machine.nextWakeMs()]).toEqual([[], Infinity]);
  });

  it.each(["echo", "pown"] as const)("in `tcp`: not %s", (command) => {
    const { client } = pendingRequest(sampleRequest(command, 2), { transport: "tcp" });
    expect([client.datagrams.length, client.connects.length]).toEqual([0, 1]);
  });

  it.each(["auto", "udp"] as const)("in `%s`: those of up to 1,400 bytes", (transport) => {
    // A detect has 50 bytes and 21 for each coin.
    const [fits, not] = [64, 65].map((count) => pendingRequest(sampleRequest("detect", count), { transport }).client);
    expect([fits!.datagrams[0]!.bytes.length, fits!.connects.length]).toEqual([50 + 64 * 21, 0]);
    expect([not!.datagrams.length, not!.connects.length]).toEqual([0, 1]);
  });
});

describe("a server that does not answer datagrams", () => {
  it("gets three datagrams, then TCP, and only TCP from then on", () => {
    const { client, id } = pendingRequest(echo);
    const at = [client.nowMs];
    for (let i = 0; i < 3; i++) {
      client.wake();
      at.push(client.nowMs);
    }
    expect(at.map((ms) => ms - at[0]!)).toEqual([0, 400, 1_200, 2_800]);
    expect([client.datagrams.length, client.connects.length]).toEqual([3, 1]);
    client.receive(answer(undefined, client.open(), SUCCESS));
    expect(client.resultOf(id)).toEqual({});

    client.call(echo);
    expect([client.datagrams.length, client.connects.length]).toEqual([3, 2]);
    // Another server still gets datagrams.
    client.call({ ...echo, server: 8 });
    expect([client.datagrams.length, client.connects.length]).toEqual([4, 2]);
  });

  it("nor connections is unreachable; the next request goes by datagram again", () => {
    const { client, id } = pendingRequest(echo);
    for (let i = 0; i < 3; i++) client.wake();
    client.close();
    expect(client.errorOf(id).code).toBe("unreachable");
    client.call(echo);
    expect([client.datagrams.length, client.connects.length]).toEqual([4, 1]);
  });
});

describe.each(TYPES)("an answer by datagram to a request of type %i", (type) => {
  const options = { encryption: CIPHERINGS[type].encryption };

  it("is proven by what it repeats, from any address, and taken once", () => {
    const { client, id, reply } = pendingRequest(echo, options);
    const right = reply(SUCCESS);
    client.receiveDatagram("nobody:1", right);
    expect(client.resultOf(id)).toEqual({});
    client.receiveDatagram(ADDRESS, right);
    expect([client.connects, client.machine.nextWakeMs()]).toEqual([[], Infinity]);
  });

  it("is ignored if it is unproven and no failure, or comes from another address", () => {
    const { client, id, reply } = pendingRequest(echo, options);
    const forged = reply(SUCCESS);
    forged[type < 4 ? 16 : 47]! ^= 1;
    client.receiveDatagram(ADDRESS, forged);
    const failed = forged.slice();
    failed[2] = 252;
    client.receiveDatagram("nobody:1", failed);
    for (const pending of [150, 183]) {
      const waits = forged.slice();
      waits[2] = pending;
      client.receiveDatagram(ADDRESS, waits);
    }
    const other = reply({ ...SUCCESS, server: 8 });
    client.receiveDatagram(SERVERS[8]!, other);
    client.receiveDatagram(ADDRESS, other);
    for (const length of [0, 1, 31]) client.receiveDatagram(ADDRESS, forged.subarray(0, length));
    client.receiveDatagram(ADDRESS, new Uint8Array(2_000).fill(0xff));
    expect([client.outcomes.size, client.connects.length, client.datagrams.length]).toEqual([0, 0, 1]);
    client.receiveDatagram(ADDRESS, reply(SUCCESS));
    expect(client.resultOf(id)).toEqual({});
  });

  it("may answer the first datagram after the second was sent", () => {
    const { client, id, reply } = pendingRequest(echo, options);
    client.wake();
    client.receiveDatagram(ADDRESS, reply(SUCCESS));
    expect(client.resultOf(id)).toEqual({});
    expect(client.machine.nextWakeMs()).toBe(Infinity);
  });

  it("leads to TCP if it is an unproven error, with either header", () => {
    for (const bytes of [32, 48]) {
      const { client, id } = pendingRequest(echo, options);
      const failed = Uint8Array.of(SERVER, 0, 16, ...new Uint8Array(bytes - 3).fill(0xee)).fill(0, 9, 12);
      client.receiveDatagram(ADDRESS, failed);
      expect([client.connects.length, client.machine.nextWakeMs()]).toEqual([1, Infinity]);
      client.receive(answer(CIPHERINGS[type].how, client.open(), SUCCESS));
      expect(client.resultOf(id)).toEqual({});
    }
  });

  it("that is an unproven error is reported in `udp` if no better reply comes", () => {
    for (const bytes of [32, 48]) {
      const failed = Uint8Array.of(SERVER, 0, 16, ...new Uint8Array(bytes - 3).fill(0xee)).fill(0, 9, 12);
      const told = pendingRequest(echo, { ...options, transport: "udp" });
      told.client.receiveDatagram(ADDRESS, failed);
      while (!told.client.outcomes.has(told.id)) told.client.wake();
      expect(told.client.errorOf(told.id)).toMatchObject({ code: "status", path: `server[${SERVER}]` });
      expect(told.client.connects).toEqual([]);

      const better = pendingRequest(echo, { ...options, transport: "udp" });
      better.client.receiveDatagram(ADDRESS, failed);
      better.client.receiveDatagram(ADDRESS, better.reply(SUCCESS));
      expect(better.client.resultOf(better.id)).toEqual({});
    }
  });

  it("that is a proven error is reported at once", () => {
    const { client, id, reply } = pendingRequest(echo, options);
    client.receiveDatagram(ADDRESS, reply({ status: Status.errorInternal }));
    expect(client.errorOf(id)).toMatchObject({ code: "status" });
    expect([client.connects, client.machine.nextWakeMs()]).toEqual([[], Infinity]);
  });
});

it("several datagrams to one server are told apart by what they repeat", () => {
  const client = new ClientHarness({ maxConnects: 3 });
  const ids = [0, 1, 2].map(() => client.call(sampleRequest("detect", 1)));
  for (const i of [2, 0, 1]) {
    const reply = answer(undefined, client.datagrams[i]!.bytes, { status: i === 0 ? Status.allPass : Status.allFail });
    client.receiveDatagram(ADDRESS, reply);
    expect(client.resultOf(ids[i]!)).toEqual({ authentic: [i === 0] });
  }
});

it("answers of type 5 that nobody can read end the exchange as well", () => {
  const { client, id, reply } = pendingRequest(sampleRequest("version", 0), { encryption: CIPHERINGS[5].encryption });
  client.receiveDatagram(
    ADDRESS,
    reply({ status: Status.success, payload: new Uint8Array(8).fill(0x31), losesNonce: true }),
  );
  expect(client.errorOf(id).code).toBe("undecryptable");
  expect(client.connects).toEqual([]);
});
