/** What is fuzzed of RPC. */
import { utf8 } from "../../fuzz/decoder.js";

const node = { address: "10.0.0.1:4000", id: new Uint8Array(20).fill(7), time: 1n << 60n };
/** Values of all messages. */
export const messages: readonly object[] = [
  {},
  node,
  { ...node, time: 5 },
  { command: 2, protocol: 1 },
  {
    meta: { command: 2, protocol: 1 },
    sender: node,
    nodes: [node, node],
    key: node.id,
    value: utf8("v"),
    traceID: "t",
  },
];
