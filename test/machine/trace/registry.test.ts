/** Traces of several hosts: replay by a registry, options, and invalid lines. */
import { describe, expect, it } from "vitest";
import { isWireError } from "../../../src/errors.js";
import { run } from "../../../src/host/index.js";
import { memoryDisk } from "../../../src/storage/index.js";
import {
  readOptions,
  readTrace,
  replayTrace,
  tracedOptions,
  traceWriter,
  type MachineRegistry,
  type OptionSchema,
  type Trace,
  type TraceEntry,
} from "../../../src/machine/index.js";
import { memory } from "../../../src/transport/index.js";
import { KeyValueClient, KeyValueServer, type KeyValueAnswer, type KeyValueRequest } from "../key-value.js";

/** Options of the client, one of them secret. */
interface ClientOptions {
  readonly server: string;
  readonly tries?: number;
  readonly key?: Uint8Array;
}
const CLIENT_OPTIONS: OptionSchema<ClientOptions> = {
  server: (value) => typeof value === "string",
  tries: Number.isInteger,
  key: "secret",
};
const MACHINES: MachineRegistry = {
  server: () => new KeyValueServer(),
  client: (options, env) => new KeyValueClient(readOptions(options, CLIENT_OPTIONS).server, env),
};

/** Two clients put and get at one server, over a memory transport, into one trace. */
async function recorded(options: Partial<ClientOptions> = {}): Promise<string> {
  let text = "";
  const trace = traceWriter((line) => (text += line));
  const transport = memory();
  const server = run(() => new KeyValueServer(), {
    transport,
    disk: memoryDisk(),
    trace: trace.forHost("server"),
    traceStart: { machine: "server" },
  });
  const clientOptions = { server: await server.listen("here:0"), ...options };
  const clients = ["client", "client"].map((name) =>
    run<KeyValueRequest, KeyValueAnswer, never>((env) => new KeyValueClient(clientOptions.server, env), {
      transport,
      trace: trace.forHost(name),
      traceStart: { machine: "client", options: tracedOptions(clientOptions, CLIENT_OPTIONS) },
    }),
  );
  await Promise.all(clients.map((one, i) => one.call({ kind: "put", key: `key ${i}`, value: Uint8Array.of(i) })));
  await Promise.all(clients.map((one, i) => one.call({ kind: "get", key: `key ${1 - i}` })));
  await Promise.all([...clients, server].map((host) => host.stop()));
  return text;
}

function refusalOf(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return isWireError(error) ? error.toJSON() : error;
  }
}

const outcomes = (trace: Trace, host?: string) =>
  replayTrace(trace, MACHINES, host).map(({ host: name, machine, difference }) => [name, machine, difference]);

describe("a trace of hosts", () => {
  it("replays the machine of each host, under a unique name", async () => {
    const trace = readTrace(await recorded());
    expect(outcomes(trace)).toEqual([
      ["server", "server", undefined],
      ["client", "client", undefined],
      ["client 2", "client", undefined],
    ]);
    for (const { events, effects } of replayTrace(trace, MACHINES))
      expect(Math.min(events, effects)).toBeGreaterThan(3);
    expect(outcomes(trace, "client 2")).toEqual([["client 2", "client", undefined]]);
  });

  it("shows which machine acts differently", async () => {
    const registry: MachineRegistry = { ...MACHINES, server: () => new KeyValueServer({ acknowledgesEarly: true }) };
    const replays = replayTrace(readTrace(await recorded()), registry);
    expect(replays.map(({ difference }) => difference !== undefined)).toEqual([true, false, false]);
  });

  it("names the machine that the registry lacks, and the host that the trace lacks", async () => {
    const trace = readTrace(await recorded());
    const { server } = MACHINES;
    expect(refusalOf(() => replayTrace(trace, { server: server! }))).toMatchObject({
      code: "argument",
      path: expect.stringMatching(/^line \d+$/),
      expected: "a machine of server",
      actual: '"client"',
    });
    expect(refusalOf(() => replayTrace(trace, MACHINES, "nobody"))).toMatchObject({
      path: "host",
      expected: "server, client, client 2",
    });
    const single = readTrace('{"trace":1,"machine":"server","run":0}\n{"nowMs":0,"event":{"type":"stop"}}\n');
    expect(outcomes(single)).toEqual([[undefined, "server", undefined]]);
    expect(refusalOf(() => replayTrace(single, MACHINES, "server"))).toMatchObject({ path: "host" });
  });

  it("may be truncated anywhere: missing lines of the last step are no difference", async () => {
    const text = await recorded();
    const whole = readTrace(text);
    expect(whole.isCut).toBe(false);
    for (let end = text.indexOf("\n") + 1; end < text.length; end += 97) {
      const trace = readTrace(text.slice(0, end));
      expect(trace.entries.length).toBeLessThan(whole.entries.length);
      if (trace.isCut)
        for (const [name, , difference] of outcomes(trace)) expect([name, difference]).toEqual([name, undefined]);
    }
    // In a whole trace a missing line is a difference.
    const lines = text.trimEnd().split("\n");
    const last = lines.findLastIndex((line) => line.includes('"effect"'));
    const without = readTrace(`${lines.toSpliced(last, 1).join("\n")}\n`);
    expect(outcomes(without).filter(([, , difference]) => difference !== undefined)).toHaveLength(1);
  });

  it("reports an effect before the first event as a difference", () => {
    const trace = readTrace('{"trace":1,"machine":"server","run":0}\n{"nowMs":0,"effect":{"type":"shut","link":1}}\n');
    expect(replayTrace(trace, MACHINES)[0]!.difference).toMatchObject({ line: 2, step: 0, actual: undefined });
  });
});

