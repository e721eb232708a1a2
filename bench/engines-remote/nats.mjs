/** Chunks in NATS: by the back end, and by the bare client with as many messages of as many bytes. */
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { openNatsChunks } from "specwire/store/nats";
import { startNats } from "../../scripts/servers/start.mjs";

const PIECE_BYTES = 512 * 1024;

/** A busy machine shows in the figures; it does not end the run. */
const TIMES = { timeoutMs: 600_000, attemptTimeoutMs: 120_000 };

let server;
let opened = 0;

/** One server for all sessions of this process, which ends with it. */
async function addresses() {
  server ??= startNats().then((cluster) => {
    cluster.leave();
    return cluster.addresses;
  });
  return server;
}

export async function natsOurs() {
  const stream = `ours${++opened}`;
  const { chunks, close } = await openNatsChunks({ servers: await addresses(), stream, subject: stream, ...TIMES });
  const keyOf = (n) => String(n).padStart(40, "0");
  return { put: (n, bytes) => chunks.put(keyOf(n), bytes), get: (n, bytes) => chunks.get(keyOf(n), bytes), close };
}

export async function natsBare() {
  const name = `bare${++opened}`;
  const connection = await connect({ servers: await addresses() });
  const manager = await jetstreamManager(connection, { timeout: TIMES.timeoutMs });
  await manager.streams.add({ name, subjects: [`${name}.>`], max_msgs_per_subject: 1, allow_direct: true });
  const publisher = jetstream(connection, { timeout: TIMES.timeoutMs });
  const subjectOf = (n, piece) => `${name}.${n}.${piece}`;
  const piecesOf = (bytes) => Array.from({ length: Math.ceil(bytes / PIECE_BYTES) }, (_, piece) => piece);
  return {
    put: (n, bytes) =>
      Promise.all(
        piecesOf(bytes.length).map((piece) =>
          publisher.publish(subjectOf(n, piece), bytes.subarray(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES)),
        ),
      ),
    get: async (n, bytes) => {
      const messages = await Promise.all(
        piecesOf(bytes).map((piece) => manager.direct.getMessage(name, { last_by_subj: subjectOf(n, piece) })),
      );
      return Buffer.concat(messages.map(({ data }) => data));
    },
    close: () => connection.close(),
  };
}
