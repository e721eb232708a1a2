/** Recordings of DPS: vectors in categories. */
import { casesOf } from "../cases.js";
import { Field, isRecord } from "../field.js";
import { skipped, type Adapter, type Case, type Outcome } from "../verdict.js";
import { aesGcm, blockHashes } from "./chain.js";
import { fileServerCases } from "./file-server.js";
import { files } from "./files.js";
import { keyStoreBehaviour } from "./key-store.js";
import { constructors, distances, nearest, routerSteps } from "./routing.js";
import { tcpHandler } from "./rpc-links.js";
import { rpcDecode, rpcEncode, rpcLarge } from "./rpc-messages.js";
import { blockSize, chunkKeys, shaHashes, tomlNumbers, tomlStrings } from "./formats.js";

/** How the vectors of a category are played. */
const PLAYERS: Readonly<Record<string, (vector: Field) => Outcome | Promise<Outcome> | undefined>> = {
  aes_gcm: aesGcm,
  block_hash: blockHashes,
  block_size: blockSize,
  chunk_key: chunkKeys,
  closest_k: nearest,
  compute_sha_hash: shaHashes,
  files,
  key_store_behaviour: keyStoreBehaviour,
  routing_constructor: constructors,
  routing_default_router: routerSteps,
  rpc_decode: rpcDecode,
  rpc_encode: rpcEncode,
  rpc_large: rpcLarge,
  tcp_handler: tcpHandler,
  toml_numbers: tomlNumbers,
  toml_strings: tomlStrings,
  xor_distance: distances,
};

/** Reads recordings of DPS. Vectors of categories that have no player are skipped. */
export const dpsRecordings: Adapter = {
  protocol: "dps",
  recognises: (json) =>
    isRecord(json) &&
    isRecord(json["categories"]) &&
    Object.values(json["categories"]).some(
      (category) => isRecord(category) && Array.isArray(category["vectors"]) && category["vectors"].length > 0,
    ),
  read: (json) =>
    new Field(json, "")
      .get("categories")
      .members()
      .flatMap(([category, field]) => SESSIONS[category]?.(field) ?? casesOfEach(category, field)),
};

/** Categories whose vectors are played together. */
const SESSIONS: Readonly<Partial<Record<string, (category: Field) => readonly Case[]>>> = {
  fileserver: fileServerCases,
};

function casesOfEach(category: string, field: Field): readonly Case[] {
  return casesOf(field, "vectors", (vector) => caseOf(category, vector));
}

function caseOf(family: string, vector: Field): Case {
  const name = vector.get("id").text();
  if (!Object.hasOwn(PLAYERS, family)) return skipped(name, family, "there is no peer of ours yet");
  const unknown: Outcome = { verdict: "skipped", reason: "nothing is known of this case" };
  return { name, family, run: () => PLAYERS[family]!(vector) ?? unknown };
}
