/** The recorded session of the reference, played by our server and by our client. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../../../src/bytes/index.js";
import {
  BINARY_HEARTBEAT_FLAGS,
  BittrrtClient,
  BittrrtServer,
  CONTROL_FLAGS,
  FrameKey,
  Session,
  TokenKey,
} from "../../../src/protocols/bittrrt/index.js";
import type { Effect, Env, Event, Machine } from "../../../src/machine/index.js";

/** A recorded packet. */
interface Packet {
  readonly t_s: number;
  readonly src_port: number;
  readonly dst_port: number;
  readonly datagram_hex: string;
  readonly decoded: {
    readonly layer: string;
    readonly flags?: number;
    readonly sequence?: string;
    readonly payload_hex?: string;
  };
}

/** A recorded session. */
interface Live {
  readonly kind: string;
  readonly key_hex: string;
  readonly inputs: { readonly keys: readonly { readonly role: string; readonly priv: string }[] };
  readonly decoded: { readonly packets: readonly Packet[] };
}

const { vectors } = JSON.parse(readFileSync("seeds/bittrrt/vectors.json", "utf8")) as { vectors: Live[] };
const { inputs, decoded, key_hex } = vectors.find(({ kind }) => kind === "live.session")!;
const { packets } = decoded;
const MAIN_PORT = 16_711;
const HOST = "127.0.0.1";
const isOfClient = ({ dst_port }: Packet): boolean => dst_port >= MAIN_PORT && dst_port <= MAIN_PORT + 3;
const address = (port: number): string => `${HOST}:${port}`;
const privateKeyOf = (role: string): Uint8Array => fromHex(inputs.keys.find((key) => key.role === role)!.priv);
const key = new TokenKey();

/** The time of a recorded datagram: the seconds of a token, the last stamp of a heartbeat. */
function unixNsOf({ datagram_hex, decoded: { layer, payload_hex } }: Packet): bigint {
  if (layer !== "fernet") return BigInt(`0x${payload_hex!.slice(-16) || 0}`) * 1_000_000n;
  const opened = key.tryOpen(fromHex(datagram_hex));
  return opened.ok ? opened.value.unixSeconds * 1_000_000_000n : 0n;
}

/** The IV or nonce of a recorded datagram. */
function drawnFor({ datagram_hex, decoded: { layer } }: Packet): Uint8Array {
  const datagram = fromHex(datagram_hex);
  const opened = key.tryOpen(datagram);
  return layer === "fernet" && opened.ok ? opened.value.iv : datagram.slice(0, 12);
}

/**
 * A machine in the environment of the recording: it draws the nonces and reads the clock of the datagrams that it must
 * send next, which `plan` lists.
 */
class Replayed<Request> {
  readonly sent = new Map<string, string[]>();
  readonly binds: string[] = [];
  plan: Packet[] = [];
  keys: Uint8Array[] = [];
  readonly #machine: Machine<Request, unknown, unknown>;
  #clock = 0n;

  constructor(build: (env: Env) => Machine<Request, unknown, unknown>) {
    this.#machine = build({
      random: (n) => {
        if (n === 32 || n === 4) return this.keys.shift() ?? new Uint8Array(n);
        const packet = this.plan.shift();
        return packet === undefined ? new Uint8Array(n) : drawnFor(packet);
      },
      unixNs: () => (this.#clock = this.plan[0] === undefined ? this.#clock : unixNsOf(this.plan[0])),
    });
  }

  /** Steps the machine and sorts what it sends by source and destination. */
  step(event: Event<Request>, nowMs: number, plan: readonly (Packet | undefined)[] = []): void {
    this.plan = plan.filter((packet) => packet !== undefined);
    const out: Effect[] = [];
    this.#machine.step(event, nowMs, out);
    for (const effect of out) {
      if (effect.type === "bind") this.binds.push(effect.local);
      if (effect.type !== "datagram") continue;
      const way = `${effect.local} ${effect.peer}`;
      this.sent.set(way, [...(this.sent.get(way) ?? []), toHex(effect.bytes)]);
    }
  }

  countOf(way: string): number {
    return this.sent.get(way)?.length ?? 0;
  }
}

