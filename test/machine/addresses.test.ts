/** Addresses that a machine binds, over UDP and in a simulation. */
import { describe, expect, it } from "vitest";
import { run } from "../../src/host/index.js";
import { readTrace, replay, traceWriter, type Effect, type Event, type Machine } from "../../src/machine/index.js";
import { NO_FAULTS, Simulation } from "../../src/testing/index.js";
import { udp } from "../../src/transport/index.js";

type Call = { readonly wants: readonly Effect<string, string>[] };

/** Pushes the effects of a call; settles it with the outcome of the last bind. */
class Binder implements Machine<Call, string, string> {
  #id = 0;
  #left = 0;
  step(event: Event<Call>, _nowMs: number, out: Effect<string, string>[]) {
    if (event.type === "call") {
      this.#id = event.id;
      this.#left = event.request.wants.filter(({ type }) => type === "bind").length;
      out.push(...event.request.wants);
      if (this.#left === 0) out.push({ type: "settle", id: this.#id, value: "done" });
    } else if (event.type === "bound" || event.type === "failed") {
      const value = event.type === "bound" ? event.local : `${event.error.code} ${event.error.actual}`;
      if (--this.#left === 0) out.push({ type: "settle", id: this.#id, value });
    } else if (event.type === "datagram") {
      out.push({ type: "emit", event: `${event.bytes[0]} from ${event.peer} at ${event.local}` });
    }
  }
  nextWakeMs() {
    return Infinity;
  }
}

const bind = (op: number, local: string): Effect<string, string> => ({ type: "bind", op, local });

describe("addresses that a machine binds", () => {
  it("send and receive over UDP, and replay from a trace", async () => {
    let text = "";
    const writer = traceWriter((line) => (text += line));
    const heard: string[] = [];
    const server = run(new Binder(), { transport: udp() });
    const client = run(() => new Binder(), {
      transport: udp(),
      trace: writer.forHost("client"),
      traceStart: { machine: "binder" },
    });
    server.subscribe((event) => heard.push(event));
    const [to, from] = [
      await server.call({ wants: [bind(1, "127.0.0.1:0")] }),
      await client.call({ wants: [bind(1, "127.0.0.1:0")] }),
    ];
    await client.call({ wants: [{ type: "datagram", peer: to, bytes: Uint8Array.of(7), local: from }] });
    await expect.poll(() => heard).toEqual([`7 from ${from} at ${to}`]);
    expect(await client.call({ wants: [bind(2, to)] })).toContain("EADDRINUSE");
    await client.call({ wants: [{ type: "release", local: from }] });
    await client.stop();
    await server.stop();
    expect(replay(() => new Binder(), readTrace(text), "client").difference).toBeUndefined();
  });

  it("are bounded by `addressesMax`", async () => {
    const host = run(new Binder(), { transport: udp(), limits: { addressesMax: 2 } });
    const wants = [1, 2, 3].map((op) => bind(op, "127.0.0.1:0"));
    await host.call({ wants: wants.slice(0, 2) });
    expect(await host.call({ wants: wants.slice(2) })).toBe("limit 2 addresses are bound");
    await host.stop();
  });

  it("behave alike in a simulation: taken, occupied, of another host, freed by a crash and by release", () => {
    const simulation = new Simulation({ run: 1, faults: NO_FAULTS });
    const [one, other] = ["one", "other"].map((name) => simulation.host(name, () => new Binder()));
    const outcome = (host: typeof one, ...wants: Effect<string, string>[]) => {
      const call = host!.call({ wants });
      simulation.runUntil(() => call.outcome !== undefined, 1_000);
      return call.outcome!.ok ? call.outcome!.value : undefined;
    };
    simulation.occupy("one:80");
    expect(outcome(one, bind(1, "one:80"))).toBe("argument EADDRINUSE");
    simulation.occupy();
    expect(outcome(one, bind(2, "one:80"))).toBe("one:80");
    expect(outcome(one, bind(3, "one:80"))).toBe("argument EADDRINUSE");
    expect(outcome(other, bind(1, "one:81"))).toBe("argument EADDRNOTAVAIL");
    const from = outcome(other, bind(2, "other:0"))!;
    outcome(other, { type: "datagram", peer: "one:80", bytes: Uint8Array.of(9), local: from });
    simulation.runFor(10);
    expect(one!.emitted).toEqual([`9 from ${from} at one:80`]);
    one!.crash();
    one!.restart();
    expect(outcome(one, bind(1, "one:80"))).toBe("one:80");
    outcome(one, { type: "release", local: "one:80" });
    expect(outcome(one, bind(2, "one:80"))).toBe("one:80");
  });
});
