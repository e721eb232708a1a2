/** Vectors of the file server: one session, played in its order on one empty store. */
import { connect } from "node:net";
import { equalBytes, toHex } from "../../bytes/index.js";
import {
  decodeFileFailure,
  decodeFileFound,
  decodeFileList,
  decodeFileRequest,
  decodeFileStored,
  encodeFileFailure,
  encodeFileFound,
  encodeFileList,
  encodeFileRequest,
  encodeFileStored,
  FileCommand,
  FileStatus,
} from "../../codec/gen/rpc/index.js";
import { startFileServer, type RunningFileServer } from "../../protocols/rpc/file-server/node.js";
import { KeyStore, memoryChunks, memoryMetadata } from "../../protocols/store/index.js";
import { casesOf, run } from "../cases.js";
import type { Field } from "../field.js";
import { differences, type Case, type Outcome } from "../verdict.js";

/** Where our answers differ on purpose, and what they are. */
const RULES = {
  "list-order": "the recorded program lists files in no order; ours in that of their hashes",
  "reply-before-reset":
    "the recorded program closes with bytes unread, and the reset destroys its reply; ours reads on, so that it arrives",
} as const;

const NOW_NS = 1_771_200_000_000_000_000n;
const EXCHANGE_TIMEOUT_MS = 10_000;

/** The cases of the category. */
export function fileServerCases(category: Field): readonly Case[] {
  const session = new Session();
  return casesOf(category, "vectors", (vector) => session.add(vector));
}

/** All vectors of a file, and what became of them. */
class Session {
  readonly #vectors = new Map<number, Field>();
  #outcomes: Promise<ReadonlyMap<number, Outcome>> | undefined;

  add(vector: Field): Case {
    const index = vector.get("session_index").integer(0, Number.MAX_SAFE_INTEGER);
    if (this.#vectors.has(index)) throw vector.get("session_index").refuse("a number that no other vector has");
    this.#vectors.set(index, vector);
    const outcome = async (): Promise<Outcome> => (await (this.#outcomes ??= this.#play())).get(index)!;
    return { name: vector.get("id").text(), family: "fileserver", run: outcome };
  }

  async #play(): Promise<ReadonlyMap<number, Outcome>> {
    const store = await KeyStore.open({
      chunks: memoryChunks(),
      metadata: memoryMetadata(),
      unixNs: () => NOW_NS,
      profile: "reference",
    });
    const server = await startFileServer({ store });
    const outcomes = new Map<number, Outcome>();
    try {
      for (const index of [...this.#vectors.keys()].sort((a, b) => a - b)) {
        const vector = this.#vectors.get(index)!;
        // Between the two parts of a recording, a file may have been stored or deleted that this part does not tell of.
        const hasGap = outcomes.size < index;
        const name = vector.get("id").text();
        outcomes.set(index, await run({ name, family: "", run: () => playOne(vector, server, hasGap) }));
      }
    } finally {
      await server.stop();
    }
    return outcomes;
  }
}

async function playOne(vector: Field, server: RunningFileServer, hasGap: boolean): Promise<Outcome> {
  const request = vector.get("request_hex").bytes();
  const recorded = vector.get("response_hex").bytes();
  const endsFirst = vector.get("client_half_closes_after_request").value === true;
  const closed = vector.get("response_then").text();
  if (closed !== "server closes") return { verdict: "failed", differences: [`response_then: unknown: ${closed}`] };
  const ours = await exchange(server.address, request, endsFirst);
  if (equalBytes(ours, recorded)) return { verdict: "equal" };
  if (isSameList(request, recorded, ours)) return deviation("list-order");
  const isPart = recorded.length < ours.length && equalBytes(recorded, ours.subarray(0, recorded.length));
  if (vector.get("client_read_error").isGiven && isPart && isRewritten(request, ours)) {
    return deviation("reply-before-reset");
  }
  const found = differences("response_hex", recorded, ours);
  if (hasGap && asksForFiles(request) && isRewritten(request, recorded)) return { verdict: "client" };
  return { verdict: "failed", differences: found };
}

function deviation(rule: keyof typeof RULES): Outcome {
  return { verdict: "deviates", rule: `file-server.${rule}`, reason: RULES[rule] };
}

/** Whether the answer depends on the files that are there. */
function asksForFiles(request: Uint8Array): boolean {
  const command = request[4];
  return command === FileCommand.download || command === FileCommand.list || command === FileCommand.delete;
}

/** Whether two lists have the same files, and ours has them by ascending hash. */
function isSameList(request: Uint8Array, recorded: Uint8Array, ours: Uint8Array): boolean {
  if (request[4] !== FileCommand.list || recorded[0] !== FileStatus.done || ours[0] !== FileStatus.done) return false;
  const filesOf = (reply: Uint8Array): string[] =>
    (JSON.parse(decodeFileList(reply).json) as { hash: string }[]).map((file) => JSON.stringify(file));
  const hashes = (JSON.parse(decodeFileList(ours).json) as { hash: string }[]).map(({ hash }) => hash);
  const isSorted = hashes.every((hash, i) => i === 0 || hashes[i - 1]! < hash);
  return isSorted && filesOf(recorded).sort().join() === filesOf(ours).sort().join();
}

/** Whether our codec reads a request and its reply, and writes the same bytes. */
function isRewritten(request: Uint8Array, reply: Uint8Array): boolean {
  const command = request[4];
  const status = reply[0];
  const frame = request.subarray(0, 4 + new DataView(request.buffer, request.byteOffset).getUint32(0));
  const written = ((): Uint8Array | undefined => {
    if (status === FileStatus.failed) return encodeFileFailure(decodeFileFailure(reply));
    if (status === FileStatus.missing) return Uint8Array.of(FileStatus.missing);
    if (command === FileCommand.upload) return encodeFileStored(decodeFileStored(reply));
    if (command === FileCommand.list) return encodeFileList(decodeFileList(reply));
    if (command === FileCommand.delete) return Uint8Array.of(FileStatus.done);
    if (command !== FileCommand.download) return undefined;
    const found = decodeFileFound(reply, 0, 9);
    const body = reply.subarray(9);
    return body.length === found.sizeBytes ? Buffer.concat([encodeFileFound(found), body]) : undefined;
  })();
  const again = encodeFileRequest(decodeFileRequest(frame));
  return written !== undefined && equalBytes(written, reply) && equalBytes(again, frame);
}

/** Sends a request on a link of its own. @returns what comes until the server closes it */
function exchange(address: string, request: Uint8Array, endsFirst: boolean): Promise<Uint8Array> {
  const [host, port] = address.split(":") as [string, string];
  return new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    const socket = connect({ host, port: Number(port), allowHalfOpen: true }, () => {
      socket.write(request);
      if (endsFirst) socket.end();
    });
    const end = (error?: Error): void => {
      socket.destroy();
      if (error === undefined) resolve(Buffer.concat(received));
      else reject(error);
    };
    socket.setTimeout(EXCHANGE_TIMEOUT_MS, () => {
      end(new Error(`the server does not close; it sent ${toHex(Buffer.concat(received))}`));
    });
    socket.on("data", (bytes: Buffer) => received.push(bytes));
    socket.on("end", () => end());
    socket.on("error", end);
  });
}
