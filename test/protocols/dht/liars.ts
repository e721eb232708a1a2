/** Servers that break the rules, each in its own way. */
import { encodeValuePayload, ValueKind } from "../../../src/codec/gen/dht/index.js";
import { Command } from "../../../src/codec/gen/rpc/index.js";
import { ID_BYTES, sha256 } from "../../../src/kernel/index.js";
import type { RpcBody, RpcMessage, RpcPeerInfo } from "../../../src/protocols/rpc/index.js";
import type { Random } from "../../../src/testing/index.js";
import type { Lie } from "../../../src/cli/dht/simulated-network.js";

/** Time for an answer in a network with liars. */
export const RPC_TIMEOUT_MS = 2_000;

const asksNodes = ({ meta }: RpcMessage): boolean =>
  meta?.command === Command.FIND_NODE || meta?.command === Command.FIND_VALUE;

/** Every kind of liar, by name. */
export function liars(random: Random): Readonly<Record<string, Lie>> {
  const naming =
    (count: number, nodeOf: (request: RpcMessage, i: number) => RpcPeerInfo): Lie =>
    (request) => {
      if (!asksNodes(request)) return undefined;
      const nodes = Array.from({ length: count }, (_, i) => nodeOf(request, i));
      return { body: { command: Command.NODES, key: request.key, nodes } };
    };
  const node = (address: string, id: Uint8Array = random.bytes(ID_BYTES)): RpcPeerInfo => ({ id, address, time: 0n });
  const anywhere = (): string => `30.${random.below(256)}.${random.below(256)}.1:7100`;
  /** An id that shares all but the last two bytes with the target. */
  const nearTo = (target: Uint8Array): Uint8Array => {
    const id = Uint8Array.from({ length: ID_BYTES }, (_, i) => target[i] ?? 0);
    id.set(random.bytes(2), ID_BYTES - 2);
    return id;
  };
  const valued =
    (isOther: boolean): Lie =>
    ({ meta, key }) => {
      if (meta?.command !== Command.FIND_VALUE) return undefined;
      return { body: valueBody(isOther ? random.bytes(ID_BYTES) : key, random.bytes(50), random) };
    };
  return {
    "names servers that are not there": naming(20, () => node(anywhere())),
    "names ids of its own near the target": naming(20, ({ key }, i) => node(`40.0.0.${i + 1}:7100`, nearTo(key))),
    "names whoever asks": naming(20, ({ sender, key }) => sender ?? node(anywhere(), nearTo(key))),
    "names loopback and private addresses": naming(20, ({ key }, i) =>
      node(i % 2 === 0 ? "127.0.0.1:7100" : "10.0.0.1:7100", nearTo(key)),
    ),
    "names a hundred": naming(100, ({ key }) => node(anywhere(), nearTo(key))),
    "has wrong values": valued(false),
    "has values of other keys": valued(true),
    "is silent": () => "silent",
    "is as slow as can be": (request, network, { id }) => ({
      delayMs: RPC_TIMEOUT_MS - 1,
      body: asksNodes(request)
        ? {
            command: Command.NODES,
            key: request.key,
            nodes: network.hosts.slice(0, 3).map((h) => node(h.address, h.id)),
          }
        : { command: Command.ACK, key: id },
    }),
    "says that it is another": (_, network) => ({ id: random.pick(network.hosts).id }),
    "answers the request before": () => ({ isRepeated: true }),
  };
}

/** A value that is not what its hash says. */
function valueBody(key: Uint8Array, value: Uint8Array, random: Random): RpcBody {
  const about = { valueKind: ValueKind.content, ttlSeconds: 1_000, ageSeconds: 1, chunk: undefined, isCached: false };
  const payload = encodeValuePayload({
    reserved: 0,
    isFinal: true,
    totalBytes: value.length,
    offset: 0,
    publisher: random.bytes(ID_BYTES),
    dataSha256: sha256(value),
    ...about,
  });
  return { command: Command.VALUE, key, value, payload };
}
