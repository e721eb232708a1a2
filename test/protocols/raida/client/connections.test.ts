/** The connections of the client: how many it opens, and how calls over them end. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { Status, type RaidaClientOptions, type RaidaRequest } from "../../../../src/protocols/raida/index.js";
import { RequestKey } from "../../../../src/protocols/raida/wire/encryption.js";
import { ClientHarness, SERVERS } from "./harness.js";
import { sampleRequest, CIPHERINGS, SERVER, TYPES } from "./plain-requests.js";
import { answer } from "./server.js";

const echo = sampleRequest("echo", 0);
const TRANSPORTS = ["auto", "tcp", "udp"] as const;

afterEach(() => void vi.restoreAllMocks());

/** Records the keys of requests. @returns whether each is wiped */
function watchKeys(): () => boolean[] {
  const seal = vi.spyOn(RequestKey.prototype, "cryptRequest");
  // The challenge XOR the key: the key itself, for a challenge of zeros.
  return () =>
    (seal.mock.contexts as RequestKey[]).map((key) =>
      key.challengeHash(new Uint8Array(16)).every((byte) => byte === 0),
    );
}

describe.each(TRANSPORTS)("over `%s`", (transport) => {
  it.each([1, 2, 5])("a server gets at most %i concurrent requests, in the order of the calls", (maxConnects) => {
    const client = new ClientHarness({ maxConnects, transport });
    const ids = Array.from({ length: 12 }, () => client.call(echo));
    client.call({ ...echo, server: 8 });
    let answered = 0;
    const underWay = (): number => client.links.size + client.datagrams.length - (transport === "tcp" ? 0 : answered);
    while (answered < ids.length) {
      // One request is for server 8.
      expect(underWay()).toBe(Math.min(maxConnects, ids.length - answered) + 1);
      if (transport === "tcp") {
        const { link } = client.connects.filter(({ peer }) => peer === SERVERS[SERVER])[answered]!;
        client.receive(answer(undefined, client.open(link), { status: Status.success }), link);
      } else {
        const { peer, bytes } = client.datagrams.filter((sent) => sent.peer === SERVERS[SERVER])[answered]!;
        client.receiveDatagram(peer, answer(undefined, bytes, { status: Status.success }));
      }
      expect(ids.filter((id) => client.outcomes.has(id))).toEqual(ids.slice(0, ++answered));
    }
  });
});

describe("a request over TCP", () => {
  it("is written once its connection is open, and a reset after the reply changes nothing", () => {
    const client = new ClientHarness({ transport: "tcp" });
    const id = client.call(echo);
    const { link } = client.connects[0]!;
    expect(client.written.size).toBe(0);
    client.receive(answer(undefined, client.open(link), { status: Status.success }), link);
    client.close(link, { code: "closed", format: "tcp", path: "" });
    expect([client.resultOf(id), client.links.size]).toEqual([{}, 0]);
  });

  it("ends in `unreachable` without a connection, and in `closed` without a whole reply", () => {
    const refused = { code: "unreachable", format: "tcp", path: "", actual: "ECONNREFUSED" } as const;
    const client = new ClientHarness({ transport: "tcp", maxConnects: 3 });
    const ids = [1, 2, 3].map(() => client.call(echo));
    const [first, second, third] = client.connects.map(({ link }) => link);
    client.close(first, refused);
    expect(client.errorOf(ids[0]!)).toMatchObject({
      code: "unreachable",
      expected: SERVERS[SERVER],
      actual: "ECONNREFUSED",
    });
    client.open(second!);
    client.close(second);
    expect(client.errorOf(ids[1]!)).toMatchObject({ code: "closed", actual: "0 bytes of it" });
    client.open(third!);
    client.receive(new Uint8Array(7), third);
    client.close(third, refused);
    expect(client.errorOf(ids[2]!)).toMatchObject({ code: "closed", actual: "7 bytes of it" });
  });
});

