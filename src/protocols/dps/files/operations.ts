/** Operations on files, the same for servers and clients: over whatever carries their calls. */
import { isBytes, toHex } from "../../../bytes/index.js";
import { FileCode } from "../../../codec/gen/dps/index.js";
import { argumentError, isWireError, WireError } from "../../../errors.js";
import type { FileSource, Spool, Storable } from "../../store/index.js";
import { bytesSource, spooled } from "../../store/source.js";
import type { DpsFileEvent } from "../types.js";
import { checkCancelled, checkProgress, type FileCallOptions, type FilePort } from "./port.js";
import { change, putFile, type PutFileOptions, type PutFileResult, type PutRules } from "./put.js";
import { getFile, readFile, type FileReading, type GetFileOptions } from "./read.js";
import { answerOf, commandsOf, filesOf, listQuery, requireDone, type DpsFile, type ListOptions } from "./records.js";

/** Operations on files. They reject with a WireError. */
export interface DpsFiles {
  /**
   * Stores a file: once it resolves, enough servers have its chunks, and its record is committed.
   * @throws WireError `argument`, `cancelled`, `unreachable` for too few copies, `limit`, `timeout`, `uncertain`
   */
  put(source: Storable, options: PutFileOptions): Promise<PutFileResult>;
  /** Opens a file, or a range of it. @throws WireError `missing`, `argument`, `unreachable`, `timeout`, `crc` */
  get(hash: Uint8Array, options?: GetFileOptions): Promise<FileReading>;
  /** What the cluster knows of a file. @throws WireError `missing` */
  info(hash: Uint8Array, options?: FileCallOptions): Promise<DpsFile>;
  /** Files by ascending hash, from the one behind `after`. A list may be cut short; one behind the last file is empty. */
  list(options?: ListOptions & FileCallOptions): Promise<readonly DpsFile[]>;
  /** Removes the record of a file, whose chunks expire. @returns whether there was one */
  remove(hash: Uint8Array, options?: FileCallOptions): Promise<boolean>;
  /** Lets a file live for so many seconds from now on, 0 for ever. @returns whether there is one */
  touch(hash: Uint8Array, ttlSeconds: number, options?: FileCallOptions): Promise<boolean>;
}

/** What operations need besides the calls. */
export interface OperationsOptions {
  readonly rules: PutRules;
  readonly spool: () => Spool;
  /** Is told of each operation that has ended. */
  readonly ended: (event: DpsFileEvent) => void;
  readonly nowMs: () => number;
}

/** Operations over calls. */
export function operationsOver(port: FilePort, { rules, spool, ended, nowMs }: OperationsOptions): DpsFiles {
  const observed = async <T>(
    operation: DpsFileEvent["operation"],
    action: () => Promise<T>,
    about: (result: T) => { readonly hash?: Uint8Array; readonly bytes?: number },
    given?: Uint8Array,
  ): Promise<T> => {
    const startMs = nowMs();
    const tell = (hash: unknown, more: Partial<DpsFileEvent>): void =>
      ended({
        type: "file",
        operation,
        ms: nowMs() - startMs,
        bytes: 0,
        ...more,
        ...(isBytes(hash) && { hash: toHex(hash) }),
      });
    try {
      const result = await action();
      const { hash = given, bytes = 0 } = about(result);
      tell(hash, { bytes });
      return result;
    } catch (error) {
      const issue = isWireError(error) ? error.toJSON() : ({ code: "fault", format: "dps", path: "" } as const);
      tell(given, { error: issue });
      throw error;
    }
  };
  const put = async (source: Storable, options: PutFileOptions): Promise<PutFileResult> => {
    checkProgress(options);
    if (isBytes(source)) return putFile(port, bytesSource(source), options, rules);
    if (isSource(source)) return putFile(port, source, options, rules);
    if (
      typeof source !== "object" ||
      source === null ||
      !(Symbol.asyncIterator in source || Symbol.iterator in source)
    ) {
      throw argumentError("dps", "source", "bytes, a source or a stream", typeof source);
    }
    const held = spool();
    try {
      return await putFile(port, await spooled(source, held, () => checkCancelled(options)), options, rules);
    } finally {
      await held.discard();
    }
  };
  return {
    put: (source, options) =>
      observed(
        "put",
        () => put(source, options),
        ({ file }) => ({ hash: file.hash, bytes: Number(file.sizeBytes) }),
      ),
    async get(hash, options = {}) {
      const startMs = nowMs();
      const told = (bytes: number, error?: unknown): void =>
        ended({
          type: "file",
          operation: "get",
          hash: isBytes(hash) ? toHex(hash) : "",
          bytes,
          ms: nowMs() - startMs,
          ...(isWireError(error) && { error: error.toJSON() }),
        });
      try {
        const reading = await getFile(port, hash, options);
        return { ...reading, bytes: toldAtEnd(reading.bytes, told) };
      } catch (error) {
        told(0, error);
        throw error;
      }
    },
    async info(hash, options = {}) {
      checkProgress(options);
      const known = await readFile(port, hash, options);
      if (known === undefined) throw new WireError({ code: "missing", format: "dps", path: toHex(hash) });
      return known.file;
    },
    async list(options = {}) {
      checkProgress(options);
      const answer = answerOf(await port.query(listQuery(options), options));
      requireDone(answer);
      return filesOf(answer.body);
    },
    remove: (hash, options = {}) =>
      observed(
        "remove",
        async () => {
          checkProgress(options);
          const answer = await change(port, commandsOf({ op: "delete", hash }, Infinity), options);
          if (answer.code !== FileCode.missing) requireDone(answer, hash);
          return answer.code === FileCode.done;
        },
        () => ({}),
        hash,
      ),
    touch: (hash, ttlSeconds, options = {}) =>
      observed(
        "touch",
        async () => {
          checkProgress(options);
          const answer = await change(port, commandsOf({ op: "touch", hash, ttlSeconds }, Infinity), options);
          if (answer.code !== FileCode.missing) requireDone(answer, hash);
          return answer.code === FileCode.done;
        },
        () => ({}),
        hash,
      ),
  };
}

/** Bytes that are passed on, and counted at their end. */
async function* toldAtEnd(
  bytes: AsyncIterable<Uint8Array>,
  told: (bytes: number, error?: unknown) => void,
): AsyncGenerator<Uint8Array> {
  let count = 0;
  let failure: unknown;
  try {
    for await (const part of bytes) {
      count += part.length;
      yield part;
    }
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    told(count, failure);
  }
}

function isSource(value: Storable): value is FileSource {
  return typeof value === "object" && value !== null && "sizeBytes" in value && "read" in value;
}
