/** Values of the formats of the DHT that have pieces, which are not drawn. */
import type { Pieces } from "../../fuzz/decoders.js";

const ID = new Uint8Array(20).fill(2);
const HASH = new Uint8Array(32).fill(3);
const VALUE_FACTS = { reserved: 0, isCached: false, ttlSeconds: 60, ageSeconds: 1, publisher: ID, dataSha256: HASH };
const OF_CONTENT = { valueKind: 1, chunk: undefined };
const OF_CHUNK = { valueKind: 2, chunk: { parent: HASH, chunkIndex: 7 } };
const INDEX_PUT = { ...VALUE_FACTS, kind: "index_put", key: ID, isOwn: true, atUnixNs: 1n << 60n, totalBytes: 5 };
const STORE = { ...VALUE_FACTS, isPart: false, isFinal: true, part: undefined };
const VALUE = { ...VALUE_FACTS, isFinal: true, totalBytes: 5, offset: 0 };
const FIND = { reserved: 0, hasSha256: false, offset: 0, length: 9, dataSha256: undefined };

/** Values of the formats with pieces, by format. */
export const pieces: Pieces = {
  dht_contacts_record: () => [
    { contacts: [] },
    { contacts: ["a:1", "20.0.0.1:7100"].map((address) => ({ id: ID, lastSeenSeconds: 9, failures: 1, address })) },
  ],
  dht_find_payload: () => [FIND, { ...FIND, hasSha256: true, dataSha256: HASH }],
  dht_index_record: () => [
    { recordType: 1, body: { ...INDEX_PUT, ...OF_CONTENT } },
    { recordType: 1, body: { ...INDEX_PUT, ...OF_CHUNK } },
    { recordType: 2, body: { kind: "index_drop", key: ID, dataSha256: HASH } },
    { recordType: 3, body: new Uint8Array(4) },
  ],
  dht_store_payload: () => [
    { ...STORE, ...OF_CONTENT },
    { ...STORE, ...OF_CHUNK, isPart: true, part: { totalBytes: 9, offset: 1 } },
  ],
  dht_value_payload: () => [
    { ...VALUE, ...OF_CONTENT },
    { ...VALUE, ...OF_CHUNK, isCached: true },
  ],
};