/** The name of a state, the options for it, and what brings a call into it. */
type Scene = readonly [name: string, options: Partial<RaidaClientOptions>, bring: (client: ClientHarness) => void];
const nothing = (): void => {};
const SCENES: readonly Scene[] = [
  ["a first datagram is sent", {}, nothing],
  ["a datagram is sent again", {}, (client) => client.wake()],
  ["it connects", { transport: "tcp" }, nothing],
  ["it connects after datagrams", {}, (client) => [1, 2, 3].forEach(() => client.wake())],
  ["it is written", { transport: "tcp" }, (client) => void client.open()],
  ["half of an answer is there", { transport: "tcp" }, (client) => (client.open(), client.receive(new Uint8Array(20)))],
  ["the server is probed by datagram", { replyCounter: "auto" }, nothing],
  ["the server is probed over TCP", { replyCounter: "auto", transport: "tcp" }, (client) => void client.open()],
];

describe.each(SCENES)("given up when %s", (_, options, bring) => {
  const ends: Readonly<Record<string, (client: ClientHarness, id: number) => void>> = {
    cancelled: (client, id) => client.step({ type: "cancel", id }),
    timeout: (client) => {
      client.nowMs = 9_000;
      client.step({ type: "wake" });
    },
  };
  const types = options.replyCounter === "auto" ? [1, 2] : TYPES;

  it.each(Object.entries(ends))("a call that ends in %s leaves no link, datagram or key behind", (code, end) => {
    for (const type of types as readonly (1 | 2)[]) {
      const wiped = watchKeys();
      const client = new ClientHarness({ ...options, encryption: CIPHERINGS[type].encryption });
      const id = client.call(echo, 9_000);
      const waiting = client.call(echo);
      bring(client);
      end(client, id);
      expect(client.errorOf(id).code).toBe(code);
      // The next call begins, and no other.
      expect(client.outcomes.has(waiting)).toBe(false);
      client.step({ type: "cancel", id: waiting });
      expect([client.links.size, client.machine.nextWakeMs()]).toEqual([0, Infinity]);
      if (type > 0) expect(wiped().length).toBeGreaterThan(1);
      expect(wiped()).not.toContain(false);

      const next = client.call(echo);
      expect(client.outcomes.has(next)).toBe(false);
      expect(client.links.size + (Number.isFinite(client.machine.nextWakeMs()) ? 1 : 0)).toBe(1);
      client.step({ type: "stop" });
      expect(client.errorOf(next).code).toBe("cancelled");
      expect([client.links.size, client.machine.nextWakeMs()]).toEqual([0, Infinity]);
      expect(wiped()).not.toContain(false);
    }
  });
});

describe("a call that waits for its turn", () => {
  it("can be cancelled, and those behind it go on", () => {
    const client = new ClientHarness({ transport: "tcp" });
    const [first, second, third] = [1, 2, 3].map(() => client.call(echo));
    client.step({ type: "cancel", id: second! });
    expect(client.errorOf(second!).code).toBe("cancelled");
    client.receive(answer(undefined, client.open(), { status: Status.success }));
    expect(client.resultOf(first!)).toEqual({});
    expect(client.connects).toHaveLength(2);
    client.receive(answer(undefined, client.open(), { status: Status.success }));
    expect(client.resultOf(third!)).toEqual({});
  });

  it("has its key wiped after any reply", () => {
    for (const status of [Status.success, Status.errorInternal]) {
      const wiped = watchKeys();
      const client = new ClientHarness({ transport: "tcp", encryption: CIPHERINGS[1].encryption });
      const id = client.call(echo as RaidaRequest);
      client.receive(answer(CIPHERINGS[1].how, client.open(), { status }));
      expect(client.outcomes.get(id)!.ok).toBe(status === Status.success);
      expect(wiped().length).toBeGreaterThan(0);
      expect(wiped()).not.toContain(false);
    }
  });
});
