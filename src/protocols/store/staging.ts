/** Writing the blocks of a file before its hash, and so their keys, are known: in the pass that hashes it. */
import { isWireError } from "../../errors.js";
import { sha256Stream } from "../../kernel/index.js";
import { blockSizeOf } from "./block-size.js";
import type { CutChunk } from "./make-record.js";
import { readFully, type FileSource } from "./source.js";
import { checkSignal, eachOf, type OperationOptions, type StoreState } from "./state.js";

/** A block that is written and has no key yet. */
export interface StagedBlock extends CutChunk {
  keep(key: string): Promise<void>;
  /** Does nothing once it is kept. Where the disk refuses, the next start removes it. */
  discard(): Promise<void>;
}

/** A source whose blocks are written. */
export interface StagedSource {
  readonly fileHash: Uint8Array;
  readonly chunks: readonly StagedBlock[];
}

/**
 * Reads a source once: up to `width` blocks are hashed and written elsewhere while this thread hashes the whole.
 * Undefined if the back end does not stage. @throws WireError `argument`, `cancelled`, `storage`; then nothing is left
 */
export async function stageSource(
  { chunks, options: { hashChunk } }: StoreState,
  source: FileSource,
  width: number,
  { signal, onProgress }: OperationOptions,
): Promise<StagedSource | undefined> {
  if (chunks.stage === undefined) return undefined;
  const { sizeBytes } = source;
  const blockBytes = blockSizeOf(sizeBytes);
  const whole = sha256Stream();
  const count = Math.ceil(sizeBytes / blockBytes);
  const buffers = Array.from({ length: Math.min(width, count) }, () => new Uint8Array(blockBytes));
  const blocks = async function* () {
    for (let index = 0; index < count; index++) {
      checkSignal(signal);
      const at = index * blockBytes;
      const block = buffers[index % buffers.length]!.subarray(0, Math.min(blockBytes, sizeBytes - at));
      await readFully(source, block, at);
      // Both go on elsewhere while this thread hashes the whole.
      const hash = hashChunk(block);
      hash.catch(() => {});
      const stage = chunks.stage!(block);
      stage.catch(() => {});
      whole.update(block);
      onProgress?.({ operation: "hash", doneBytes: at + block.length, totalBytes: sizeBytes });
      yield { index, size: block.length, hash, stage };
    }
  };
  const staged: StagedBlock[] = [];
  try {
    await eachOf(blocks(), buffers.length, async ({ index, size, hash, stage }) => {
      const { keep, discard } = await stage;
      const block = { size, keep, discard: () => discard().catch(ignoreStorage) };
      staged[index] = { ...block, dataHash: new Uint8Array() };
      staged[index] = { ...block, dataHash: await hash };
    });
  } catch (error) {
    for (const block of Object.values(staged)) await block.discard();
    throw error;
  }
  return { fileHash: whole.digest(), chunks: staged };
}

function ignoreStorage(error: unknown): void {
  if (!isWireError(error)) throw error;
}
