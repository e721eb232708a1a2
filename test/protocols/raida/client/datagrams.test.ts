import { describe, expect, it } from "vitest";
import type { RaidaClientOptions, RaidaCommand, RaidaRequest } from "../../../../src/protocols/raida/index.js";
import { ClientBench, SERVERS } from "./harness.js";
import { ask, CIPHERINGS, SERVER, TYPES } from "./plain-requests.js";
import { answer, type Reply } from "./server.js";

const ADDRESS = SERVERS[SERVER]!;
const echo = ask("echo", 0);
const SUCCESS: Reply = { status: 250 };

/** One request under way, and what a server makes of its first datagram. */
function asked(
  request: RaidaRequest,
  options: Partial<RaidaClientOptions> = {},
): { client: ClientBench; id: number; reply: (how: Reply) => Uint8Array } {
  const client = new ClientBench(options);
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

describe("what is asked by datagram", () => {
  it.each(COMMANDS)("in `auto`: %s is, if it may be sent again (%s)", (command, isIdempotent) => {
    const { client } = asked(ask(command, 2));
    expect([client.datagrams.length, client.connects.length]).toEqual(isIdempotent ? [1, 0] : [0, 1]);
    if (isIdempotent) expect(client.datagrams[0]!.peer).toBe(ADDRESS);
    else expect(client.connects[0]!.peer).toBe(ADDRESS);
  });

  it.each(COMMANDS)("in `udp`: %s is, and sent again if that is the same (%s)", (command, isIdempotent) => {
    const { client, id } = asked(ask(command, 2), { transport: "udp" });
    expect(client.datagrams).toHaveLength(1);
    // What must not happen twice waits for the deadline of its call.
    expect(client.client.nextWakeMs() === Infinity).toBe(!isIdempotent);
    if (!isIdempotent) return;
    for (let sent = 2; sent <= 3; sent++) {
      client.wake();
      expect(client.datagrams.map(({ bytes }) => bytes)).toEqual(new Array(sent).fill(client.datagrams[0]!.bytes));
    }
    client.wake();
    expect(client.errorOf(id)).toMatchObject({ code: "timeout", path: `server[${SERVER}]` });
    expect([client.connects, client.client.nextWakeMs()]).toEqual([[], Infinity]);
  });

  it.each(["echo", "pown"] as const)("in `tcp`: not %s", (command) => {
    const { client } = asked(ask(command, 2), { transport: "tcp" });
    expect([client.datagrams.length, client.connects.length]).toEqual([0, 1]);
  });

  it.each(["auto", "udp"] as const)("in `%s`: what fits in 1,400 bytes", (transport) => {
    // 50 and 21 bytes for each coin.
    const [fits, not] = [64, 65].map((count) => asked(ask("detect", count), { transport }).client);
    expect([fits!.datagrams[0]!.bytes.length, fits!.connects.length]).toEqual([50 + 64 * 21, 0]);
    expect([not!.datagrams.length, not!.connects.length]).toEqual([0, 1]);
  });
});

describe("a server that does not answer datagrams", () => {
  it("is asked three times, then over TCP, and at once over TCP from then on", () => {
    const { client, id } = asked(echo);
    const at = [client.nowMs];
    for (let i = 0; i < 3; i++) {
      client.wake();
      at.push(client.nowMs);
    }
    expect(at.map((ms) => ms - at[0]!)).toEqual([0, 400, 1_200, 2_800]);
    expect([client.datagrams.length, client.connects.length]).toEqual([3, 1]);
    client.receive(answer(undefined, client.open(), SUCCESS));
    expect(client.valueOf(id)).toEqual({});

    client.call(echo);
    expect([client.datagrams.length, client.connects.length]).toEqual([3, 2]);
    // Of another server nothing is known.
    client.call({ ...echo, server: 8 });
    expect([client.datagrams.length, client.connects.length]).toEqual([4, 2]);
  });

  it("nor connections, is unreachable; it may answer datagrams the next time", () => {
    const { client, id } = asked(echo);
    for (let i = 0; i < 3; i++) client.wake();
    client.close();
    expect(client.errorOf(id).code).toBe("unreachable");
    client.call(echo);
    expect([client.datagrams.length, client.connects.length]).toEqual([4, 1]);
  });
});

describe.each(TYPES)("an answer by datagram to a request of type %i", (type) => {
  const options = { encryption: CIPHERINGS[type].encryption };

  it("is proved by what it repeats, whoever has sent it, and taken once", () => {
    const { client, id, reply } = asked(echo, options);
    const right = reply(SUCCESS);
    client.receiveDatagram("nobody:1", right);
    expect(client.valueOf(id)).toEqual({});
    client.receiveDatagram(ADDRESS, right);
    expect([client.connects, client.client.nextWakeMs()]).toEqual([[], Infinity]);
  });

  it("is ignored while it proves nothing and tells no failure, or comes from elsewhere", () => {
    const { client, id, reply } = asked(echo, options);
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
    expect([client.settled.size, client.connects.length, client.datagrams.length]).toEqual([0, 0, 1]);
    client.receiveDatagram(ADDRESS, reply(SUCCESS));
    expect(client.valueOf(id)).toEqual({});
  });

  it("may be an answer to the first datagram when it has been sent again", () => {
    const { client, id, reply } = asked(echo, options);
    client.wake();
    client.receiveDatagram(ADDRESS, reply(SUCCESS));
    expect(client.valueOf(id)).toEqual({});
    expect(client.client.nextWakeMs()).toBe(Infinity);
  });

  it("leads to TCP when it is an error that proves nothing, of either size", () => {
    for (const bytes of [32, 48]) {
      const { client, id } = asked(echo, options);
      const failed = Uint8Array.of(SERVER, 0, 16, ...new Uint8Array(bytes - 3).fill(0xee)).fill(0, 9, 12);
      client.receiveDatagram(ADDRESS, failed);
      expect([client.connects.length, client.client.nextWakeMs()]).toEqual([1, Infinity]);
      client.receive(answer(CIPHERINGS[type].how, client.open(), SUCCESS));
      expect(client.valueOf(id)).toEqual({});
    }
  });

  it("that is such an error ends nothing in `udp`, but is told when nothing better comes", () => {
    for (const bytes of [32, 48]) {
      const failed = Uint8Array.of(SERVER, 0, 16, ...new Uint8Array(bytes - 3).fill(0xee)).fill(0, 9, 12);
      const told = asked(echo, { ...options, transport: "udp" });
      told.client.receiveDatagram(ADDRESS, failed);
      while (!told.client.settled.has(told.id)) told.client.wake();
      expect(told.client.errorOf(told.id)).toMatchObject({ code: "status", path: `server[${SERVER}]` });
      expect(told.client.connects).toEqual([]);

      const better = asked(echo, { ...options, transport: "udp" });
      better.client.receiveDatagram(ADDRESS, failed);
      better.client.receiveDatagram(ADDRESS, better.reply(SUCCESS));
      expect(better.client.valueOf(better.id)).toEqual({});
    }
  });

  it("that is an error and proved is told at once", () => {
    const { client, id, reply } = asked(echo, options);
    client.receiveDatagram(ADDRESS, reply({ status: 252 }));
    expect(client.errorOf(id)).toMatchObject({ code: "status" });
    expect([client.connects, client.client.nextWakeMs()]).toEqual([[], Infinity]);
  });
});

it("several datagrams to one server are told apart by what they repeat", () => {
  const client = new ClientBench({ maxConnects: 3 });
  const ids = [0, 1, 2].map(() => client.call(ask("detect", 1)));
  for (const i of [2, 0, 1]) {
    const reply = answer(undefined, client.datagrams[i]!.bytes, { status: i === 0 ? 241 : 242 });
    client.receiveDatagram(ADDRESS, reply);
    expect(client.valueOf(ids[i]!)).toEqual({ authentic: [i === 0] });
  }
});

it("answers of type 5 that nobody can read end the exchange as well", () => {
  const { client, id, reply } = asked(ask("version", 0), { encryption: CIPHERINGS[5].encryption });
  client.receiveDatagram(ADDRESS, reply({ status: 250, payload: new Uint8Array(8).fill(0x31), losesNonce: true }));
  expect(client.errorOf(id).code).toBe("undecryptable");
  expect(client.connects).toEqual([]);
});
