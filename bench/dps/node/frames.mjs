/**
 * Frames of the pipeline by hand over bare TCP: the length of a header and of a body, the header as JSON, the body.
 * Requests of one connection are answered by their ids, in any order.
 */
import { once } from "node:events";
import { connect } from "node:net";

const LENGTHS_BYTES = 8;

function write(socket, header, body = Buffer.alloc(0)) {
  const text = Buffer.from(JSON.stringify(header));
  const lengths = Buffer.alloc(LENGTHS_BYTES);
  lengths.writeUInt32BE(text.length, 0);
  lengths.writeUInt32BE(body.length, 4);
  socket.cork();
  for (const part of [lengths, text, body]) socket.write(part);
  socket.uncork();
}

/** Calls `take` with each whole frame. A body that comes in pieces is copied once. */
function onFrames(socket, take) {
  let pieces = [];
  let length = 0;
  let needed = LENGTHS_BYTES;
  socket.on("data", (piece) => {
    pieces.push(piece);
    length += piece.length;
    while (length >= needed) {
      const bytes = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces, length);
      const whole = LENGTHS_BYTES + bytes.readUInt32BE(0) + bytes.readUInt32BE(4);
      if (length < whole) {
        pieces = [bytes];
        needed = whole;
        return;
      }
      const bodyAt = LENGTHS_BYTES + bytes.readUInt32BE(0);
      take(JSON.parse(bytes.toString("utf8", LENGTHS_BYTES, bodyAt)), bytes.subarray(bodyAt, whole));
      pieces = [bytes.subarray(whole)];
      length -= whole;
      needed = LENGTHS_BYTES;
    }
  });
}

/** Answers the frames of a connection. */
export function serveFrames(socket, answer) {
  socket.setNoDelay(true);
  socket.on("error", () => {});
  onFrames(socket, async ({ id, ...request }, body) => {
    try {
      write(socket, { id }, await answer(request, body));
    } catch (error) {
      write(socket, { id, error: String(error) });
    }
  });
}

/** A connection to a server, and how it is asked. */
export async function connectTo(port) {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  const waiting = new Map();
  let next = 0;
  onFrames(socket, ({ id, error }, body) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(body);
    else reject(new Error(error));
  });
  return {
    ask: (request, body) =>
      new Promise((resolve, reject) => {
        waiting.set(++next, { resolve, reject });
        write(socket, { id: next, ...request }, body);
      }),
    close: () => socket.destroy(),
  };
}
