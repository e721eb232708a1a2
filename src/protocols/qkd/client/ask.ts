/** What a client asks of a KME, and how it reads the answers (ETSI GS QKD 014 §5, §6). */
import type { QkdIssue } from "../errors.js";
import {
  parseKeyContainer,
  parseStatus,
  wipeKeys,
  type AllocateKey,
  type DeliveredKey,
  type KmeStatus,
} from "../reply/index.js";
import type { QkdOperation } from "./options.js";
import { invalidReply, type Verdict } from "./verdict.js";

/** A value, or why an answer is none. */
export type Reading<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly verdict: Verdict };

/** A request, for one KME or another. */
export interface Ask<Value> {
  readonly op: QkdOperation;
  /** The SAE at the other end. */
  readonly peer: string;
  readonly method: "GET" | "POST";
  /** Whether the same can be asked by the other method. */
  readonly hasOtherMethod: boolean;
  /** Path and body, for either method. */
  readonly target: (method: "GET" | "POST") => { readonly path: string; readonly body?: string };
  readonly bodyBytesMax: number;
  /** Whether the keys asked for fit into an empty store. */
  readonly fitsStore: boolean;
  /** Reads an answer with status 200. The bytes are borrowed. */
  readonly read: (body: Uint8Array) => Reading<Value>;
  /** Wipes a value that nobody waits for any more. */
  readonly discard?: (value: Value) => void;
  /** What to say of an answer with status 206. Wipes its keys. */
  readonly partial?: (body: Uint8Array) => readonly string[];
}

/** Bytes of an answer beside its keys, and beside the text of each key. */
const REPLY_BYTES = 64 * 1024;
const KEY_FIELDS_BYTES = 512;

/** How long an answer with so many keys may be. */
export function replyBytesMax(keys: number, sizeBits: number, maxBodyBytes: number): number {
  return Math.min(maxBodyBytes, REPLY_BYTES + keys * (Math.ceil(sizeBits / 6) + KEY_FIELDS_BYTES));
}

function pathOf(saeId: string, what: string): string {
  return `/api/v1/keys/${encodeURIComponent(saeId)}/${what}`;
}

/** Asks what a KME has and allows for a peer. */
export function askStatus(peer: string, maxBodyBytes: number): Ask<KmeStatus> {
  return {
    op: "status",
    peer,
    method: "GET",
    hasOtherMethod: false,
    target: () => ({ path: pathOf(peer, "status") }),
    bodyBytesMax: replyBytesMax(0, 0, maxBodyBytes),
    fitsStore: true,
    read: (body) => {
      const status = parseStatus(body);
      return status.ok ? status : { ok: false, verdict: invalidReply("status", reasonOf(status.error)) };
    },
  };
}

/** How keys are asked for. */
export interface KeyAskRules {
  readonly method: "GET" | "POST";
  /** Whether this request may be made by GET. */
  readonly allowsGet: boolean;
  readonly maxBodyBytes: number;
  /** Makes the buffers of keys. Default: `new Uint8Array`. */
  readonly allocate?: AllocateKey | undefined;
}

/** Asks for new keys, shared with a slave. */
export function askEncKeys(
  slave: string,
  number: number,
  sizeBits: number,
  maxKeyCount: number,
  { method, allowsGet, maxBodyBytes, allocate }: KeyAskRules,
): Ask<readonly DeliveredKey[]> {
  const path = pathOf(slave, "enc_keys");
  const limits = { keysMax: number, keySizeBytesMax: sizeBits / 8, ...(allocate && { allocate }) };
  return {
    op: "enc_keys",
    peer: slave,
    method,
    hasOtherMethod: allowsGet,
    target: (by) =>
      by === "GET"
        ? { path: `${path}?number=${number}&size=${sizeBits}` }
        : { path, body: JSON.stringify({ number, size: sizeBits }) },
    bodyBytesMax: replyBytesMax(number, sizeBits, maxBodyBytes),
    fitsStore: number <= maxKeyCount,
    read: (body) => readKeys("enc_keys", body, limits, (keys) => flawOfEnc(keys, number, sizeBits)),
    discard: wipeKeys,
    partial: (body) => idsOf(body, limits).map((id) => `came: ${id}`),
  };
}

