/** Conformance of our RPC to the recordings. */
import { expect, it } from "vitest";
import { recording, verdicts, withRecording } from "../harness.js";

const FAMILIES = /^(rpc_|tcp_)/;

async function verdictsOf(categories: Readonly<Record<string, readonly object[]>>): Promise<readonly string[]> {
  const content = Object.fromEntries(Object.entries(categories).map(([name, vectors]) => [name, { vectors }]));
  return (await withRecording({ categories: content }, verdicts)).map(({ name, verdict }) => `${name} ${verdict}`);
}

it("every vector of RPC passes, and what is too long is refused", async () => {
  const counts: Record<string, number> = {};
  const ended = (await verdicts(recording("dps"))).filter(({ family }) => FAMILIES.test(family));
  for (const { family, verdict, rule } of ended) {
    const key = `${family} ${rule ?? verdict}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  expect(counts).toEqual({
    "rpc_decode equal": 12,
    "rpc_decode refused": 3,
    "rpc_encode equal": 51,
    "rpc_encode refused": 1,
    "rpc_large equal": 2,
    "rpc_large rpc.too-long": 9,
    "tcp_handler equal": 5,
  });
});

const rpc = {
  Meta: { Command: 5, Protocol: 0 },
  Sender: null,
  Payload_hex: "",
  Key_hex: "",
  Value_hex: "",
  Nodes: [],
  RequestID: "",
  TraceID: "",
};

it("a message has as many peers as its frame holds", async () => {
  const count = 32_767;
  const bytes = "3200".repeat(count);
  const message = {
    ...rpc,
    Meta: null,
    Nodes: Array.from({ length: count }, () => ({ address: "", id_hex: "", time: "0" })),
  };
  const stream_hex = (2 * count).toString(16).padStart(4, "0") + bytes;
  const decoded = [{ ...message, go_remarshal_hex: bytes }];
  expect(
    await verdictsOf({
      rpc_encode: [{ id: "written", rpc: message, frame_hex: stream_hex, protobuf_hex: bytes }],
      rpc_decode: [{ id: "read", stream_hex, final_error: "EOF", unread_bytes: 0, decoded }],
    }),
  ).toEqual(["written equal", "read equal"]);
});

it("a message with another result fails", async () => {
  const encode = { frame_hex: "00040a020805", protobuf_hex: "0a020805" };
  const decode = { stream_hex: "00040a020805", final_error: "EOF", unread_bytes: 0 };
  const decoded = [{ ...rpc, go_remarshal_hex: "0a020805" }];
  expect(
    await verdictsOf({
      rpc_encode: [
        { id: "right", rpc, ...encode },
        { id: "frame", rpc, ...encode, frame_hex: "00040a020806" },
        { id: "message", rpc: { ...rpc, RequestID: "x" }, ...encode },
        { id: "not refused", rpc, encode_error: "string field contains invalid UTF-8" },
      ],
      rpc_decode: [
        { id: "right", ...decode, decoded },
        { id: "none", ...decode, decoded: null },
        { id: "other", ...decode, decoded: [{ ...decoded[0], Key_hex: "00" }] },
        { id: "bytes", ...decode, decoded: [{ ...decoded[0], go_remarshal_hex: "0a020806" }] },
        { id: "end", ...decode, decoded, final_error: "unexpected EOF" },
        { id: "unread", ...decode, decoded, unread_bytes: 1 },
      ],
    }),
  ).toEqual([
    "right equal",
    "frame failed",
    "message failed",
    "not refused failed",
    "right equal",
    "none failed",
    "other failed",
    "bytes failed",
    "end failed",
    "unread failed",
  ]);
});

it("connections are played as their names say, and those of other names skipped", async () => {
  const played = (name: string, parts: number, gap_ms: number, rpcs_received: number, connection_after = "open") => {
    return { id: name, name, parts, gap_ms, rpcs_received, connection_after };
  };
  const closed = "closed by handler: EOF";
  const ended = await verdictsOf({
    tcp_handler: [
      played("body split, 100 ms gap", 2, 100, 1),
      played("body split, 501 ms gap", 2, 501, 0, closed),
      played("body split, 501 ms gap, received", 2, 501, 1),
      played("bad frame, then good frame", 1, 0, 0, closed),
      played("good frame, then bad frame", 1, 0, 1, closed),
      played("two frames in one write, one lost", 1, 0, 1),
      played("another", 1, 0, 0),
      played("header split in four", 4, 0, 1),
    ],
  });
  expect(ended.map((line) => line.slice(line.lastIndexOf(" ") + 1))).toEqual([
    "equal",
    "equal",
    "failed",
    "equal",
    "equal",
    "failed",
    "skipped",
    "skipped",
  ]);
});
