/** The back ends of a store, for suites that run over all of them. */
import { createCipheriv } from "node:crypto";
import { FaultFiles, Random } from "../../../src/testing/index.js";
import type { FileSystem } from "../../../src/storage/index.js";
import { fileChunks, fileMetadata, StoreFiles } from "../../../src/protocols/store/node.js";
import {
  KeyStore,
  memoryChunks,
  memoryMetadata,
  remoteChunks,
  serveChunks,
  type ChunkStore,
  type KeyStoreOptions,
  type MetadataStore,
} from "../../../src/protocols/store/index.js";

/** Chunks and metadata of one back end. */
export interface Engine {
  readonly chunks: ChunkStore;
  readonly metadata: MetadataStore;
}

/** A back end on a file system. */
export function onFiles(files: FileSystem): Engine {
  const storeFiles = new StoreFiles(files);
  return { chunks: fileChunks(storeFiles), metadata: fileMetadata(storeFiles) };
}

/** Makes each back end. */
export const ENGINES: Readonly<Record<string, () => Engine>> = {
  memory: () => ({ chunks: memoryChunks(), metadata: memoryMetadata() }),
  files: () => onFiles(new FaultFiles(new Random(19))),
  "a peer": () => ({ chunks: remoteChunks(serveChunks(memoryChunks())), metadata: memoryMetadata() }),
};

/** A clock that a test sets. */
export class TestClock {
  ns = 1_771_200_000_123_456_789n;

  readonly unixNs = (): bigint => this.ns;

  advance(seconds: number): void {
    this.ns += BigInt(seconds) * 1_000_000_000n;
  }
}

/** Opens a store on a back end. */
export function openOn(engine: Engine, options: Partial<KeyStoreOptions> = {}): Promise<KeyStore> {
  return KeyStore.open({ ...engine, unixNs: new TestClock().unixNs, ...options });
}

/** Bytes that differ by `run`, and in every place. */
export function content(length: number, run = 0): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i ^ (i >> 8)) + 31 * run + (i >> 16);
  return bytes;
}

/** Bytes without a pattern, equal in every run: a longer one begins with a shorter. */
export function mixed(length: number, run = 0): Uint8Array {
  const key = new Uint8Array(16).fill(run);
  return new Uint8Array(createCipheriv("aes-128-ctr", key, new Uint8Array(16)).update(new Uint8Array(length)));
}

/** All bytes of a read. */
export async function bytesOf({ bytes }: { readonly bytes: AsyncIterable<Uint8Array> }): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part.slice());
  return Buffer.concat(parts);
}

/** The code of the error that a promise rejects with. */
export async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
