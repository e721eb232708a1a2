/** What a DHT server is asked for, what it answers and tells, and how it reaches others. */
import type { Result, WireIssue } from "../../../errors.js";
import type { Effect, Millis } from "../../../machine/index.js";
import type { RpcBody, RpcMessage, RpcRequest, RpcVia } from "../../rpc/index.js";
import type { ChunkPlace } from "../../../codec/gen/dht/index.js";
import type { Contact } from "../contact.js";
import type { LookupPeer } from "../lookup/lookup.js";
import type { ValueFacts } from "../values/facts.js";

/** What a caller asks for. */
export type DhtCall =
  /** Whether a server answers; settles with its id and the time that took. */
  | { readonly type: "ping"; readonly address: string }
  /** The servers nearest to an id, oneself among them; `unreachable` where there are others, and none answers. */
  | { readonly type: "findNode"; readonly target: Uint8Array }
  /**
   * A value under a key; settles with it, or with `missing` where those that answer do not have it, `unreachable` where
   * nobody answers and it is not here, `unproven`, `timeout` or `limit`.
   */
  | {
      readonly type: "findValue";
      readonly key: Uint8Array;
      /** SHA-256 of the value. Others under the key are not wanted. */
      readonly sha256?: Uint8Array;
      /** Bytes of that value, where they are known: a long one is then asked for once, of a server that has it. */
      readonly sizeBytes?: number;
      /** Refuses a value that neither its key nor `sha256` proves. Default false. */
      readonly requireProof?: boolean;
      /** Servers that have to have the same value; with fewer the call fails with `unproven`. Default 1. */
      readonly quorum?: number;
    }
  /**
   * Stores a value at the servers nearest to its key, and here, and keeps it there until it expires. Settles with
   * `unreachable` where too few have stored it, or nobody answers and `copiesMin` does not say that this is enough.
   */
  | {
      readonly type: "store";
      readonly value: Uint8Array;
      /** Nobody changes the value any more, so that no copy of it has to be made. Default false. */
      readonly isGiven?: boolean;
      /** SHA-256 of the value, where it is known. Servers refuse a value with another one. */
      readonly sha256?: Uint8Array;
      /** Default: SHA-1 of the value, or the key of the chunk. */
      readonly key?: Uint8Array;
      /** Of which file the value is a chunk. */
      readonly chunk?: ChunkPlace;
      /** Default `ttlSeconds` of the options. */
      readonly ttlSeconds?: number;
      /** Servers that have to store it, this one among them. Default half of those that could. */
      readonly copiesMin?: number;
      /** Whether this server stores it again while it runs; else it expires unless another does. Default true. */
      readonly republishes?: boolean;
    }
  /**
   * Who of the servers nearest to a key has a value, and for how long. Each has to send some bytes of it, at a place
   * that it learns by that. Settles with `unreachable` where nobody answers and it is not here.
   */
  | {
      readonly type: "count";
      readonly key: Uint8Array;
      readonly sha256: Uint8Array;
      readonly sizeBytes: number;
      /** The value, where it is there to compare with. Else a copy of this server serves, or that all say the same. */
      readonly value?: Uint8Array;
    }
  /** Fills the table by the bootstrap addresses. */
  | { readonly type: "join" }
  /** Sets the address under which the others find this server. */
  | { readonly type: "setAddress"; readonly address: string }
  /** The contacts of the table. */
  | { readonly type: "contacts" }
  /** The counters. */
  | { readonly type: "stats" };

/** A server, found by a lookup or told by its contact. */
export interface DhtServerInfo extends LookupPeer {
  readonly rttMs?: number | undefined;
}

/** What a lookup cost. */
export interface LookupCost {
  /** Requests. */
  readonly rpcs: number;
  readonly ms: Millis;
}

/** A value that was found. */
export interface FoundValue {
  readonly value: Uint8Array;
  readonly facts: ValueFacts;
  readonly from: LookupPeer;
  /** Whether its key or the hash that was asked for proves it. Anybody may store an opaque value or a chunk. */
  readonly isProven: boolean;
}

