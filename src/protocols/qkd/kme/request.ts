/** Requests of enc_keys and dec_keys, read as Flask and FastAPI read them: with all that they let pass. */
import type { KmeDialect } from "./dialects.js";
import { invalid, page, type KmeReply, type KmeRequest } from "./reply.js";

/** Number and bits of the keys that are asked for. */
export interface EncRequest {
  readonly number: number;
  readonly sizeBits: number;
}

/** What a request asks for, or the reply that refuses it. */
export function readEncRequest(
  dialect: KmeDialect,
  defaultBits: number,
  { method, headers, body }: KmeRequest,
  query: URLSearchParams,
): EncRequest | KmeReply {
  const fallback = { number: 1, size: defaultBits };
  if (method === "GET") {
    if (dialect.getEncKeys !== "read") return { number: 1, sizeBits: defaultBits };
    return checked(dialect, {
      ...fallback,
      ...Object.fromEntries([...query].map(([name, text]) => [name, numberOf(text)])),
    });
  }
  const value = readJson(dialect, headers, body);
  return isReply(value) ? value : checked(dialect, { ...fallback, ...value });
}

/** The IDs that dec_keys asks for, or the reply that refuses it. */
export function readKeyIds(
  dialect: KmeDialect,
  { method, headers, body }: KmeRequest,
  query: URLSearchParams,
): readonly string[] | KmeReply {
  if (method === "GET") {
    const ids = query.getAll("key_ID");
    if (dialect.getDecKeys === "comma") return ids.flatMap((id) => id.split(","));
    return dialect.getDecKeys === "one" ? ids.slice(0, 1) : ids;
  }
  const value = readJson(dialect, headers, body);
  if (isReply(value)) return value;
  const list = value["key_IDs"];
  const ids = Array.isArray(list) ? list.map((item) => (item as { key_ID?: unknown } | null)?.key_ID) : [undefined];
  const isStrict = dialect.validation === "framework";
  if (ids.every((id) => typeof id === "string") && (ids.length > 0 || !isStrict)) return ids as string[];
  return isStrict ? invalid(dialect, ["body", "key_IDs"], "a list of objects with key_ID") : page(500);
}

/** Whether a reading ended in a reply. */
export function isReply(value: object): value is KmeReply {
  return "status" in value && "headers" in value;
}

function readJson(
  dialect: KmeDialect,
  headers: KmeRequest["headers"],
  body: Uint8Array,
): Readonly<Record<string, unknown>> | KmeReply {
  const isStrict = dialect.validation === "framework";
  let value: unknown;
  try {
    if (!/^application\/json\b/i.test(headers["content-type"] ?? "")) throw new SyntaxError("no JSON");
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return isStrict ? invalid(dialect, ["body"], "JSON") : page(400);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  return isStrict ? invalid(dialect, ["body"], "an object") : page(500);
}

/** Flask takes `true` for 1, and breaks on what is no whole number; FastAPI refuses. */
function checked(
  dialect: KmeDialect,
  value: { readonly number: unknown; readonly size: unknown },
): EncRequest | KmeReply {
  const isStrict = dialect.validation === "framework";
  const number = value.number === true && !isStrict ? 1 : value.number;
  const { size } = value;
  if (!isWhole(number)) return isStrict ? invalid(dialect, ["body", "number"], "a whole number") : page(500);
  if (!isWhole(size)) return isStrict ? invalid(dialect, ["body", "size"], "a whole number") : page(500);
  return { number, sizeBits: size };
}

function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value);
}

function numberOf(text: string): number | string {
  return /^-?\d+$/.test(text) ? Number(text) : text;
}
