/** A message of RPC, read and written: a PING, a STORE of 1 KB, a NODES of 20 peers. Times are bigints. */
import { readFileSync } from "node:fs";
import { create, createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Command, decodeRPCBig, encodeRPCBig, encodeRPCBigInto, Protocol } from "specwire/rpc";
import protobuf from "protobufjs/minimal.js";
import { INPUTS, refuse } from "../lib/cell.mjs";
import { makeRandom } from "../lib/random.mjs";
import { transport } from "./rivals/transport.js";

const descriptors = readFileSync(new URL("../../test/gen/proto/rpc.binpb", import.meta.url));
const schema = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors)).getMessage("transport.RPC");
const node = schema.fields.find(({ name }) => name === "Sender").message;
const meta = schema.fields.find(({ name }) => name === "Meta").message;
const { Long } = protobuf.util;

export function messageCells() {
  const random = makeRandom();
  const peer = () => ({
    address: `10.${random.below(256)}.${random.below(256)}.${random.below(256)}:${9000 + random.below(1000)}`,
    id: random.bytes(20),
    time: 1_771_200_000_000_000_000n + BigInt(random.below(2 ** 31)),
  });
  const message = (command, more) => ({
    meta: { command, protocol: Protocol.Kademlia },
    sender: peer(),
    requestID: `req-${random.below(1e7)}`,
    traceID: `trace-${random.below(1e7)}`,
    ...more,
  });
  const kinds = {
    PING: () => message(Command.PING, {}),
    "STORE of 1 KB": () => message(Command.STORE, { key: random.bytes(20), value: random.bytes(1024) }),
    "NODES of 20": () => message(Command.NODES, { nodes: Array.from({ length: 20 }, peer) }),
  };
  return Object.entries(kinds).flatMap(([name, make]) => {
    const values = Array.from({ length: INPUTS }, make);
    return [decodeCell(`${name} decode`, values), encodeCell(`${name} encode`, values)];
  });
}

function decodeCell(name, values) {
  const wires = values.map((value) => encodeRPCBig(value));
  const [wire] = wires;
  const candidate = (called, decode, consume) => ({
    name: called,
    run: (i) => decode(wires[i]),
    once: decode,
    consume,
  });
  return {
    name,
    consume: consumeOurs,
    plain: plainOf,
    inputs: wires,
    bad: {
      "a byte too few": wire.slice(0, -1),
      "a text that is no UTF-8": Uint8Array.of(0x3a, 1, 0xff),
      "wire type 6": Uint8Array.of(0x0e),
      "field number 0": Uint8Array.of(0, 0),
    },
    candidates: [
      { ...candidate("emitted codec", (bytes) => decodeRPCBig(bytes)), ours: true },
      candidate("protobuf-es", (bytes) => fromBinary(schema, bytes), consumeTheirs),
      candidate("protobufjs static", (bytes) => transport.RPC.decode(bytes), consumeTheirs),
    ],
  };
}

function encodeCell(name, values) {
  const es = values.map(esOf);
  const js = values.map(jsOf);
  return {
    name,
    consume: consumeBytes,
    plain: (bytes) => [...bytes],
    inputs: values,
    bad: {
      "half a character": { ...values[0], requestID: "\ud800" },
    },
    rooms: [0, 60],
    candidates: [
      {
        name: "emitted codec",
        ours: true,
        run: (i) => encodeRPCBig(values[i]),
        once: (value) => encodeRPCBig(value),
        onceInto: (value, room) => encodeRPCBigInto(value, new Uint8Array(room)),
      },
      {
        name: "protobuf-es",
        run: (i) => toBinary(schema, es[i]),
        once: (value) => toBinary(schema, esOf(strict(value))),
      },
      {
        name: "protobufjs static",
        run: (i) => transport.RPC.encode(js[i]).finish(),
        once: (value) => transport.RPC.encode(jsOf(strict(value))).finish(),
      },
    ],
  };
}

/** Their writers put a replacement where half a character is; looking for it is left out of their times. */
function strict(value) {
  return /\p{Surrogate}/u.test(value.requestID) ? refuse("whole characters") : value;
}

const peersOf =
  (make) =>
  ({ sender, nodes = [] }) => [make(sender), nodes.map(make)];

function esOf(value) {
  const [Sender, Nodes] = peersOf((peer) => create(node, peer))(value);
  return create(schema, {
    ...theirs(value),
    Sender,
    Nodes,
    Meta: create(meta, { Command: value.meta.command, Protocol: value.meta.protocol }),
  });
}

function jsOf(value) {
  const toLong = (time) => Long.fromString(String(time));
  const [Sender, Nodes] = peersOf((peer) => new transport.NodeInfo({ ...peer, time: toLong(peer.time) }))(value);
  return new transport.RPC({
    ...theirs(value),
    Sender,
    Nodes,
    Meta: new transport.RPC_t({ Command: value.meta.command, Protocol: value.meta.protocol }),
  });
}

/** What is absent is left out by each candidate, as its users do. */
function theirs({ key, value, requestID: RequestID, traceID: TraceID }) {
  return { ...(key === undefined ? {} : { Key: key, Value: value }), RequestID, TraceID };
}

function plainOf(message) {
  const plainPeer = ({ address, id, time }) => [address, [...id], String(time)];
  const { Meta, Sender, Payload, Key, Value, Nodes, RequestID, TraceID } = message;
  if (Meta === undefined) {
    const { meta: own, sender, payload, key, value, nodes, requestID, traceID } = message;
    return [
      own.command,
      own.protocol,
      plainPeer(sender),
      [...payload],
      [...key],
      [...value],
      nodes.map(plainPeer),
      requestID,
      traceID,
    ];
  }
  return [
    Meta.Command,
    Meta.Protocol,
    plainPeer(Sender),
    [...Payload],
    [...Key],
    [...Value],
    Nodes.map(plainPeer),
    RequestID,
    TraceID,
  ];
}

function consumeOurs(message) {
  const ofPeer = ({ address, id, time }) =>
    address.length + address.charCodeAt(0) + id[19] + id.length + (time === 0n ? 0 : 1);
  let sum = message.meta.command + message.meta.protocol + ofPeer(message.sender) + message.payload.length;
  sum += message.key.length + message.value.length + message.requestID.charCodeAt(4) + message.traceID.charCodeAt(6);
  for (let i = 0; i < message.nodes.length; i++) sum += ofPeer(message.nodes[i]);
  return sum;
}

function consumeTheirs(message) {
  const ofPeer = ({ address, id, time }) =>
    address.length + address.charCodeAt(0) + id[19] + id.length + (time === 0n ? 0 : 1);
  let sum = message.Meta.Command + message.Meta.Protocol + ofPeer(message.Sender) + message.Payload.length;
  sum += message.Key.length + message.Value.length + message.RequestID.charCodeAt(4) + message.TraceID.charCodeAt(6);
  for (let i = 0; i < message.Nodes.length; i++) sum += ofPeer(message.Nodes[i]);
  return sum;
}

function consumeBytes(bytes) {
  return bytes.length + bytes[0] + bytes[bytes.length - 1];
}
