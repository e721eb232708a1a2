/** The reply counter of types 1 and 2, configured or probed. */
import { describe, expect, it } from "vitest";
import {
  CommandGroup,
  HealingCommand,
  KeyExchangeCommand,
  Status,
  StatusCommand,
  type RaidaClientOptions,
  type RaidaRequest,
} from "../../../../src/protocols/raida/index.js";
import { ClientHarness } from "./harness.js";
import { sampleRequest, CIPHERINGS, SERVER, TYPES } from "./plain-requests.js";
import { answer, open, type Reply } from "./server.js";

type Counter = "restart" | "continue";
const HOW = CIPHERINGS[1].how;
const VERSION: Reply = { status: Status.success, payload: new TextEncoder().encode("20261121") };
/** A request whose reply has a payload, so that the counter matters. */
const find = sampleRequest("find", 2);
const FOUND: Reply = { status: Status.findMixed, payload: Uint8Array.of(2, 1) };

function clientOf(options: Partial<RaidaClientOptions> = {}): ClientHarness {
  return new ClientHarness({
    encryption: CIPHERINGS[1].encryption,
    replyCounter: "auto",
    transport: "tcp",
    ...options,
  });
}

/** The command of the request on the newest connection. */
function newestCommand(client: ClientHarness): "version" | "find" | "other" {
  const { group, command } = open(HOW, client.open());
  return group === CommandGroup.status && command === StatusCommand.version
    ? "version"
    : group === CommandGroup.healing && command === HealingCommand.find
      ? "find"
      : "other";
}

/** Replies on the newest connection as a server with this counter. */
function reply(client: ClientHarness, how: Reply, replyCounter: Counter): void {
  const link = client.connects.at(-1)!.link;
  const sent = client.written.get(link)!;
  client.receive(answer(HOW, sent, { ...how, replyCounter }), link);
}

describe.each(["restart", "continue"] as const)("a server whose counter is `%s`", (counter) => {
  it("is probed once by `auto`, before the first request", () => {
    const client = clientOf();
    const ids = [client.call(find), client.call(find), client.call(find)];
    expect([client.connects.length, newestCommand(client)]).toEqual([1, "version"]);
    reply(client, VERSION, counter);
    for (const [i, id] of ids.entries()) {
      expect([client.connects.length, newestCommand(client)]).toEqual([2 + i, "find"]);
      reply(client, FOUND, counter);
      expect(client.resultOf(id)).toEqual({ results: [2, 1] });
    }
    client.call(find);
    expect(newestCommand(client)).toBe("find");
    // Another server gets a probe of its own.
    client.call({ ...find, server: 8 } as RaidaRequest);
    client.open();
    expect(client.written.get(client.connects.at(-1)!.link)![5]).toBe(StatusCommand.version);
  });

  it("is not probed if it is configured, and replies are unreadable under the wrong one", () => {
    const right = clientOf({ replyCounter: counter });
    const id = right.call(find);
    expect(newestCommand(right)).toBe("find");
    reply(right, FOUND, counter);
    expect(right.resultOf(id)).toEqual({ results: [2, 1] });

    const wrong = clientOf({ replyCounter: counter });
    const other = wrong.call(sampleRequest("version", 0));
    wrong.open();
    reply(wrong, VERSION, counter === "restart" ? "continue" : "restart");
    const outcome = wrong.outcomes.get(other)!;
    expect(outcome.ok && "version" in outcome.value && outcome.value.version).not.toBe("20261121");
  });
});