/** The recorded datagrams from one port to another, in order. */
function recorded(from: number, to: number): readonly Packet[] {
  return packets.filter(({ src_port, dst_port }) => src_port === from && dst_port === to);
}

describe("a strict session", () => {
  it.each(["server", "client"] as const)("accepts each frame that the recorded %s received, and none twice", (role) => {
    const random = (n: number): Uint8Array => crypto.getRandomValues(new Uint8Array(n));
    const rules = { role, profile: "strict", heartbeat: "binary", stampAgeMsMax: 60_000, replayWindow: 16 } as const;
    const one = new Session({ key: new FrameKey(fromHex(key_hex), { random }), ...rules });
    const frames = packets.filter((packet) => {
      return packet.decoded.layer === "frame" && isOfClient(packet) === (role === "server");
    });
    let nowMs = 0n;
    const take = (packet: Packet): string => {
      const stamped = ((packet.decoded.flags ?? 0) & 2) !== 0 ? unixNsOf(packet) / 1_000_000n : 0n;
      if (stamped > nowMs) nowMs = stamped;
      return one.receive(fromHex(packet.datagram_hex), nowMs).type;
    };
    expect(frames.length).toBeGreaterThan(10);
    expect(frames.map(take).filter((type) => type === "refused")).toEqual([]);
    const isAnswered = ({ decoded: { flags, sequence } }: Packet): boolean =>
      flags === BINARY_HEARTBEAT_FLAGS && sequence !== "0";
    const again = frames.filter((packet) => role === "server" || isAnswered(packet)).map(take);
    expect(new Set(again)).toEqual(new Set(["refused"]));
  });
});