/** Who has a value, of the servers nearest to its key. */
export interface Counted {
  /** Those that have it; none where they contradict each other, and nothing tells who is right. */
  readonly holders: readonly LookupPeer[];
  /** The nearest servers that have answered, holders or not, but those that sent bytes of something else. */
  readonly servers: number;
  /** Least time for which a holder keeps it. */
  readonly leftMs: Millis;
}

/** What a call settles with. */
export type DhtOutcome =
  | { readonly type: "pinged"; readonly id: Uint8Array; readonly rttMs: Millis }
  | ({ readonly type: "found"; readonly servers: readonly DhtServerInfo[] } & LookupCost)
  | ({ readonly type: "value" } & FoundValue)
  | {
      readonly type: "stored";
      readonly key: Uint8Array;
      /** Servers that have stored it; oneself counts. */
      readonly stored: number;
      /** Servers that have refused it or did not answer. */
      readonly refused: number;
      /** Of these, servers that did not answer. */
      readonly silent: number;
      readonly servers: readonly LookupPeer[];
    }
  | ({ readonly type: "counted" } & Counted)
  | { readonly type: "joined"; readonly contacts: number }
  | { readonly type: "addressSet"; readonly id: Uint8Array }
  | {
      readonly type: "contacts";
      readonly buckets: readonly { readonly index: number; readonly live: readonly Contact[] }[];
    }
  | { readonly type: "stats"; readonly stats: DhtStats };

/** What a server tells. */
export type DhtEvent =
  | { readonly type: "joined"; readonly contacts: number }
  | { readonly type: "contactAdded"; readonly contact: Contact; readonly bucket: number }
  | { readonly type: "contactRemoved"; readonly contact: Contact; readonly bucket: number }
  | {
      readonly type: "lookup";
      readonly target: Uint8Array;
      readonly kind: LookupKind;
      readonly rpcs: number;
      readonly ms: Millis;
      /** How many servers were found. */
      readonly found: number;
    }
  | { readonly type: "badValue"; readonly from: string }
  | { readonly type: "expired"; readonly key: Uint8Array };

/** What a lookup is for. */
export type LookupKind = "node" | "value" | "store" | "join" | "refresh";

/** Counts since the start. */
export interface DhtStats {
  contacts: number;
  /** Requests that were sent, answered, and not answered in time. */
  asked: number;
  answered: number;
  timedOut: number;
  /** Requests of others. */
  requests: number;
  /** Requests that were refused, and contacts that were not taken, by reason. */
  refused: Record<string, number>;
  /** Lookups that have ended, and those that found nobody. */
  lookups: number;
  lookupsFailed: number;
  /** Values that are held, and their bytes. */
  values: number;
  bytes: number;
}

/** Effects of a core. */
export type DhtEffect = Effect<DhtOutcome, DhtEvent>;

/** An answer of a server. */
export interface DhtAnswer {
  /** Borrowed until the callback returns. */
  readonly message: RpcMessage;
  /** Undefined where the request was sent more than once. */
  readonly rttMs: Millis | undefined;
}

/** How a request ended. */
export type DhtDone = (outcome: Result<DhtAnswer>, nowMs: Millis, out: DhtEffect[]) => void;

/** How a core reaches other servers, whatever carries its messages. Answers come from the address that was asked. */
export interface DhtPort {
  /** "host:port" under which the others know this server. */
  address: string;
  /**
   * Whether the ids in messages never change, so that those who keep them need no copies: thousands of servers in one
   * process share them. Default false: messages are borrowed.
   */
  readonly isLasting?: boolean;
  /** Asks a server, and tells once how that ended. */
  ask(
    address: string,
    body: RpcBody,
    options: { readonly deadlineMs: Millis; readonly via?: RpcVia; readonly done: DhtDone },
    nowMs: Millis,
    out: DhtEffect[],
  ): void;
  /** Answers a request. @returns why it was not sent */
  reply(request: DhtRequest, body: RpcBody, nowMs: Millis, out: DhtEffect[]): WireIssue | undefined;
}

/** A request of another server, as the endpoint of RPC hands it out. */
export type DhtRequest = Pick<RpcRequest, "id" | "command" | "message" | "origin">;
