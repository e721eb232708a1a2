/** Which call of our client asks what a recorded request asks. */
import { isRecord } from "../field.js";
import type { QkdVector } from "./vector.js";

/** A call of our client. Values of other types stay as they were recorded: our validation has to refuse them. */
export type Intent =
  | { readonly call: "status"; readonly peer: string }
  /** `sizeBits` undefined: as many as the KME gives without being asked. */
  | {
      readonly call: "enc";
      readonly peer: string;
      readonly method: "GET" | "POST";
      readonly number: unknown;
      readonly sizeBits: unknown;
    }
  | {
      readonly call: "dec";
      readonly peer: string;
      readonly method: "GET" | "POST";
      readonly keyIds: readonly unknown[];
    }
  | { readonly call: "consume"; readonly keyId: string }
  /** No call of ours sends this. */
  | { readonly call: "none"; readonly why: string };

const OPERATION = /^\/api\/v1\/keys\/([^/?#]*)\/(status|enc_keys|dec_keys)(?:\?([^#]*))?$/;

/** The intent of a vector. */
export function intentOf({ method, path, body, rawBody }: QkdVector): Intent {
  if (rawBody) return { call: "none", why: "a body that is no JSON of ours" };
  if (path === "/api/v1/keys/mark_consumed" && method === "POST") return consumeOf(body);
  const [, sae, operation, query = ""] = OPERATION.exec(path) ?? [];
  const peer = sae === undefined ? undefined : decoded(sae);
  if (peer === undefined) return { call: "none", why: "a resource outside of the standard" };
  if (operation === "status") {
    if (method === "GET" && query === "") return { call: "status", peer };
  } else if (method === "GET" || method === "POST") {
    const parameters = new URLSearchParams(query);
    return operation === "enc_keys" ? encOf(peer, method, body, parameters) : decOf(peer, method, body, parameters);
  }
  return { call: "none", why: `${method} of ${operation}` };
}

function encOf(peer: string, method: "GET" | "POST", body: unknown, query: URLSearchParams): Intent {
  const given = method === "GET" ? Object.fromEntries([...query].map(([name, text]) => [name, Number(text)])) : body;
  if (!isRecord(given)) return { call: "none", why: "enc_keys without an object" };
  const { number = 1, size: sizeBits, ...others } = given;
  const [other] = Object.keys(others);
  if (other !== undefined) return { call: "none", why: `enc_keys with ${other}` };
  return { call: "enc", peer, method, number, sizeBits };
}

function decOf(peer: string, method: "GET" | "POST", body: unknown, query: URLSearchParams): Intent {
  if (method === "GET") {
    const keyIds = query.getAll("key_ID");
    if (keyIds.length === 1 && !keyIds[0]!.includes(",")) return { call: "dec", peer, method, keyIds };
    return { call: "none", why: "several key IDs in a query" };
  }
  const list = isRecord(body) ? body["key_IDs"] : undefined;
  if (!Array.isArray(list)) return { call: "none", why: "dec_keys without key_IDs" };
  if (!list.every(isRecord)) return { call: "none", why: "key IDs that are no objects" };
  // Extensions say nothing to a KME that has none: what is asked for is the same.
  return { call: "dec", peer, method, keyIds: list.map((item) => item["key_ID"]) };
}

function consumeOf(body: unknown): Intent {
  const keyId = isRecord(body) ? body["key_id"] : undefined;
  return typeof keyId === "string" ? { call: "consume", keyId } : { call: "none", why: "mark_consumed without an ID" };
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
