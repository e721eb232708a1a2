/** A development KME: the rules of ETSI GS QKD 014 in the dialects that were seen, without sockets and clocks. */
import { toHex, type NewBytes } from "../../../bytes/index.js";
import type { KmeDialect, KeySizes } from "./dialects.js";
import type { KeyStore, StoredKey } from "./key-store.js";
import { isReply, readEncRequest, readKeyIds } from "./request.js";
import { invalid, json, page, refusal, type KmeReply, type KmeRequest } from "./reply.js";

/** One of the two KMEs. */
export interface KmeSettings {
  readonly kmeId: string;
  /** The SAE that this KME serves. */
  readonly saeId: string;
  /** SHA-256 of the certificate of that SAE in hex; undefined lets everybody in. */
  readonly saeSha256?: string | undefined;
  /** The other KME and its SAE. */
  readonly peer: { readonly kmeId: string; readonly saeId: string };
  readonly dialect: KmeDialect;
  readonly sizes: KeySizes;
  readonly maxKeyCount: number;
  readonly maxKeyPerRequest: number;
  /** Time after the first request at which the peer becomes known. */
  readonly warmUpMs: number;
}

/** Makes random bytes. */
export type RandomBytes = (length: number) => NewBytes;

/** What an operation is called in paths. */
export type KmeOperation = "status" | "enc_keys" | "dec_keys";

/** Where a request goes. */
interface Route {
  readonly operation: KmeOperation;
  readonly saeId: string;
  readonly query: URLSearchParams;
}

/** Answers the requests of one SAE. */
export class KeyManager {
  readonly settings: KmeSettings;
  readonly #store: KeyStore;
  readonly #random: RandomBytes;
  #startedMs: number | undefined;

  constructor(settings: KmeSettings, store: KeyStore, random: RandomBytes) {
    this.settings = settings;
    this.#store = store;
    this.#random = random;
  }

  /** Answers a request, and does what it asks for. It never throws. */
  handle(request: KmeRequest, nowMs: number): KmeReply {
    const { kmeId, saeId, saeSha256, dialect } = this.settings;
    this.#startedMs ??= nowMs;
    const { method, path } = request;
    if (path === "/api/v1/kme/status" && method === "GET") return json(200, { KME_ID: kmeId, SAE_ID: saeId });
    if (path === "/api/v1/keys/mark_consumed" && dialect.markConsumed) return this.#markConsumed(request);
    const route = routeOf(path);
    if (route === undefined) return page(404);
    const allowed = route.operation === "status" ? ["GET", "HEAD"] : ["GET", "HEAD", "POST"];
    if (!allowed.includes(method)) return page(405, undefined, { allow: [...allowed, "OPTIONS"].join(", ") });
    if (saeSha256 !== undefined && request.clientSha256 !== saeSha256) return this.#wrongCertificate();
    const reply = this.#operate(route, method === "HEAD" ? { ...request, method: "GET" } : request, nowMs);
    return method === "HEAD" ? { ...reply, body: new Uint8Array(0) } : reply;
  }

