/** Tests of many fixes whose peers hang, beside an honest client: in a simulation, and over sockets. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import type { Effect, Event, Machine } from "../../../../src/machine/index.js";
import {
  AN_BYTES,
  encodeFixRequest,
  offsetOf,
  PAGE_BYTES,
  pageKey,
  RaidaClient,
  RaidaServer,
  type RaidaCall,
  type RaidaClientEvent,
  type RaidaOutcome,
  type RaidaServerEvent,
  type RaidaServerOptions,
} from "../../../../src/protocols/raida/index.js";
import { coinDisk, startRaidaServer } from "../../../../src/protocols/raida/node.js";
import { Simulation, type SimulatedHost } from "../../../../src/testing/index.js";
import { ECHO, FIX } from "../commands.js";
import { anOf, bodyOf, request } from "../harness.js";

const ADDRESS = "raida-3:25000";
const HUNG = "hung:25000";
const COIN = { denomination: 1, serial: 5 };
const TICKETS = Array.from({ length: 25 }, (_, id) => 1 + id);
const FIX_REQUEST = request(
  ...FIX,
  encodeFixRequest({
    challenge: new Uint8Array(12),
    coins: [COIN],
    panGenerator: new Uint8Array(16),
    tickets: TICKETS,
  }),
);
const ECHO_REQUEST = request(...ECHO, bodyOf());
/** How long the server waits for a peer that hangs. */
const PEER_TIMEOUT_MS = 32_000;

/** Accepts connections and answers none. */
class Hung implements Machine {
  step(): void {}
  nextWakeMs(): number {
    return Infinity;
  }
}

/** Sends ten fixes every 100 ms, by datagram or each over a connection of its own. */
class Attacker implements Machine {
  readonly #transport: "udp" | "tcp";
  readonly #target: string;
  #link = 0;
  #nextMs = 0;

  constructor(transport: "udp" | "tcp", target: string) {
    this.#transport = transport;
    this.#target = target;
  }

