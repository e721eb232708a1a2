/** Keys of a quantum link: what sealing and opening take of them, and keys that are given by hand. */
import { own } from "../../../bytes/index.js";
import { QkdKey } from "../key.js";
import { envelopeError } from "./errors.js";
import { TEXT_BYTES_MAX } from "./layout.js";

/** A key for one use; a `QkdKey` is one. */
export interface LinkKey {
  /** 1 to 255 printable characters of ASCII. */
  readonly keyId: string;
  readonly sizeBytes: number;
  /** The bytes, once; they are the key's own memory, which `wipe` overwrites. */
  take(): Uint8Array;
  wipe(): void;
}

/** Asks for keys to seal with. */
export interface EncKeysRequest {
  /** Who will open the message. */
  readonly slaveSaeId: string;
  /** Number of keys. */
  readonly number: number;
  /** Bytes of each. */
  readonly sizeBytes: number;
  /** Bytes of all together that are needed: a source whose keys have other sizes gives as many as make these. */
  readonly totalBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** Keys to seal with, all of one link. */
export interface KeyBatch {
  readonly masterSaeId: string;
  readonly slaveSaeId: string;
  /** The key manager that the recipient asks for them, one of its own; empty where it is not known. */
  readonly kmeId: string;
  readonly keys: readonly LinkKey[];
}

/** Asks for the keys of a message that came. */
export interface DecKeysRequest {
  readonly masterSaeId: string;
  readonly slaveSaeId: string;
  readonly kmeId: string;
  readonly keyIds: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** Where keys come from. A key that it has given is the caller's, who wipes it. */
export interface KeySource {
  /** Fresh keys, which nobody else gets. */
  encKeys(request: EncKeysRequest): Promise<KeyBatch>;
  /** The keys of these ids, in any order; it rejects if one cannot be had. */
  decKeys(request: DecKeysRequest): Promise<readonly LinkKey[]>;
}

/** Keys of one link, given by hand. */
export interface KeysByHand {
  readonly masterSaeId: string;
  readonly slaveSaeId: string;
  /** Default empty. */
  readonly kmeId?: string;
  /** Each is copied, and given out once. */
  readonly keys: Iterable<{ readonly keyId: string; readonly bytes: Uint8Array }>;
}

/** A source of keys that are given by hand, in their order. It gives each of them once. */
export function keysByHand({ masterSaeId, slaveSaeId, kmeId = "", keys }: KeysByHand): KeySource {
  const left = new Map<string, QkdKey>();
  for (const { keyId, bytes } of keys) {
    if (left.has(keyId)) throw envelopeError("KEY_USED", "keys", "two keys have the same id");
    left.set(keyId, new QkdKey({ keyId, masterSaeId, slaveSaeId, bytes: own(bytes), clock: () => 0 }));
  }
  const give = (keyId: string): QkdKey => {
    const key = left.get(keyId);
    if (key === undefined) throw envelopeError("KEY_UNAVAILABLE", "keys", "no key of that id is left");
    return key;
  };
  return {
    encKeys: async (request) => {
      if (request.slaveSaeId !== slaveSaeId) {
        throw envelopeError("KEY_UNAVAILABLE", "slaveSaeId", "the keys are those of another link");
      }
      const chosen: QkdKey[] = [];
      let bytes = 0;
      for (const key of left.values()) {
        if (bytes >= request.totalBytes) break;
        chosen.push(key);
        bytes += key.sizeBytes;
      }
      if (bytes < request.totalBytes) {
        throw envelopeError("KEY_UNAVAILABLE", "keys", `${request.totalBytes} bytes are needed, ${bytes} are left`);
      }
      for (const { keyId } of chosen) left.delete(keyId);
      return { masterSaeId, slaveSaeId, kmeId, keys: chosen };
    },
    decKeys: async ({ keyIds }) => {
      const chosen = keyIds.map(give);
      for (const keyId of keyIds) left.delete(keyId);
      return chosen;
    },
  };
}

/** What a source takes of a client of key managers; a `QkdClient` is one. */
export interface KeyClient {
  encKeys(
    slaveSaeId: string,
    options: { readonly number: number; readonly sizeBits: number; readonly signal?: AbortSignal },
  ): Promise<Omit<KeyBatch, "kmeId"> & { readonly peerKmeId?: string }>;
  decKeys(
    masterSaeId: string,
    keyIds: readonly string[],
    options: { readonly kme?: string; readonly signal?: AbortSignal },
  ): Promise<Pick<KeyBatch, "keys">>;
}

/** The keys of key managers, by a client. The one at the recipient's end is named, and asked first. */
export function keysOfClient(client: KeyClient): KeySource {
  return {
    encKeys: async ({ slaveSaeId, number, sizeBytes, signal }) => {
      const options = { number, sizeBits: 8 * sizeBytes, ...(signal && { signal }) };
      const { peerKmeId = "", ...batch } = await client.encKeys(slaveSaeId, options);
      // A URL would be refused as that of no endpoint, and a long name has no room: then all are asked in turn.
      const isUsable = !peerKmeId.includes("://") && new TextEncoder().encode(peerKmeId).length <= TEXT_BYTES_MAX;
      return { ...batch, kmeId: isUsable ? peerKmeId : "" };
    },
    decKeys: async ({ masterSaeId, kmeId, keyIds, signal }) => {
      const options = { ...(kmeId !== "" && { kme: kmeId }), ...(signal && { signal }) };
      return (await client.decKeys(masterSaeId, keyIds, options)).keys;
    },
  };
}