/** Asks for the keys of a master by their IDs. @param sizeBits of every key; undefined where it is not known */
export function askDecKeys(
  master: string,
  keyIds: readonly string[],
  sizeBits: number | undefined,
  sizeBitsMax: number,
  { method, allowsGet, maxBodyBytes, allocate }: KeyAskRules,
): Ask<readonly DeliveredKey[]> {
  const path = pathOf(master, "dec_keys");
  const limits = { keysMax: keyIds.length, keySizeBytesMax: sizeBitsMax / 8, ...(allocate && { allocate }) };
  return {
    op: "dec_keys",
    peer: master,
    method,
    hasOtherMethod: allowsGet,
    target: (by) =>
      by === "GET"
        ? { path: `${path}?key_ID=${encodeURIComponent(keyIds[0]!)}` }
        : { path, body: JSON.stringify({ key_IDs: keyIds.map((id) => ({ key_ID: id })) }) },
    bodyBytesMax: replyBytesMax(keyIds.length, sizeBitsMax, maxBodyBytes),
    fitsStore: true,
    read(body) {
      const reading = readKeys("dec_keys", body, limits, (keys) => flawOfDec(keys, keyIds, sizeBits));
      if (!reading.ok) return reading;
      const byId = new Map(reading.value.map((key) => [key.keyId, key]));
      return { ok: true, value: keyIds.map((id) => byId.get(id)!) };
    },
    discard: wipeKeys,
    partial: (body) => cameAndMissing(idsOf(body, limits), keyIds),
  };
}

/** Tells a KME that a key was used, which the standard does not have. */
export function askConsume(peer: string, keyId: string, maxBodyBytes: number): Ask<true> {
  return {
    op: "consume",
    peer,
    method: "POST",
    hasOtherMethod: false,
    target: () => ({
      path: "/api/v1/keys/mark_consumed",
      body: JSON.stringify({ key_id: keyId, consumed: true }),
    }),
    bodyBytesMax: replyBytesMax(0, 0, maxBodyBytes),
    fitsStore: true,
    read: () => ({ ok: true, value: true }),
  };
}

type Limits = Parameters<typeof parseKeyContainer>[1];

/** A flaw of keys, with what to say beside it. */
interface Flaw {
  readonly actual: string;
  readonly details?: readonly string[];
}

function readKeys(
  op: QkdOperation,
  body: Uint8Array,
  limits: Limits,
  flawOf: (keys: readonly DeliveredKey[]) => Flaw | undefined,
): Reading<readonly DeliveredKey[]> {
  const container = parseKeyContainer(body, limits);
  if (!container.ok) return { ok: false, verdict: invalidReply(op, reasonOf(container.error)) };
  const flaw = flawOf(container.value);
  if (flaw === undefined) return container;
  wipeKeys(container.value);
  return { ok: false, verdict: invalidReply(op, flaw.actual, flaw.details) };
}

function flawOfEnc(keys: readonly DeliveredKey[], number: number, sizeBits: number): Flaw | undefined {
  if (keys.length !== number)
    return { actual: `${keys.length} of ${number} keys`, details: cameAndMissing(idsIn(keys)) };
  return sizeFlawOf(keys, sizeBits);
}

function flawOfDec(
  keys: readonly DeliveredKey[],
  keyIds: readonly string[],
  sizeBits: number | undefined,
): Flaw | undefined {
  const ids = idsIn(keys);
  const asked = new Set(keyIds);
  if (ids.some((id) => !asked.has(id))) return { actual: "a key that was not asked for" };
  if (ids.length !== asked.size) {
    return { actual: `${ids.length} of ${asked.size} keys`, details: cameAndMissing(ids, keyIds) };
  }
  return sizeBits === undefined ? undefined : sizeFlawOf(keys, sizeBits);
}

function sizeFlawOf(keys: readonly DeliveredKey[], sizeBits: number): Flaw | undefined {
  const wrong = keys.find(({ bytes }) => bytes.length * 8 !== sizeBits);
  return wrong && { actual: `a key of ${wrong.bytes.length * 8} bits, not ${sizeBits}` };
}

function idsIn(keys: readonly DeliveredKey[]): string[] {
  return keys.map(({ keyId }) => keyId);
}

function idsOf(body: Uint8Array, limits: Limits): string[] {
  const container = parseKeyContainer(body, limits);
  if (!container.ok) return [];
  wipeKeys(container.value);
  return idsIn(container.value);
}

/** IDs of keys, for the error of a call whose keys were wiped. */
export function cameAndMissing(came: readonly string[], asked: readonly string[] = []): string[] {
  const missing = asked.filter((id) => !came.includes(id));
  return [...came.map((id) => `came: ${id}`), ...missing.map((id) => `missing: ${id}`)];
}

/** What is wrong with an answer, in a few words without anything of a key. */
function reasonOf({ code, path, expected, actual }: Omit<QkdIssue, "reason">): string {
  const place = path === "" ? "" : ` of ${path}`;
  return [`${code}${place}`, expected, actual].filter((each) => each !== undefined).join(", ");
}
