/** Recorded replies to our client, in the order of their sequence, judged by what they have to become. */
import { equalBytes } from "../../bytes/index.js";
import type { Result } from "../../errors.js";
import {
  parseErrorBody,
  parseKeyContainer,
  parseStatus,
  wipeKeys,
  type QkdCall,
  type QkdIssue,
  type QkdValue,
} from "../../protocols/qkd/index.js";
import { shortened, type Outcome } from "../verdict.js";
import { demandedOf, type Asked, type Operation } from "./demanded.js";
import { intentOf, type Intent } from "./intent.js";
import { ReplayedClient, type Played, type SentRequest } from "./replayed-client.js";
import type { QkdVector, RecordedReply } from "./vector.js";

/** Reasons for which our client sends nothing. */
const UNSENT = new Set(["INVALID_ARGUMENT", "TOO_MANY_KEYS", "KEY_USED", "PAIR_BUSY"]);
const LIMITS = { keysMax: 100_000, keySizeBytesMax: 1024 * 1024 };

/** The sequences of a recording. Each is played once, as a whole, when its first vector is asked for. */
export class Replay {
  readonly #vectors: readonly QkdVector[];
  readonly #played = new Map<string, ReadonlyMap<QkdVector, Outcome>>();

  /** @param vectors all of the recording */
  constructor(vectors: readonly QkdVector[]) {
    this.#vectors = vectors;
  }

  /** The outcome of a vector that has a reply. */
  outcomeOf(vector: QkdVector): Outcome {
    const { sequence } = vector;
    let outcomes = this.#played.get(sequence);
    if (outcomes === undefined) this.#played.set(sequence, (outcomes = this.#play(sequence)));
    return outcomes.get(vector)!;
  }

  #play(sequence: string): ReadonlyMap<QkdVector, Outcome> {
    const steps = this.#vectors.filter((each) => each.sequence === sequence && each.reply !== undefined);
    const clients = new Map<string, ReplayedClient>();
    return new Map(
      steps.toSorted((a, b) => a.step - b.step).map((vector) => [vector, this.#playAlone(vector, clients)] as const),
    );
  }

  /** An error of any type is the failure of its vector alone. */
  #playAlone(vector: QkdVector, clients: Map<string, ReplayedClient>): Outcome {
    try {
      return this.#playOne(vector, clients);
    } catch (error) {
      return differs(shortened(String(error)));
    }
  }

  #playOne(vector: QkdVector, clients: Map<string, ReplayedClient>): Outcome {
    const intent = intentOf(vector);
    const reply = vector.reply!;
    if (intent.call === "none") return readOnly(reply);
    const status = this.#statusOf(vector);
    const call = callOf(intent, this.#saeOf(vector.kme), sizeOf(status));
    const method = "method" in intent ? intent.method : "POST";
    const key = `${vector.kme} ${method}`;
    let client = clients.get(key);
    if (client === undefined) clients.set(key, (client = this.#newClient(vector, method)));
    const isOwn = (request: SentRequest): boolean => !isRequestOf(intent, request);
    const played = client.call(call, (request) => (isOwn(request) ? idle(status) : reply));
    return judged(vector, intent, call, played, played.sent.filter((request) => !isOwn(request)).length);
  }

  #newClient({ kme, isSecure }: QkdVector, method: "GET" | "POST"): ReplayedClient {
    return new ReplayedClient({
      saeId: this.#saeOf(kme),
      endpoints: [{ url: isSecure ? "https://127.0.0.1:1" : "http://127.0.0.1:1" }],
      allowInsecureLoopback: !isSecure,
      method,
      kme: { markConsumed: true },
    });
  }

  /** The SAE of a KME, as its statuses say. */
  #saeOf(kme: string): string {
    for (const vector of this.#vectors) {
      const status = vector.kme === kme ? wholeStatus(vector) : undefined;
      if (status?.masterSaeId !== undefined) return status.masterSaeId;
    }
    return `the SAE of ${kme}`;
  }

  /** What the KMEs of a profile say of themselves; undefined where it was not recorded. */
  #statusOf({ profile, kme }: QkdVector): RecordedReply | undefined {
    const known = this.#vectors.filter((each) => each.profile === profile && wholeStatus(each) !== undefined);
    return (known.find((each) => each.kme === kme) ?? known[0])?.reply;
  }
}

function wholeStatus({ reply, path }: QkdVector) {
  if (reply?.status !== 200 || !path.endsWith("/status")) return undefined;
  const status = parseStatus(reply.body);
  return status.ok ? status.value : undefined;
}

/** The status that our client asks for by itself: that of the profile, all keys fetched; 404 where there is none. */
function idle(status: RecordedReply | undefined): RecordedReply {
  if (status === undefined) return { status: 404, headers: {}, body: new Uint8Array(0) };
  const value = JSON.parse(new TextDecoder().decode(status.body)) as object;
  return { ...status, body: new TextEncoder().encode(JSON.stringify({ ...value, stored_key_count: 0 })) };
}

function sizeOf(status: RecordedReply | undefined): number {
  const read = status === undefined ? undefined : parseStatus(status.body);
  return read?.ok === true ? read.value.keySizeBits : 256;
}