  step(event: Event, nowMs: number, out: Effect[]): void {
    if (event.type !== "wake") return;
    this.#nextMs = nowMs + 100;
    for (let i = 0; i < 10; i++) {
      const bytes = FIX_REQUEST.slice();
      if (this.#transport === "udp") out.push({ type: "datagram", peer: this.#target, bytes });
      else
        out.push(
          { type: "connect", link: --this.#link, peer: this.#target },
          { type: "write", link: this.#link, bytes },
        );
    }
  }

  nextWakeMs(): number {
    return this.#nextMs;
  }
}

/** A server whose peers hang, eight attackers and an honest client. */
class Crowd {
  readonly simulation: Simulation;
  readonly server: SimulatedHost<never, never, RaidaServerEvent>;
  readonly #client;

  /** @param isBounded false to lift all bounds: those of the server, and the links that its host keeps for peers */
  constructor(run: number, transport: "udp" | "tcp", isBounded: boolean) {
    this.simulation = new Simulation({ run });
    this.simulation.heal();
    const unbounded = { fixesMax: 1_024, fixesPerPrefixMax: 1_024, limits: { linksMax: 1e6, outgoingLinksMax: 1e6 } };
    const options: RaidaServerOptions = {
      raidaId: 3,
      peers: Array.from({ length: 25 }, () => HUNG),
      // Of C servers each gets one connection at a time.
      kinds: "specwire",
      ...(isBounded ? {} : unbounded),
    };
    this.server = this.simulation.host(
      "raida-3",
      (env) => new RaidaServer(options, env),
      isBounded ? { listen: ADDRESS } : {},
    );
    const page = new Uint8Array(PAGE_BYTES);
    page.set(anOf(COIN.denomination, COIN.serial).slice(0, AN_BYTES), offsetOf(COIN.serial));
    this.server.disk.write(pageKey(COIN.denomination, 0), 0, page);
    this.simulation.host("hung", () => new Hung(), { listen: HUNG, limits: { linksMax: 1e6, linksPerPrefixMax: 1e6 } });
    const { address } = this.server;
    for (let i = 0; i < 8; i++) this.simulation.host(`attacker-${i}`, () => new Attacker(transport, address));
    const servers = Array.from({ length: 25 }, () => address);
    this.#client = this.simulation.host<RaidaCall, RaidaOutcome, RaidaClientEvent>(
      "honest",
      (env) => new RaidaClient({ servers, transport: "tcp" }, env),
    );
  }

  /** @returns the time until the reply, or the code of the error */
  call(what: RaidaCall, timeoutMs: number): number | string {
    const beganMs = this.simulation.nowMs;
    const call = this.#client.call(what, timeoutMs);
    this.simulation.runUntil(() => call.outcome !== undefined, timeoutMs + 1);
    return call.outcome!.ok ? this.simulation.nowMs - beganMs : call.outcome!.error.code;
  }

  /** The waits for one echo a second. */
  echoes(count: number): (number | string)[] {
    return Array.from({ length: count }, () => {
      this.simulation.runFor(1_000);
      return this.call({ command: "echo", server: 3 }, 5_000);
    });
  }
}

describe("a crowd of fixes whose peers hang", () => {
  it.each(["udp", "tcp"] as const)("delays no client, over %s", (transport) => {
    for (const run of [1, 2]) {
      const crowd = new Crowd(run, transport, true);
      let openMost = 0;
      crowd.simulation.always(() => (openMost = Math.max(openMost, crowd.server.openLinks)));
      const waits = crowd.echoes(35);
      // A round trip to connect and one to ask, at the delays of the simulated network.
      expect(waits.filter((wait) => !(Number(wait) < 500))).toEqual([]);
      expect(openMost).toBeLessThan(1_024);
    }
  });

  it("would cut off every client without bounds", () => {
    expect(new Crowd(1, "udp", false).echoes(4)).toEqual(["closed", "closed", "closed", "closed"]);
  });

  it("keeps no fix over TCP waiting if it comes by datagram", () => {
    const crowd = new Crowd(1, "udp", true);
    crowd.simulation.runFor(2_000);
    const fix = {
      command: "fix",
      server: 3,
      coins: [COIN],
      panGenerator: new Uint8Array(16),
      tickets: TICKETS,
    } as const;
    const wait = crowd.call({ ...fix, tickets: [...TICKETS] }, 60_000);
    expect(wait).toBeGreaterThanOrEqual(PEER_TIMEOUT_MS);
    expect(wait).toBeLessThan(PEER_TIMEOUT_MS + 500);
  });
});

describe("over sockets", () => {
  it("100 datagrams keep no client from connecting", async () => {
    const sockets = new Set<Socket>();
    const hung = createServer((socket) => sockets.add(socket.on("error", () => {}))).listen(0, "127.0.0.1");
    await once(hung, "listening");
    const peers = Array.from({ length: 25 }, () => `127.0.0.1:${(hung.address() as AddressInfo).port}`);
    const disk = coinDisk([{ ...COIN, an: anOf(COIN.denomination, COIN.serial) }]);
    const server = await startRaidaServer({
      raidaId: 3,
      peers,
      kinds: "specwire",
      disk,
      limits: { lingerTimeoutMs: 50 },
    });
    const port = Number(server.address.split(":")[1]);
    const refused = new Promise<void>((resolve) => {
      server.subscribe((event) => {
        if (event.type === "answered" && event.status === 160) resolve();
      });
    });
    const attacker = createSocket("udp4");
    for (let i = 0; i < 100; i++) attacker.send(FIX_REQUEST, port, "127.0.0.1");
    // By then as many fixes run and wait as may.
    await refused;
    for (let i = 0; i < 20; i++) {
      const client = connect(port, "127.0.0.1");
      client.write(ECHO_REQUEST);
      const [reply] = (await once(client, "data")) as [Buffer];
      expect(reply[2]).toBe(250);
      client.destroy();
    }
    expect(sockets.size).toBeLessThanOrEqual(4 * 24);
    attacker.close();
    await server.stop();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => hung.close(resolve));
  });
});