describe("`auto`", () => {
  it.each(TYPES.filter((type) => type !== 1 && type !== 2))("sends no probe under type %i", (type) => {
    const client = clientOf({ encryption: CIPHERINGS[type].encryption });
    client.call(sampleRequest("find", 2));
    expect(open(CIPHERINGS[type].how, client.open()).command).toBe(HealingCommand.find);
  });

  it("sends requests in clear without a probe", () => {
    const client = clientOf({ maxConnects: 2 });
    const id = client.call(sampleRequest("getEncryptionTicket", 0));
    const sent = client.open();
    expect(sent[5]).toBe(KeyExchangeCommand.getEncryptionTicket);
    client.call(find);
    expect(newestCommand(client)).toBe("version");
    client.receive(
      answer(undefined, sent, { status: Status.noError, payload: new Uint8Array(16) }),
      client.connects[0]!.link,
    );
    expect(client.resultOf(id)).toEqual({ ticket: new Uint8Array(16) });
  });

  it("sends its probe like other requests: by datagram, again, then over TCP", () => {
    const client = clientOf({ transport: "auto" });
    const id = client.call(sampleRequest("version", 0));
    for (let i = 0; i < 3; i++) client.wake();
    expect([client.datagrams.length, newestCommand(client)]).toEqual([3, "version"]);
    reply(client, VERSION, "continue");
    // The client knows by now that the server answers no datagrams.
    expect([client.datagrams.length, client.connects.length]).toEqual([3, 2]);
    client.open();
    reply(client, VERSION, "continue");
    expect(client.resultOf(id)).toEqual({ version: "20261121" });
  });

  it("assumes `restart` if the version is not eight digits", () => {
    const client = clientOf();
    const id = client.call(find);
    client.open();
    reply(client, { status: Status.success, payload: new TextEncoder().encode("nightly") }, "restart");
    client.open();
    reply(client, FOUND, "restart");
    expect(client.resultOf(id)).toEqual({ results: [2, 1] });
  });

  const failures: Readonly<Record<string, readonly [fail: (client: ClientHarness) => void, code: string]>> = {
    "has no connection": [(client) => client.close(), "unreachable"],
    "is cut": [(client) => (client.open(), client.close()), "closed"],
    "proves nothing": [
      (client) => {
        client.receive(answer(HOW, client.open(), VERSION).map((byte, at) => (at === 16 ? byte ^ 1 : byte)));
      },
      "unproven",
    ],
    "says that the coin is unknown": [
      (client) => {
        client.open();
        client.receive(Uint8Array.of(SERVER, 0, 34, ...new Uint8Array(29)));
      },
      "status",
    ],
  };
  it.each(Object.entries(failures))(
    "survives a probe that %s: one call fails, the next probes again",
    (_, [fail, code]) => {
      const client = clientOf();
      const [first, second] = [client.call(find), client.call(find)];
      fail(client);
      expect(client.errorOf(first!)).toMatchObject({ code, path: `server[${SERVER}]` });
      expect([client.outcomes.has(second!), newestCommand(client)]).toEqual([false, "version"]);
      reply(client, VERSION, "continue");
      expect(newestCommand(client)).toBe("find");
      reply(client, FOUND, "continue");
      expect(client.resultOf(second!)).toEqual({ results: [2, 1] });
    },
  );

  it("ends its probe with the last call that waits for it", () => {
    const client = clientOf();
    const [first, second] = [client.call(find), client.call(find)];
    client.open();
    client.step({ type: "cancel", id: first! });
    expect(client.links.size).toBe(1);
    client.step({ type: "cancel", id: second! });
    expect(client.links.size).toBe(0);
    // The next call sends another probe.
    const third = client.call(find);
    expect(newestCommand(client)).toBe("version");
    reply(client, VERSION, "continue");
    client.open();
    reply(client, FOUND, "continue");
    expect(client.resultOf(third)).toEqual({ results: [2, 1] });
  });

  it("fails no call in clear if a probe fails", () => {
    const client = clientOf({ maxConnects: 2 });
    const encrypted = client.call(find);
    const probe = client.connects[0]!.link;
    const clear = client.call(sampleRequest("getEncryptionTicket", 0));
    client.close(probe);
    expect(client.errorOf(encrypted).code).toBe("unreachable");
    expect([client.outcomes.has(clear), client.connects.length]).toEqual([false, 2]);
    expect(client.open()[5]).toBe(KeyExchangeCommand.getEncryptionTicket);
  });
});