/** @param sae of the KME @param defaultBits what a KME gives that is not told a size */
function callOf(intent: Exclude<Intent, { readonly call: "none" }>, sae: string, defaultBits: number): QkdCall {
  switch (intent.call) {
    case "status":
      return { op: "status", peer: intent.peer };
    case "enc": {
      // Values of other types than ours are what our validation is for.
      const { number, sizeBits = defaultBits } = intent as { readonly number: number; readonly sizeBits?: number };
      return { op: "enc_keys", slave: intent.peer, number, sizeBits };
    }
    case "dec":
      return { op: "dec_keys", master: intent.peer, keyIds: intent.keyIds as readonly string[] };
    case "consume":
      return { op: "consume", master: sae, slave: "peer", keyId: intent.keyId };
  }
}

const ENDINGS = { status: "/status", enc: "/enc_keys", dec: "/dec_keys", consume: "/mark_consumed", none: "" } as const;

function isRequestOf({ call }: Intent, { path }: SentRequest): boolean {
  return path.split("?")[0]!.endsWith(ENDINGS[call]);
}

/** @param sent requests of the call itself */
function judged(vector: QkdVector, intent: Intent, call: QkdCall, { outcome }: Played, sent: number): Outcome {
  const reply = vector.reply!;
  const demanded = demandedOf(intent.call as Operation, reply, call as Asked);
  if (!outcome.ok) {
    const { reason, actual } = outcome.error as QkdIssue;
    if (sent === 0) return unsent(reply, reason, actual ?? reason);
    if (reason === demanded) return wordsDiffer(reply, outcome.error as QkdIssue) ?? { verdict: "refused" };
    return differs(`expected ${demanded}, got ${reason}`);
  }
  if (demanded !== "ok") return differs(`expected ${demanded}, got a value`);
  if (sent === 0) return differs("got a value although nothing was sent");
  return valueDiffers(intent, outcome, reply) ?? { verdict: "equal" };
}

/** A request that our client does not send: the recorded reply is read all the same. */
function unsent(reply: RecordedReply, reason: string, words: string): Outcome {
  const read = readOnly(reply);
  if (read.verdict === "failed") return read;
  if (!UNSENT.has(reason)) return differs(`nothing was sent: ${words}`);
  if (reply.status >= 400) return { verdict: "refused" };
  return { verdict: "deviates", rule: "not sent", reason: "what KMEs answer differently is not asked" };
}

/** Whether the words of the KME are kept. */
function wordsDiffer(reply: RecordedReply, { kmeMessage, httpStatus }: QkdIssue): Outcome | undefined {
  if (reply.status === 200) return undefined;
  const { message } = parseErrorBody(reply.body, reply.headers["content-type"]);
  if (httpStatus !== reply.status) return differs(`expected status ${reply.status}, got ${httpStatus}`);
  return (kmeMessage ?? "") === message ? undefined : differs(`expected the words ${message}, got ${kmeMessage}`);
}

function valueDiffers(
  intent: Intent,
  { value }: Extract<Result<QkdValue>, { readonly ok: true }>,
  reply: RecordedReply,
): Outcome | undefined {
  if (value.op === "consume") return undefined;
  const recorded = jsonOf(new TextDecoder().decode(reply.body)) as
    | {
        readonly keys?: readonly { readonly key_ID: string; readonly key: string }[];
        readonly stored_key_count?: number;
        readonly key_size?: number;
      }
    | undefined;
  if (value.op === "status") {
    const { storedKeyCount, keySizeBits } = value.status;
    const isEqual = storedKeyCount === recorded?.stored_key_count && keySizeBits === recorded?.key_size;
    return isEqual ? undefined : differs("the status differs");
  }
  const byId = new Map(recorded?.keys?.map(({ key_ID, key }) => [key_ID, key]));
  // Keys of dec_keys come in the order of the request, whatever that of the reply is.
  const order = intent.call === "dec" ? (intent.keyIds as readonly string[]) : [...byId.keys()];
  const wrong = order.findIndex((id, i) => {
    const key = value.keys[i];
    return key?.keyId !== id || !equalBytes(key.bytes, fromBase64(byId.get(id) ?? ""));
  });
  const isEqual = wrong < 0 && value.keys.length === order.length;
  wipeKeys(value.keys);
  return isEqual ? undefined : differs(`keys[${wrong}] differs`);
}

/** A reply to a request that no call of ours makes: it goes through the readers of replies alone. */
function readOnly({ status, headers, body }: RecordedReply): Outcome {
  const text = new TextDecoder().decode(body);
  const value = jsonOf(text) as { readonly keys?: unknown; readonly message?: unknown } | undefined;
  if (Array.isArray(value?.keys)) {
    const keys = parseKeyContainer(body, LIMITS);
    if (!keys.ok) return differs(`${keys.error.code} at ${keys.error.path}`);
    const isEqual = keys.value.length === value.keys.length;
    wipeKeys(keys.value);
    if (!isEqual) return differs("the number of keys differs");
  }
  if (status < 400 && status !== 206) return { verdict: "client" };
  const { message, form } = parseErrorBody(body, headers["content-type"]);
  const isRead = typeof value?.message === "string" ? message === value.message : form !== "json";
  return isRead ? { verdict: "client" } : differs(`the words were read as ${message}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function differs(line: string): Outcome {
  return { verdict: "failed", differences: [line] };
}