  #operate({ operation, saeId, query }: Route, request: KmeRequest, nowMs: number): KmeReply {
    const peer = this.settings.dialect.foldCase ? saeId.toLowerCase() : saeId;
    if (operation === "status") return this.#status(peer, nowMs);
    if (operation === "enc_keys") return this.#encKeys(peer, request, query, nowMs);
    return this.#decKeys(peer, request, query);
  }

  #status(slave: string, nowMs: number): KmeReply {
    const { dialect, sizes, saeId, kmeId, peer, maxKeyCount, maxKeyPerRequest } = this.settings;
    if (!this.#knows(slave, nowMs)) return refusal(dialect, 400, dialect.words.unknownSae);
    const isPool = dialect.storedCount === "pool";
    return json(200, {
      key_size: sizes.key,
      master_SAE_ID: saeId,
      max_SAE_ID_count: 0,
      max_key_count: maxKeyCount,
      max_key_per_request: maxKeyPerRequest,
      max_key_size: sizes.most,
      min_key_size: sizes.least,
      slave_SAE_ID: slave,
      source_KME_ID: kmeId,
      stored_key_count: isPool ? this.#store.free(nowMs) : this.#store.undelivered(saeId, slave),
      target_KME_ID: slave === saeId ? kmeId : peer.kmeId,
    });
  }

  #encKeys(slave: string, request: KmeRequest, query: URLSearchParams, nowMs: number): KmeReply {
    const { dialect, sizes, saeId, maxKeyCount, maxKeyPerRequest } = this.settings;
    const { words } = dialect;
    const isOwn = slave === saeId;
    if (dialect.unknownSlave === "refuse" && !this.#knows(slave, nowMs)) return refusal(dialect, 400, words.unknownSae);
    if (isOwn && !dialect.ownPeer) return refusal(dialect, 400, words.unknownSae);
    if (request.method === "GET" && dialect.getEncKeys === "refuse") return refusal(dialect, 400, words.tooSmall);
    const asked = readEncRequest(dialect, sizes.key, request, query);
    if (isReply(asked)) return asked;
    const { number, sizeBits } = asked;
    if (dialect.validation === "framework") {
      if (number < 1) return invalid(dialect, ["body", "number"], "greater than or equal to 1");
      if (sizeBits < sizes.least) return invalid(dialect, ["body", "size"], `greater than or equal to ${sizes.least}`);
    }
    if (dialect.oddSizes === "refuse" && sizeBits % 8 !== 0) {
      return invalid(dialect, ["body", "size"], "a multiple of 8");
    }
    if (number > maxKeyPerRequest) return refusal(dialect, 400, words.tooMany);
    if (sizeBits > sizes.most) return refusal(dialect, 400, words.tooLarge);
    if (sizeBits < sizes.least) return refusal(dialect, 400, words.tooSmall);
    if (dialect.storeIsFull === "refuses" && this.#store.undelivered(saeId, slave) + number > maxKeyCount) {
      return refusal(dialect, 400, words.storeFull);
    }
    const left = this.#store.free(nowMs) - dialect.keptKeys;
    if (number > Math.max(0, left)) {
      return refusal(dialect, dialect.exhausted, left <= 0 ? words.noKeysLeft : words.exhausted);
    }
    return this.#deliver(slave, Math.max(0, number), sizeBits);
  }

  /** Gives keys to the master and keeps them for the slave. */
  #deliver(slave: string, number: number, sizeBits: number): KmeReply {
    const { dialect, saeId, saeSha256 } = this.settings;
    const sizeBytes = dialect.oddSizes === "round-up" ? Math.ceil(sizeBits / 8) : Math.floor(sizeBits / 8);
    const fetches = saeSha256 === undefined ? dialect.plainFetches : 1;
    const keys = Array.from({ length: number }, (): StoredKey => {
      return { keyId: uuidOf(this.#random(16)), key: base64Of(this.#random(sizeBytes)), fetches };
    });
    this.#store.take(number);
    this.#store.keep(saeId, slave, keys, dialect.undelivered === "lost");
    const extra = { receiver_email: slave, receiver_sae_id: slave, sender_email: "" };
    return json(200, { keys: keys.map(shown), ...(dialect.extraMembers && extra) });
  }

  #decKeys(master: string, request: KmeRequest, query: URLSearchParams): KmeReply {
    const { dialect, saeId } = this.settings;
    const { words } = dialect;
    if (master === saeId && !dialect.ownPeer) return refusal(dialect, 400, words.unknownSae);
    const read = readKeyIds(dialect, request, query);
    if (isReply(read)) return read;
    const ids = dialect.foldCase ? read.map((id) => id.toLowerCase()) : read;
    if (words.notInvolved !== undefined && !this.#store.isInvolved(master, saeId)) {
      return refusal(dialect, 401, words.notInvolved);
    }
    const found = this.#store.find(master, saeId, new Set(ids));
    if (found.length < ids.length) return this.#missing(master, ids, found);
    this.#store.fetched(master, saeId, found);
    return json(200, { keys: this.#ordered(found, ids).map(shown) });
  }

  /** The reply where some of the keys are not there, or an ID comes twice. */
  #missing(master: string, ids: readonly string[], found: readonly StoredKey[]): KmeReply {
    const { dialect, saeId } = this.settings;
    const { words } = dialect;
    if (found.length === 0) return refusal(dialect, dialect.missingKeys === "partial" ? 404 : 400, words.noneExist);
    if (dialect.duplicateIds === "fail" && found.length === new Set(ids).size) {
      this.#store.fetched(master, saeId, found);
      return page(500);
    }
    if (dialect.missingKeys === "refuse") return refusal(dialect, 400, words.missing);
    return json(206, { keys: found.map(shown), message: words.partial });
  }

  #ordered(found: readonly StoredKey[], ids: readonly string[]): readonly StoredKey[] {
    if (this.settings.dialect.decOrder === "store") return found;
    return ids.map((id) => found.find(({ keyId }) => keyId === id)!);
  }

  /** Says that a key is consumed. The slave can fetch it all the same, as was recorded. */
  #markConsumed({ body }: KmeRequest): KmeReply {
    const { dialect } = this.settings;
    let keyId: unknown;
    try {
      keyId = (JSON.parse(new TextDecoder().decode(body)) as { key_id?: unknown } | null)?.key_id;
    } catch {
      return page(400);
    }
    if (typeof keyId !== "string") return refusal(dialect, 400, "Missing key_id");
    if (!this.#store.has(keyId)) return refusal(dialect, 404, "Key not found or already consumed");
    return json(200, { key_id: keyId, message: "Key consumed" });
  }

  #knows(saeId: string, nowMs: number): boolean {
    const { saeId: own, peer, warmUpMs } = this.settings;
    return saeId === own || (saeId === peer.saeId && nowMs - this.#startedMs! >= warmUpMs);
  }

  #wrongCertificate(): KmeReply {
    const { dialect } = this.settings;
    const words = dialect.words.wrongCertificate;
    return words === undefined ? page(401) : refusal(dialect, 400, words);
  }
}

/** The operation of a path; undefined for any other path. */
export function operationOf(path: string): KmeOperation | undefined {
  return routeOf(path)?.operation;
}

function routeOf(path: string): Route | undefined {
  const [, sae, operation, query] =
    /^\/api\/v1\/keys\/([^/?#]+)\/(status|enc_keys|dec_keys)(?:\?([^#]*))?$/.exec(path) ?? [];
  if (sae === undefined) return undefined;
  try {
    const saeId = decodeURIComponent(sae);
    return { operation: operation as KmeOperation, saeId, query: new URLSearchParams(query ?? "") };
  } catch {
    return undefined;
  }
}

function shown({ keyId, key }: StoredKey): { readonly key: string; readonly key_ID: string } {
  return { key, key_ID: keyId };
}

/** A UUID of version 4 (RFC 9562 §5.4) from 16 random bytes. */
function uuidOf(bytes: NewBytes): string {
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = toHex(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
