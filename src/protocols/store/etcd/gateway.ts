/** Messages of etcd's JSON gateway, v3: keys and values in base64, numbers of 64 bits as text. */

/** A key and its value. */
export interface KeyValue {
  readonly key: string;
  /** Absent where it is empty, or keys alone are asked for. */
  readonly value?: string;
  readonly create_revision: string;
  readonly mod_revision: string;
}

/** The answer to a range. */
export interface RangeReply {
  readonly kvs?: readonly KeyValue[];
}

/** The answer to one request of a transaction. */
export interface ResponseOp {
  readonly response_range?: RangeReply;
  readonly response_delete_range?: { readonly deleted?: string };
}

/** The answer to a transaction. */
export interface TxnReply {
  readonly header: { readonly revision: string };
  readonly succeeded?: boolean;
  readonly responses?: readonly ResponseOp[];
}

/** A request inside a transaction. */
export type RequestOp =
  | { readonly request_range: { readonly key: string } }
  | { readonly request_put: { readonly key: string; readonly value: string; readonly lease?: string } }
  | { readonly request_delete_range: { readonly key: string } };

/** A condition of a transaction: the revision at which a key was made or last written; "0" where it is missing. */
export type Compare = { readonly key: string; readonly result: "EQUAL" } & (
  | { readonly target: "MOD"; readonly mod_revision: string }
  | { readonly target: "CREATE"; readonly create_revision: string }
);

/** gRPC codes of a request that no attempt mends: what it asks is wrong, missing or not allowed. */
const REFUSALS: ReadonlySet<number> = new Set([3, 5, 7, 9, 11, 12, 16]);
/** ResourceExhausted: too many requests at once, which passes, or a full database. */
const EXHAUSTED = 8;

const NO_VALUE = '"value":""';

/**
 * The text of a body, and a value in base64 in the place of its empty one: as a part of the body, JSON would look at
 * each of its characters, which takes longer than all else that is done to send it.
 */
export function textOf(body: object, value = ""): string {
  const text = JSON.stringify(body);
  if (value === "") return text;
  const at = text.indexOf(NO_VALUE) + NO_VALUE.length - 1;
  return text.slice(0, at) + value + text.slice(at);
}

/** From here on, the value of an answer is not looked at by JSON. */
const LONG_REPLY_CHARS = 16_384;
const VALUE = '"value":"';

/** An answer. The value of the first key is cut out of a long one, for the same reason as in {@link textOf}. */
export function replyOf(text: string): unknown {
  const at = text.length < LONG_REPLY_CHARS ? -1 : text.indexOf(VALUE) + VALUE.length;
  if (at < VALUE.length) return JSON.parse(text);
  const end = text.indexOf('"', at);
  const value = text.slice(at, end);
  // Not written as etcd does, in base64 without escapes.
  if (end < 0 || value.includes("\\")) return JSON.parse(text);
  const reply = JSON.parse(text.slice(0, at) + text.slice(end)) as { readonly kvs?: readonly { value?: string }[] };
  const first = reply.kvs?.[0];
  // The value was another's.
  if (first?.value !== "") return JSON.parse(text);
  first.value = value;
  return reply;
}

const [INVALID_ARGUMENT, PERMISSION_DENIED, UNAUTHENTICATED] = [3, 7, 16];

/** Whether the gateway refused the token of a user, so that a new one may help. */
export function isTokenRefused(grpcCode: number, message: string): boolean {
  return (
    grpcCode === UNAUTHENTICATED || message.includes("invalid auth token") || message.includes("auth store is old")
  );
}

/** Whether the gateway refused name and password, or that there are none. */
export function isUserRefused(grpcCode: number, message: string, hasUser: boolean): boolean {
  if (grpcCode === PERMISSION_DENIED) return !hasUser;
  return grpcCode === INVALID_ARGUMENT && /authentication failed|user name (?:is empty|not found)/.test(message);
}

/** Whether another attempt may succeed where the gateway answered with this gRPC code. */
export function mayPass(grpcCode: number, message: string): boolean {
  return !REFUSALS.has(grpcCode) && !(grpcCode === EXHAUSTED && message.includes("space"));
}
