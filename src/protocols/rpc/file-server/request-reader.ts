/** A request of a file server out of the bytes of a link, as far as it is held: the bytes of an upload pass through. */
import { toHex } from "../../../bytes/index.js";
import { FrameReader } from "../../../codec/index.js";
import {
  FileCommand,
  FileLookup,
  peekFileUploadHeadLength,
  tryDecodeFileUploadHead,
} from "../../../codec/gen/rpc/index.js";
import { FORMAT, HASH_BYTES, type ServedFileId } from "./rules.js";

/** What a client asks for. */
export type ServedRequest =
  /** The size is what the client has announced. */
  | { readonly type: "upload"; readonly name: string; readonly sizeBytes: bigint }
  | { readonly type: "download"; readonly file: ServedFileId }
  | { readonly type: "list" }
  | { readonly type: "delete"; readonly hash: Uint8Array };

/** What a frame begins with. */
export type RequestHead =
  | ServedRequest
  /** No file has a name like this. */
  | { readonly type: "missing" }
  /** What the client is told, with the words of the Go program. */
  | { readonly type: "invalid"; readonly message: string };

/** Bytes of the length of a frame. */
const LENGTH_BYTES = 4;
/** Bytes of the payload in front of a name or a hash. */
const COMMAND_BYTES = 1;
/** Bytes of an upload's head but its name. */
const UPLOAD_BYTES = 10;
const NAME_BYTES_MAX = 0xffff;
/** What is held of a frame: enough for every name, and to know that one is longer. */
const HEAD_BYTES_MAX = LENGTH_BYTES + COMMAND_BYTES + UPLOAD_BYTES + NAME_BYTES_MAX + 1;

/** Sizes from here on are negative to the Go program, which then takes no byte. */
const SIZE_MAX = 1n << 63n;

/** Reads the head of the one request of a link. The rest of its frame is counted, not held. */
export class RequestReader {
  readonly #reader = new FrameReader(headLength, HEAD_BYTES_MAX, FORMAT);
  /** Bytes of the frame that have not come; undefined until its head is there. */
  #missingBytes: number | undefined;
  #head: RequestHead | undefined;

  /** The head, once it is there. */
  get head(): RequestHead | undefined {
    return this.#head;
  }

  /** Whether the frame has come to its end. */
  get isComplete(): boolean {
    return this.#missingBytes === 0;
  }

  /** Takes borrowed bytes. @returns those behind the head, of the frame and behind it */
  read(bytes: Uint8Array): Uint8Array {
    if (this.#head !== undefined) return this.#pass(bytes);
    this.#reader.read(bytes, (frame, at, end) => {
      this.#head = headOf(frame, at, end);
      this.#missingBytes = LENGTH_BYTES + uint32(frame, at) - (end - at);
      return false;
    });
    return this.#head === undefined ? NONE : this.#pass(this.#reader.held);
  }

  #pass(bytes: Uint8Array): Uint8Array {
    this.#missingBytes = Math.max(0, this.#missingBytes! - bytes.length);
    return bytes;
  }
}

const NONE = new Uint8Array(0);

/** The length of what is held of a frame: all of it, but for the bytes of an upload and what no request has. */
function headLength(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < LENGTH_BYTES) return 0;
  const length = uint32(bytes, at);
  if (length === 0) return LENGTH_BYTES;
  const frameBytes = Math.min(LENGTH_BYTES + length, HEAD_BYTES_MAX);
  if (end - at <= LENGTH_BYTES) return 0;
  if (bytes[at + LENGTH_BYTES] !== FileCommand.upload || length < COMMAND_BYTES + UPLOAD_BYTES) return frameBytes;
  // A name that is longer than its frame is complained of once the frame is there.
  return Math.min(peekFileUploadHeadLength(bytes, at, end), frameBytes);
}

/** What the head of a frame says, by the checks of the Go program in their order. */
function headOf(bytes: Uint8Array, at: number, end: number): RequestHead {
  const length = uint32(bytes, at);
  if (length === 0) return { type: "invalid", message: "empty frame" };
  const command = bytes[at + LENGTH_BYTES]!;
  const payload = bytes.subarray(at + LENGTH_BYTES + COMMAND_BYTES, end);
  // Of what is longer than any request, only the first bytes are held.
  const payloadBytes = length - COMMAND_BYTES;
  switch (command) {
    case FileCommand.upload:
      return uploadOf(bytes, at, end, payloadBytes);
    case FileCommand.download:
      return downloadOf(payload, payloadBytes);
    case FileCommand.list:
      return { type: "list" };
    case FileCommand.delete:
      if (payloadBytes !== HASH_BYTES) return { type: "invalid", message: "invalid hash length" };
      return { type: "delete", hash: payload.slice() };
    default:
      return { type: "invalid", message: `unknown command: 0x${toHex(Uint8Array.of(command))}` };
  }
}

function uploadOf(bytes: Uint8Array, at: number, end: number, payloadBytes: number): RequestHead {
  if (payloadBytes < UPLOAD_BYTES) return { type: "invalid", message: "upload header too short" };
  const nameBytes = (bytes[at + 5]! << 8) | bytes[at + 6]!;
  if (nameBytes > payloadBytes - UPLOAD_BYTES) return { type: "invalid", message: "invalid name length" };
  const head = tryDecodeFileUploadHead(bytes, at, end);
  if (!head.ok) return { type: "invalid", message: "invalid name" };
  const { name, sizeBytes } = head.value;
  if (sizeBytes >= SIZE_MAX) return { type: "invalid", message: mismatch(0, sizeBytes) };
  return { type: "upload", name, sizeBytes };
}

function downloadOf(payload: Uint8Array, payloadBytes: number): RequestHead {
  if (payloadBytes < 2) return { type: "invalid", message: "download payload too short" };
  const [lookup] = payload;
  if (lookup === FileLookup.byName) {
    const name = payloadBytes - 1 <= NAME_BYTES_MAX ? textOf(payload.subarray(1)) : undefined;
    return name === undefined ? { type: "missing" } : { type: "download", file: name };
  }
  if (lookup !== FileLookup.byHash) return { type: "invalid", message: `invalid lookup type: ${lookup}` };
  if (payloadBytes - 1 !== HASH_BYTES) return { type: "invalid", message: "invalid hash length" };
  return { type: "download", file: payload.slice(1) };
}

/** The complaint about an upload of another size than it has announced. */
export function mismatch(receivedBytes: number, sizeBytes: bigint): string {
  return `upload size mismatch: received ${receivedBytes} bytes, expected ${sizeBytes}`;
}

/** A text in UTF-8; undefined for bytes that are none, which no file has for a name. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function uint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
