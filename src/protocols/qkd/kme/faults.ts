/** Faults of a development KME: it hangs, cuts, delays, breaks down or lies, as told. */
import { argumentError } from "../../../errors.js";
import { json, page, type KmeReply } from "./reply.js";
import type { KmeOperation } from "./key-manager.js";

/** What goes wrong with connections: a server does it, the KME does not know of it. */
export const CONNECTION_FAULTS = {
  hang: "takes the request and never answers; nothing is done",
  "hang-after": "does what is asked and never answers",
  cut: "closes the connection; nothing is done",
  "cut-after": "does what is asked and closes the connection",
  "cut-body": "closes the connection within the answer",
  "not-http": "answers with bytes that are not HTTP",
} as const;

/** What goes wrong in replies that would be 200. */
export const REPLY_FAULTS = {
  partial: "answers dec_keys with 206 and all keys but the last",
  short: "leaves out the last key",
  extra: "adds a key that nobody asked for",
  "duplicate-id": "gives the last key the ID of the first",
  "wrong-id": "gives the last key an ID of its own",
  "wrong-size": "makes the last key one byte longer",
  "bad-base64": "takes the last character from each key",
  "no-keys": "leaves out the list",
  "not-json": "answers with a text",
  reversed: "turns the order of the keys",
} as const;

/** A fault without a number. */
export type KmeFaultName = keyof typeof CONNECTION_FAULTS | keyof typeof REPLY_FAULTS;

/** What goes wrong, where, and how often. */
export interface KmeFault {
  readonly operation: KmeOperation | "any";
  /** A name, a status to answer without doing anything, or a delay of each answer. */
  readonly what:
    | KmeFaultName
    | { readonly status: number; readonly form: "html" | "json"; readonly retryAfterSeconds?: number }
    | { readonly slowMs: number };
  /** Requests that it befalls; default all. */
  readonly times?: number;
  /** The KME that has it; default both. */
  readonly kme?: number;
}

const OPERATIONS = ["status", "enc_keys", "dec_keys", "any"] as const;
const EXPECTED = "OPERATION:FAULT or OPERATION:FAULT:TIMES, as enc_keys:hang, any:slow=500 or dec_keys:json=503/2:1";

/**
 * Reads a fault as text: `OPERATION:FAULT[:TIMES]`. A fault is a name of {@link CONNECTION_FAULTS} or
 * {@link REPLY_FAULTS}, `slow=MS`, `html=STATUS`, or `json=STATUS` with `/SECONDS` for Retry-After.
 * @throws WireError `argument`
 */
export function parseFault(text: string): KmeFault {
  const [operation, what, times, ...rest] = text.split(":");
  const known = OPERATIONS.find((each) => each === operation);
  const fault = what === undefined ? undefined : parseWhat(what);
  const count = times === undefined ? undefined : Number(times);
  if (known === undefined || fault === undefined || rest.length > 0 || (count !== undefined && !(count >= 1))) {
    throw argumentError("kme", "fault", EXPECTED, text);
  }
  return { operation: known, what: fault, ...(count !== undefined && { times: count }) };
}

function parseWhat(text: string): KmeFault["what"] | undefined {
  if (Object.hasOwn(CONNECTION_FAULTS, text) || Object.hasOwn(REPLY_FAULTS, text)) return text as KmeFaultName;
  const [, slow] = /^slow=(\d{1,6})$/.exec(text) ?? [];
  if (slow !== undefined) return { slowMs: Number(slow) };
  const [, form, status, seconds] = /^(html|json)=([2-5]\d\d)(?:\/(\d{1,4}))?$/.exec(text) ?? [];
  if (form === undefined) return undefined;
  const retryAfter = seconds !== undefined && { retryAfterSeconds: Number(seconds) };
  return { status: Number(status), form: form as "html" | "json", ...retryAfter };
}

/** The faults that are left to happen. */
export class KmeFaults {
  #left: { readonly fault: KmeFault; times: number }[] = [];

  constructor(faults: readonly KmeFault[] = []) {
    this.set(faults);
  }

  /** Replaces all faults. */
  set(faults: readonly KmeFault[]): void {
    this.#left = faults.map((fault) => ({ fault, times: fault.times ?? Infinity }));
  }

  /** The faults that befall a request, each counted. @param kme which of the two, 0 or 1 */
  next(operation: KmeOperation | undefined, kme: number): readonly KmeFault["what"][] {
    const found = this.#left.filter(
      ({ fault, times }) =>
        times > 0 &&
        (fault.operation === "any" || fault.operation === operation) &&
        (fault.kme === undefined || fault.kme === kme),
    );
    for (const each of found) each.times--;
    return found.map(({ fault }) => fault.what);
  }
}

/** The reply of a fault that answers without doing anything; undefined for any other fault. */
export function replyOf(what: KmeFault["what"]): KmeReply | undefined {
  if (typeof what === "string" || "slowMs" in what) return undefined;
  const headers = what.retryAfterSeconds === undefined ? {} : { "retry-after": String(what.retryAfterSeconds) };
  const { status, form } = what;
  return form === "html" ? page(status, undefined, headers) : json(status, { message: "A planted fault." }, headers);
}

interface Key {
  readonly key: string;
  readonly key_ID: string;
}

/** What is made of the keys of a true reply. */
const LIES: Readonly<Record<Exclude<keyof typeof REPLY_FAULTS, "partial" | "no-keys" | "not-json">, Lie>> = {
  short: (keys) => keys.slice(0, -1),
  extra: (keys) => [...keys, { key: keys[0]?.key ?? "AAAA", key_ID: "ffffffff-0000-4000-8000-000000000000" }],
  "duplicate-id": (keys) => changeLast(keys, (last) => ({ ...last, key_ID: keys[0]!.key_ID })),
  "wrong-id": (keys) => changeLast(keys, (last) => ({ ...last, key_ID: "eeeeeeee-0000-4000-8000-000000000000" })),
  "wrong-size": (keys) => changeLast(keys, (last) => ({ ...last, key: btoa(`${atob(last.key)}\0`) })),
  "bad-base64": (keys) => keys.map((each) => ({ ...each, key: each.key.slice(0, -1) })),
  reversed: (keys) => keys.toReversed(),
};

type Lie = (keys: readonly Key[]) => readonly Key[];

/** A reply after a lie; replies that are no 200 with keys stay true. */
export function liedAbout(what: KmeFault["what"], reply: KmeReply): KmeReply {
  if (typeof what !== "string" || !Object.hasOwn(REPLY_FAULTS, what) || reply.status !== 200) return reply;
  const value = JSON.parse(new TextDecoder().decode(reply.body)) as { readonly keys?: readonly Key[] };
  const { keys } = value;
  if (keys === undefined) return reply;
  if (what === "not-json") return { ...reply, body: new TextEncoder().encode("keys") };
  if (what === "no-keys") return json(200, { ...value, keys: undefined });
  if (what === "partial") return json(206, { ...value, keys: keys.slice(0, -1), message: "A planted fault." });
  return json(200, { ...value, keys: LIES[what as keyof typeof LIES](keys) });
}

function changeLast(keys: readonly Key[], change: (last: Key) => Key): readonly Key[] {
  return keys.map((each, i) => (i === keys.length - 1 ? change(each) : each));
}
