/** Hosts on TCP. */
import { connect as dial, createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { concatBytes, own } from "../../src/bytes/index.js";
import { run, type Host } from "../../src/host/index.js";
import type { Effect, Event, Machine } from "../../src/machine/index.js";
import { parseAddress, tcp } from "../../src/transport/index.js";

const hosts: Host<never, never, never>[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop()));
});

class Echo implements Machine<never, never, never> {
  readonly halfOpen = true;
  step(event: Event<never>, _: number, out: Effect<never, never>[]): void {
    if (event.type === "bytes") out.push({ type: "write", link: event.link, bytes: own(event.bytes) });
    if (event.type === "ended") out.push({ type: "shut", link: event.link });
  }
  nextWakeMs(): number {
    return Infinity;
  }
}

interface Ask {
  readonly peer: string;
  readonly bytes: Uint8Array;
}

/** Sends bytes and settles with as many that come back; times out at its deadline. */
class Asker implements Machine<Ask, Uint8Array, never> {
  #link = 0;
  readonly #calls = new Map<
    number,
    { link: number; ask: Ask; heard: Uint8Array[]; length: number; deadlineMs: number }
  >();

  step(event: Event<Ask>, nowMs: number, out: Effect<Uint8Array, never>[]): void {
    const settle = (id: number, code: "timeout" | "cancelled" | "closed" | "unreachable"): void => {
      const call = this.#calls.get(id)!;
      this.#calls.delete(id);
      out.push({ type: "settle", id, error: { code, format: "test", path: "" } }, { type: "shut", link: call.link });
    };
    if (event.type === "call") {
      const link = --this.#link;
      this.#calls.set(event.id, { link, ask: event.request, heard: [], length: 0, deadlineMs: event.deadlineMs });
      out.push({ type: "connect", link, peer: event.request.peer });
    } else if (event.type === "cancel") settle(event.id, "cancelled");
    else if (event.type === "wake") {
      for (const [id, { deadlineMs }] of this.#calls) if (deadlineMs <= nowMs) settle(id, "timeout");
    } else if ("link" in event) {
      const entry = [...this.#calls].find(([, call]) => call.link === event.link);
      if (entry === undefined) return;
      const [id, call] = entry;
      if (event.type === "opened") out.push({ type: "write", link: event.link, bytes: own(call.ask.bytes) });
      if (event.type === "bytes") {
        call.heard.push(own(event.bytes));
        call.length += event.bytes.length;
        if (call.length < call.ask.bytes.length) return;
        this.#calls.delete(id);
        out.push({ type: "settle", id, value: concatBytes(...call.heard) }, { type: "shut", link: event.link });
      }
      if (event.type === "closed") settle(id, event.error?.code === "unreachable" ? "unreachable" : "closed");
    }
  }

  nextWakeMs(): number {
    return Math.min(Infinity, ...[...this.#calls.values()].map(({ deadlineMs }) => deadlineMs));
  }
}

function echo(limits = {}): Host<never, never, never> {
  const host = run<never, never, never>(new Echo(), { transport: tcp(), limits });
  hosts.push(host);
  return host;
}

function asker(): Host<Ask, Uint8Array, never> {
  const host = run<Ask, Uint8Array, never>(new Asker(), { transport: tcp() });
  hosts.push(host as never);
  return host;
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "none",
    (error: { code: string }) => error.code,
  );

describe("a machine on TCP", () => {
  it("answers requests of a byte and of megabytes through a small queue", async () => {
    const peer = await echo({ writeQueueBytesMax: 4_096 }).listen("127.0.0.1:0");
    const client = asker();
    for (const length of [1, 1_000, 3_000_000]) {
      const bytes = Uint8Array.from({ length }, (_, i) => i * 7);
      expect(Buffer.compare(await client.call({ peer, bytes }), bytes)).toBe(0);
    }
  });

  it("reports why a call failed: unreachable, timeout, aborted, stopped", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const peer = `127.0.0.1:${(silent.address() as { port: number }).port}`;
    const bytes = Uint8Array.of(1);
    const client = asker();
    expect(await codeOf(client.call({ peer: "127.0.0.1:1", bytes }))).toMatch(/unreachable|closed/);
    expect(await codeOf(client.call({ peer, bytes }, { timeoutMs: 30 }))).toBe("timeout");
    const controller = new AbortController();
    const aborted = codeOf(client.call({ peer, bytes }, { signal: controller.signal }));
    controller.abort();
    expect(await aborted).toBe("cancelled");
    expect(await codeOf(client.call({ peer, bytes }, { signal: AbortSignal.abort() }))).toBe("cancelled");
    const open = codeOf(client.call({ peer, bytes }, { timeoutMs: Infinity }));
    await client.kill();
    expect(await open).toBe("cancelled");
    expect(await codeOf(client.call({ peer, bytes }))).toBe("cancelled");
    silent.close();
  });

  it("refuses links beyond `linksMax`", async () => {
    const { port } = parseAddress(await echo({ linksMax: 2 }).listen("127.0.0.1:0"));
    const outcomes = await Promise.all(
      [0, 1, 2, 3].map(
        () =>
          new Promise<string>((resolve) => {
            const socket = dial(port, "127.0.0.1", () => socket.write("x"));
            socket.on("data", () => setTimeout(() => (socket.destroy(), resolve("answered")), 200));
            socket.on("close", () => resolve("turned away"));
            socket.on("error", () => resolve("turned away"));
          }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === "answered")).toHaveLength(2);
  });

  it("refuses to listen at a taken or invalid address", async () => {
    const peer = await echo().listen("127.0.0.1:0");
    expect(await codeOf(echo().listen(peer))).toBe("argument");
    expect(await codeOf(echo().listen("nowhere"))).toBe("argument");
  });
});