describe("the recorded session", () => {
  it("has the answers of our server to the recorded client", () => {
    const rules = { profile: "reference", portRanges: "16712-16720", bindHost: HOST } as const;
    const server = new Replayed((env) => new BittrrtServer({ ...rules, privateKey: privateKeyOf("server") }, env));
    // The recorded server had sent seven tokens before, to a client that never sent a frame.
    const connect = fromHex(packets[0]!.datagram_hex);
    for (let i = 0; i < 7; i++) server.step({ type: "datagram", peer: address(1), bytes: connect }, -60_000);
    server.step({ type: "wake" }, -1_000);
    server.sent.clear();
    server.binds.length = 0;
    const way = (from: number, to: number): string =>
      `${from === MAIN_PORT ? undefined : address(from)} ${address(to)}`;
    for (const [i, packet] of packets.entries()) {
      if (!isOfClient(packet)) continue;
      const { src_port: client, dst_port: ours, t_s } = packet;
      // The three ports were bound before the last connect.
      const isReady = packets[i + 2]?.decoded.layer === "frame" && ours === MAIN_PORT;
      if (isReady) {
        server.binds.forEach((local, at) => server.step({ type: "bound", op: 4 + at, local }, 1_000 * t_s));
      }
      const plan = recorded(ours, client).slice(server.countOf(way(ours, client)));
      const local = ours === MAIN_PORT ? {} : { local: address(ours) };
      const bytes = fromHex(packet.datagram_hex);
      server.step({ type: "datagram", peer: address(client), bytes, ...local }, 1_000 * t_s, plan);
    }
    expect(server.binds).toEqual([16_712, 16_713, 16_714].map(address));
    const ways = new Set(packets.filter((one) => !isOfClient(one)).map((one) => `${one.src_port} ${one.dst_port}`));
    expect(ways.size).toBe(4);
    for (const [from, to] of Array.from(ways, (one) => one.split(" ").map(Number) as [number, number])) {
      const theirs = recorded(from, to).map(({ datagram_hex }) => datagram_hex);
      // The answer to the last heartbeat came after the recording.
      expect(server.sent.get(way(from, to))!.slice(0, theirs.length), `${from}`).toEqual(theirs);
      expect(server.countOf(way(from, to)) - theirs.length).toBe(from === 16_712 ? 1 : 0);
    }
  });

  it("has the datagrams of our client to the recorded server", () => {
    const client = new Replayed(
      (env) =>
        new BittrrtClient(
          { server: address(MAIN_PORT), bindHost: HOST, profile: "reference", heartbeatMs: 1_000, resendMs: 1 },
          env,
        ),
    );
    const [main, ctrl, up, down] = [45_652, 56_218, 53_537, 38_700];
    const ports = new Map([
      [main, MAIN_PORT],
      [ctrl, 16_712],
      [up, 16_713],
      [down, 16_714],
    ]);
    const way = (local: number): string => `${address(local)} ${address(ports.get(local)!)}`;
    const next = (local: number): Packet | undefined => recorded(local, ports.get(local)!)[client.countOf(way(local))];
    client.keys.push(privateKeyOf("client"));
    client.step({ type: "call", id: 1, request: { command: "connect" }, deadlineMs: Infinity }, 0);
    // The recorded client sent the second `bwup` before it read the acknowledgement of the first.
    const isControl = ({ decoded: { flags, layer } }: Packet): boolean => layer === "frame" && flags === CONTROL_FLAGS;
    const [first, ack, second] = packets.slice(packets.findIndex((one) => isControl(one) && one.src_port === ctrl));
    const order = packets.map((one) => (one === ack ? second! : one === second ? ack! : one));
    for (const packet of order) {
      const nowMs = 1_000 * packet.t_s;
      const local = isOfClient(packet) ? packet.src_port : packet.dst_port;
      if (!isOfClient(packet)) {
        const bytes = fromHex(packet.datagram_hex);
        client.step({ type: "datagram", peer: address(packet.src_port), bytes, local: address(local) }, nowMs, [
          next(local),
        ]);
      } else if (
        !recorded(local, ports.get(local)!)
          .slice(0, client.countOf(way(local)))
          .includes(packet)
      ) {
        // Not an answer: the client begins an exchange.
        if (client.binds.length === 1 && client.sent.size === 0) {
          client.step({ type: "bound", op: 1, local: address(main) }, nowMs, [next(main)]);
        } else if (local === ctrl && client.countOf(way(ctrl)) === 0) {
          client.step({ type: "bound", op: 2, local: address(ctrl) }, nowMs);
          client.step({ type: "bound", op: 3, local: address(up) }, nowMs);
          client.step({ type: "bound", op: 4, local: address(down) }, nowMs, [next(ctrl), next(up), next(down)]);
        } else if (packet === first) {
          const sequence = new Uint8Array(4);
          new DataView(sequence.buffer).setUint32(0, Number(packet.decoded.sequence) - 1_000_000);
          client.keys.push(sequence);
          const payload = fromHex(packet.decoded.payload_hex!);
          client.step({ type: "call", id: 2, request: { command: "control", payload }, deadlineMs: Infinity }, nowMs, [
            packet,
          ]);
        } else if (local === main || packet === second) {
          client.step({ type: "wake" }, nowMs, [next(local)]);
        } else {
          client.step({ type: "wake" }, nowMs, [next(ctrl), next(up), next(down)]);
        }
      }
    }
    for (const [local, port] of ports) {
      const theirs = recorded(local, port).map(({ datagram_hex }) => datagram_hex);
      expect(theirs.length).toBeGreaterThan(5);
      expect(client.sent.get(way(local))!.slice(0, theirs.length), `${local}`).toEqual(theirs);
      // The answer to the last datagram at this port came after the recording.
      expect(client.countOf(way(local)) - theirs.length).toBe(local === down ? 1 : 0);
    }
  });
});
