/** Calls of a QKD client: what callers ask, what they get, and the checks before anything is sent. */
import { qkdIssue, QkdError, type QkdReason } from "../errors.js";
import { isKeyId, type DeliveredKey, type KmeStatus } from "../reply/index.js";
import { saeIdFlaw, sizeFlaw, type QkdSettings } from "./options.js";

/** What a client is asked. */
export type QkdCall =
  /** What a KME has and allows for a peer. `kme` is a URL or KME ID; default: the first that answers. */
  | { readonly op: "status"; readonly peer: string; readonly kme?: string | undefined }
  /** New keys, shared with a slave. */
  | {
      readonly op: "enc_keys";
      readonly slave: string;
      /** Default 1. */
      readonly number?: number | undefined;
      /** Default `defaultKeySizeBits`. */
      readonly sizeBits?: number | undefined;
    }
  /** The keys of a master, by their IDs. */
  | {
      readonly op: "dec_keys";
      readonly master: string;
      readonly keyIds: readonly string[];
      /** The KME to ask first. */
      readonly kme?: string | undefined;
      /** Bits that each key must have. Default: any. */
      readonly sizeBits?: number | undefined;
    }
  /** A key was used: it is accepted from no KME again. */
  | { readonly op: "consume"; readonly master: string; readonly slave: string; readonly keyId: string };

/** Where keys come from, and whom they are shared with. */
export interface KeyOrigin {
  readonly kmeUrl: string;
  /** As the options or the status of the KME say. */
  readonly kmeId: string;
  /** The KME of the other SAE, as the status says; absent where the KME has none. */
  readonly peerKmeId?: string;
  readonly masterSaeId: string;
  readonly slaveSaeId: string;
  /** False for keys that came by plain HTTP. */
  readonly authenticated: boolean;
}

/** Keys of one KME and pair, in the order of the call. Who takes them owns their bytes. */
export interface DeliveredKeys extends KeyOrigin {
  readonly op: "enc_keys" | "dec_keys";
  readonly keys: readonly DeliveredKey[];
}

/** What a call settles with. */
export type QkdValue =
  | { readonly op: "status"; readonly status: KmeStatus; readonly kmeUrl: string; readonly kmeId: string }
  | DeliveredKeys
  /** `remote`: the KME has taken note. */
  | { readonly op: "consume"; readonly remote: boolean };

/** A call with its defaults. */
export type CheckedCall =
  | Extract<QkdCall, { readonly op: "status" | "consume" }>
  | { readonly op: "enc_keys"; readonly slave: string; readonly number: number; readonly sizeBits: number }
  | Extract<QkdCall, { readonly op: "dec_keys" }>;

/** Adds defaults. @throws QkdError INVALID_ARGUMENT */
export function checkCall(call: QkdCall, { defaultKeySizeBits, method, kmes }: QkdSettings): CheckedCall {
  switch (call.op) {
    case "status":
      requireSae(call.op, "peer", call.peer);
      requireKme(call.op, call.kme);
      return call;
    case "enc_keys": {
      const { slave, number = 1, sizeBits = defaultKeySizeBits } = call;
      requireSae(call.op, "slave", slave);
      if (!Number.isInteger(number) || number < 1) refuse("enc_keys.number", `a whole number above 0, got ${number}`);
      const flaw = sizeFlaw(sizeBits);
      if (flaw !== undefined) refuse("enc_keys.sizeBits", `${flaw}, got ${String(sizeBits)}`);
      if (method === "GET" && number !== 1) refuse("enc_keys.number", "1 by GET");
      return { op: "enc_keys", slave, number, sizeBits };
    }
    case "dec_keys":
      requireSae(call.op, "master", call.master);
      requireKme(call.op, call.kme);
      requireIds(call.keyIds);
      if (method === "GET" && call.keyIds.length !== 1) refuse("dec_keys.keyIds", "one ID by GET");
      if (call.sizeBits !== undefined && sizeFlaw(call.sizeBits) !== undefined) {
        refuse("dec_keys.sizeBits", sizeFlaw(call.sizeBits)!);
      }
      // A copy: the caller may change a list, and the keys come later.
      return { ...call, keyIds: [...call.keyIds] };
    case "consume":
      requireSae(call.op, "master", call.master);
      requireSae(call.op, "slave", call.slave);
      if (typeof call.keyId !== "string" || !isKeyId(call.keyId)) refuse("consume.keyId", "printable ASCII");
      return call;
    default:
      return refuse("op", "one of status, enc_keys, dec_keys, consume");
  }

  function requireKme(op: string, kme: string | undefined): void {
    // KME IDs are known from the answers of KMEs as well: what is not known here may be one of those.
    if (kme !== undefined && typeof kme !== "string") refuse(`${op}.kme`, "a URL or a KME ID");
    if (kme?.includes("://") && !kmes.some(({ url }) => url === kme)) refuse(`${op}.kme`, "the URL of an endpoint");
  }
}

function requireSae(op: string, name: string, saeId: unknown): void {
  const flaw = saeIdFlaw(saeId);
  if (flaw !== undefined) refuse(`${op}.${name}`, flaw);
}

function requireIds(keyIds: unknown): void {
  if (!Array.isArray(keyIds) || keyIds.length === 0) return refuse("dec_keys.keyIds", "at least one ID");
  const ids: readonly unknown[] = keyIds;
  if (!ids.every((id) => typeof id === "string" && isKeyId(id))) {
    refuse("dec_keys.keyIds", "IDs of 1 to 255 printable ASCII characters");
  }
  if (new Set(ids).size < ids.length) refuse("dec_keys.keyIds", "IDs that differ");
}

function refuse(path: string, expected: string, reason: QkdReason = "INVALID_ARGUMENT"): never {
  throw new QkdError(qkdIssue(reason, path, expected));
}