describe("the options of a machine in a trace", () => {
  it("lack secrets, and a machine that needs a secret is not built", async () => {
    const text = await recorded({ key: Uint8Array.of(0xca, 0xfe, 0xba, 0xbe), tries: 2 });
    expect(text).not.toContain("cafebabe");
    const trace = readTrace(text);
    expect(outcomes(trace, "server")).toEqual([["server", "server", undefined]]);
    expect(refusalOf(() => replayTrace(trace, MACHINES, "client"))).toMatchObject({
      expected: "options of client",
      actual: expect.stringMatching(/options\.key: .* a secret$/),
    });
  });

  it("lack options outside the schema, and undefined ones", () => {
    const given = { server: "a:1", other: "unknown", tries: undefined } as object as ClientOptions;
    expect(tracedOptions(given, CLIENT_OPTIONS)).toEqual({ server: "a:1" });
  });

  it.each([
    [undefined, ""],
    ["a:1", ""],
    [{ server: 1 }, "server"],
    [{ server: "a:1", tries: 1.5 }, "tries"],
    [{ server: "a:1", retries: 1 }, "retries"],
    [{ server: "a:1", key: "<secret>" }, "key"],
  ])("are checked when they are read: %j", (options, path) => {
    expect(refusalOf(() => readOptions(options, CLIENT_OPTIONS))).toMatchObject({ code: "argument", path });
  });
});

describe("a line of a trace", () => {
  const withLine = (line: string) => readTrace(`{"trace":1,"machine":"m","run":0}\n${line}\n`);

  it("holds the operations of a disk, also of traces that told no size of what was loaded", () => {
    const lines: TraceEntry[] = [
      { nowMs: 1, effect: { type: "load", op: 1, key: "k", at: 2, length: Infinity } },
      { nowMs: 1, effect: { type: "list", op: 2, prefix: "" } },
      { nowMs: 1, effect: { type: "store", op: 3, writes: [{ key: "k", remove: true }] } },
      { nowMs: 2, event: { type: "loaded", op: 1, bytes: Uint8Array.of(1), size: 3, badAt: 3 } },
      { nowMs: 2, event: { type: "loaded", op: 1, bytes: undefined, size: 0 } },
      { nowMs: 2, event: { type: "listed", op: 2, keys: ["k"] } },
    ];
    let text = "";
    const trace = traceWriter((line) => (text += line));
    for (const line of lines) trace.write(line);
    expect(readTrace(text).entries).toEqual(lines);
    const old = withLine('{"nowMs":1,"event":{"type":"loaded","op":1,"bytes":{"$hex":"00"}}}');
    expect(old.entries).toMatchObject([{ event: { bytes: Uint8Array.of(0) } }]);
  });

  it.each([
    ['{"host":1,"nowMs":1,"note":""}', /a host that is a string/],
    ['{"random":"00"}', /random bytes/],
    ['{"unixNs":5}', /nanoseconds/],
    ['{"note":"without a time"}', /a time/],
    ['{"nowMs":1}', /an event, an effect, a start or a note/],
    ['{"nowMs":1,"start":{}}', /the name of a machine/],
    ['{"nowMs":1,"event":{"type":"constructor"}}', /an event of type opened/],
    ['{"nowMs":1,"event":{"type":"bytes","link":1}}', /bytes of type bytes in the event bytes/],
    ['{"nowMs":1,"event":{"type":"loaded","op":1,"bytes":"00"}}', /bytes of type bytes in the event loaded/],
    ['{"nowMs":1,"event":{"type":"closed","link":"1"}}', /link of type number/],
    ['{"nowMs":1,"effect":{"type":"wake"}}', /an effect of type connect/],
    ['{"nowMs":1,"effect":{"type":"store","op":1,"key":"k","at":0}}', /writes of type writes in the effect store/],
    ['{"nowMs":1,"effect":{"type":"store","op":1,"writes":[{"key":"k","at":0}]}}', /writes of type writes/],
    ['{"nowMs":1,"effect":{"type":"store","op":1,"writes":[null]}}', /writes of type writes/],
    ['{"nowMs":1,"effect":{"type":"store","op":1,"writes":[{"key":"k","remove":1}]}}', /writes of type writes/],
    ['{"nowMs":1,"effect":{"type":"load","op":1,"key":"k","at":"0"}}', /at of type number in the effect load/],
    ['{"nowMs":1,"effect":{"type":"list","op":1}}', /prefix of type string in the effect list/],
    ['{"nowMs":1,"event":{"type":"listed","op":1,"keys":["a",1]}}', /keys of type strings in the event listed/],
    ['{"nowMs":1,"event":{"type":"loaded","op":1,"size":"1"}}', /size of type number in the event loaded/],
    ['{"nowMs":1,"event":{"type":"bytes","link":1,"bytes":{"$hex":"0"}}}', /a JSON object/],
    ["[]", /a JSON object/],
    ["{", /a JSON object/],
  ])("is refused with its number if it is invalid: %s", (line, expected) => {
    expect(refusalOf(() => withLine(line))).toMatchObject({
      code: "argument",
      format: "trace",
      path: "line 2",
      expected: expect.stringMatching(expected),
    });
  });
});
