/** Chunks in a JetStream stream of NATS, one message a subject, read by direct get. */
import { randomUUID } from "node:crypto";
import { isIP } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import type { JetStreamClient, JetStreamManager, StoredMsg, StreamState } from "@nats-io/jetstream";
import type * as TransportNode from "@nats-io/transport-node";
import type { MsgHdrs, NatsConnection } from "@nats-io/transport-node";
import { concatBytes, isBytes, own, toHex } from "../../../bytes/index.js";
import { argumentError, WireError } from "../../../errors.js";
import { sha256 } from "../../../kernel/index.js";
import { LIST_KEYS_MAX, pageOf, type ChunkStore, type Confirm } from "../back-ends.js";
import { BLOCK_BYTES_MAX } from "../block-size.js";
import { loadCredentials, type TlsCredentials } from "../../../transport/tls/credentials.js";
import { Exchange, type ExchangeOptions } from "../exchange/node.js";
import { KeyedLock } from "../keyed-lock.js";
import { requireChunkKey } from "../layout.js";
import { tooLong } from "../memory.js";
import {
  apiErrorOf,
  connectFailureOf,
  failureOf,
  MESSAGE_MISSING,
  requireStored,
  STREAM_MISSING,
} from "./refusals/node.js";

export type { TlsCredentials } from "../../../transport/tls/credentials.js";
export type { ExchangeOptions } from "../exchange/node.js";

/** A message holds as much of a chunk: in base64, as a leader answers, it still fits into 1 MiB. */
export const NATS_PIECE_BYTES = 512 * 1024;

const FORMAT = "store_nats";
/** Beside a piece, a message has a subject and headers. */
const MESSAGE_BYTES_MIN = NATS_PIECE_BYTES + 256 * 1024;
/** Header with the SHA-256 of the bytes of a message, and of each further piece of the chunk. */
const HASHES = "Specwire-Sha256";
/** What a first message has for its own bytes where all of them are in others. */
const EMPTY_HASH = toHex(sha256(new Uint8Array()));
/** Up to as many subjects, a list asks for all at once; beyond, for one of 256 parts at a time. */
const SUBJECTS_AT_ONCE = 10_000;
/** Rooms for pieces that are kept, 16 MiB: a store puts three chunks of 4 MiB at a time. */
const ROOMS_MAX = 32;
/** Chunks whose put has failed that are remembered. */
const DOUBTFUL_MAX = 10_000;

/** Options of {@link openNatsChunks}. */
export interface NatsChunksOptions extends ExchangeOptions {
  /** The servers, as "host:port" or URLs that begin with `nats:` or `tls:`. */
  readonly servers: readonly string[];
  /** The stream; made where it is missing. Default "specwire". */
  readonly stream?: string;
  /** First part of the subjects. Default "cas". */
  readonly subject?: string;
  /** Servers that keep each chunk, where the stream is made: 1, 3 or 5. Default 1. */
  readonly replicas?: number;
  /** Who asks. Default nobody. */
  readonly authentication?: NatsAuthentication;
  /**
   * Authorities of the servers, and this side's certificate and key. Where they are given, a server without TLS is
   * refused.
   * Default: what Node.js trusts, and only where a server asks for TLS.
   */
  readonly tls?: TlsCredentials;
  /** Further options of the client `@nats-io/transport-node`, such as `pingInterval`. Default none. */
  readonly connection?: Readonly<Record<string, unknown>>;
}

/** How a user proves who it is: by a password, a token, the seed of an nkey, or the text of a `.creds` file. */
export type NatsAuthentication =
  | { readonly user: string; readonly password: string }
  | { readonly token: string }
  | { readonly nkeySeed: Uint8Array }
  | { readonly creds: Uint8Array };

/** Chunks in NATS, and how to leave it. */
export interface NatsChunks {
  readonly chunks: ChunkStore;
  /** Ends calls under way, and closes the connection. */
  close(): Promise<void>;
}

/**
 * Opens chunks in a stream of NATS 2.9 or later. Needs the packages `@nats-io/transport-node` and `@nats-io/jetstream`.
 * A call that resolved is on a majority of the replicas; when those sync is a setting of the servers.
 * @throws WireError `argument`, also where a package is missing; `storage` for a stream that is another's; `timeout`,
 *   `unreachable`
 */
export async function openNatsChunks(options: NatsChunksOptions): Promise<NatsChunks> {
  const { servers, stream = "specwire", subject = "cas", replicas = 1 } = options;
  if (servers.length === 0) throw argumentError(FORMAT, "servers", "at least one server", "none");
  for (const [path, name] of Object.entries({ stream, subject })) {
    if (!/^[\w-]{1,100}$/.test(name)) throw argumentError(FORMAT, path, "letters, digits, - and _", name);
  }
  if (![1, 3, 5].includes(replicas)) throw argumentError(FORMAT, "replicas", "1, 3 or 5", String(replicas));
  const exchange = new Exchange(FORMAT, options);
  let connection: NatsConnection | undefined;
  try {
    const client = await loadClient();
    connection = await connect(exchange, client, options);
    // Attempts are bounded here.
    const timeout = exchange.timeoutMs;
    const manager = await client.jetstreamManager(connection, { checkAPI: false, timeout });
    const { max_payload: payloadMax = 0 } = connection.info ?? {};
    if (payloadMax < MESSAGE_BYTES_MIN) {
      throw exchange.error("storage", "max_payload", `${payloadMax} bytes a message, fewer than ${MESSAGE_BYTES_MIN}`);
    }
    const config = { name: stream, subjects: [`${subject}.>`], num_replicas: replicas };
    await exchange.run("stream", () => requireStream(exchange, manager, config));
    const publisher = client.jetstream(connection, { timeout });
    const chunks = new Chunks(exchange, manager, publisher, client.headers, stream, subject);
    return { chunks, close: () => leave(exchange, connection) };
  } catch (error) {
    await leave(exchange, connection);
    throw error;
  }
}

type Authenticators = Pick<typeof TransportNode, "credsAuthenticator" | "nkeyAuthenticator">;

/** What is used of the packages. */
interface Client {
  readonly connect: (options: object) => Promise<NatsConnection>;
  readonly headers: () => MsgHdrs;
  readonly authenticators: Authenticators;
  readonly jetstream: (connection: NatsConnection, options: object) => JetStreamClient;
  readonly jetstreamManager: (connection: NatsConnection, options: object) => Promise<JetStreamManager>;
}

async function loadClient(): Promise<Client> {
  try {
    const [transport, jetStream] = await Promise.all([import("@nats-io/transport-node"), import("@nats-io/jetstream")]);
    const { connect: dial, headers, credsAuthenticator, nkeyAuthenticator } = transport;
    const { jetstream, jetstreamManager } = jetStream;
    const authenticators = { credsAuthenticator, nkeyAuthenticator };
    return { connect: dial, headers, authenticators, jetstream, jetstreamManager };
  } catch (error) {
    const expected = "the packages @nats-io/transport-node and @nats-io/jetstream, which are not installed";
    throw argumentError(FORMAT, "client", expected, undefined, { cause: error });
  }
}

function connect(exchange: Exchange, client: Client, options: NatsChunksOptions): Promise<NatsConnection> {
  const settings = {
    name: "specwire",
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
    timeout: exchange.attemptTimeoutMs,
    // Errors are told as ours, with the stack of the call; one more for each request took a tenth of a put of 64 KiB.
    noAsyncTraces: true,
    ...options.connection,
    ...(options.authentication && authenticationOf(client.authenticators, options.authentication)),
    ...(options.tls && { tls: tlsOf(options.tls, options.servers) }),
    servers: [...options.servers],
  };
  return exchange.run("connect", async (attempt) => {
    const connection = await client.connect(settings).catch((error: unknown) => {
      throw connectFailureOf(exchange, error, options.tls?.certificate !== undefined);
    });
    // Nobody waits for it any more.
    if (attempt.isGivenUp) await connection.close();
    return connection;
  });
}

/** The options of the client for TLS. @throws WireError `argument` */
function tlsOf(tls: TlsCredentials, servers: readonly string[]): object {
  const hosts = servers.map((server) => new URL(server.includes("://") ? server : `nats://${server}`).hostname);
  return {
    ...loadCredentials(tls, "TLSv1.2").options,
    // Where a server is named by its IP address, the client asks for the certificate of localhost.
    checkServerIdentity(name: string, certificate: PeerCertificate): Error | undefined {
      const mismatch = checkServerIdentity(name, certificate);
      const isOfOne = hosts.some((host) => isIP(host) > 0 && checkServerIdentity(host, certificate) === undefined);
      return isOfOne ? undefined : mismatch;
    },
  };
}

/** The options of the client for a user. @throws WireError `argument`, which shows nothing of a secret */
function authenticationOf({ credsAuthenticator, nkeyAuthenticator }: Authenticators, user: NatsAuthentication): object {
  if ("token" in user) return { token: user.token };
  if ("user" in user) return { user: user.user, pass: user.password };
  const isCreds = "creds" in user;
  const authenticator = isCreds
    ? credsAuthenticator(own(user.creds))
    : nkeyAuthenticator(new TextEncoder().encode(new TextDecoder().decode(user.nkeySeed).trim()));
  try {
    // A connection that is tried again and again would never tell.
    authenticator("nonce");
  } catch {
    const expected = isCreds ? "the text of a .creds file" : "the seed of a user, which begins with SU";
    throw argumentError(FORMAT, "authentication", expected, "another text");
  }
  return { authenticator };
}

async function leave(exchange: Exchange, connection: NatsConnection | undefined): Promise<void> {
  exchange.end();
  await connection?.close();
}

/** Makes the stream, or checks that it is one of chunks. */
async function requireStream(
  exchange: Exchange,
  manager: JetStreamManager,
  wanted: { readonly name: string; readonly subjects: string[]; readonly num_replicas: number },
): Promise<void> {
  let config;
  try {
    ({ config } = await manager.streams.info(wanted.name));
  } catch (error) {
    if (apiErrorOf(error)?.code !== STREAM_MISSING) throw failureOf(exchange, "stream", error);
    // Beyond a limit of bytes the stream refuses: by default it would drop the oldest chunk.
    const kept = { storage: "file", max_msgs_per_subject: 1, allow_direct: true, discard: "new" } as const;
    ({ config } = await manager.streams.add({ ...wanted, ...kept }).catch((cause: unknown) => {
      throw failureOf(exchange, "stream", cause);
    }));
  }
  const isOurs = config.max_msgs_per_subject === 1 && config.allow_direct && config.retention === "limits";
  const hasAge = config.max_age > 0 || config.max_msgs > 0;
  if (!isOurs || hasAge || !config.subjects.includes(wanted.subjects[0]!)) {
    throw exchange.error("storage", "stream", `${wanted.name} is another's, or would drop chunks`);
  }
}

class Chunks implements ChunkStore {
  readonly #exchange: Exchange;
  readonly #manager: JetStreamManager;
  readonly #publisher: JetStreamClient;
  readonly #headers: () => MsgHdrs;
  readonly #stream: string;
  readonly #subject: string;
  /** Calls that change a chunk take turns. */
  readonly #turns = new KeyedLock();
  /** Room for copies of pieces: new ones each time cost more in collecting them than hashing does. */
  readonly #rooms: Uint8Array[] = [];
  /** Keys of chunks whose last put has failed: the message that names their pieces may arrive when these are gone. */
  readonly #doubtful = new Set<string>();

  constructor(
    exchange: Exchange,
    manager: JetStreamManager,
    publisher: JetStreamClient,
    headers: () => MsgHdrs,
    stream: string,
    subject: string,
  ) {
    this.#exchange = exchange;
    this.#manager = manager;
    this.#publisher = publisher;
    this.#headers = headers;
    this.#stream = stream;
    this.#subject = subject;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const subject = this.#subjectOf(key);
    if (bytes.length > BLOCK_BYTES_MAX) throw tooLong(key, BLOCK_BYTES_MAX, bytes.length);
    try {
      await this.#turns.run(key, () => this.#put(subject, piecesOf(bytes)));
      this.#doubtful.delete(key);
    } catch (error) {
      const [oldest] = this.#doubtful;
      if (this.#doubtful.size >= DOUBTFUL_MAX) this.#doubtful.delete(oldest!);
      this.#doubtful.add(key);
      throw error;
    }
  }

  async #put(subject: string, pieces: readonly Uint8Array[]): Promise<void> {
    const [first] = pieces as [Uint8Array, ...Uint8Array[]];
    if (pieces.length === 1) return this.#publish(subject, first, toHex(sha256(first)));
    const hashes = [EMPTY_HASH];
    const sending: Promise<void>[] = [];
    for (const piece of pieces) {
      const hash = toHex(sha256(piece));
      hashes.push(hash);
      const sent = this.#publish(`${subject}.${hash}`, piece, hash);
      // Its failure is seen when all have ended.
      sent.catch(() => {});
      sending.push(sent);
      // The next one is hashed while this one is on its way.
      if (hashes.length <= pieces.length) await afterSending();
    }
    // None is still tried when the turn of this chunk ends: its piece would come to what a later call left.
    await Promise.allSettled(sending);
    await Promise.all(sending);
    // They are there before what names them: a writer that is cut off leaves the chunk as it was. Those of other bytes
    // under this key, if there were any, stay until it is deleted.
    await this.#publish(subject, new Uint8Array(), hashes.join(","));
  }

  async get(key: string, bytesMax: number): Promise<Uint8Array | undefined> {
    const subject = this.#subjectOf(key);
    let damage: WireError | undefined;
    // A replica may be behind; and the chunk may be replaced between its first piece and the last.
    for (const from of ["replica", "leader", "leader"] as const) {
      const head = await this.#message(subject, from);
      if (head === undefined) {
        if (from === "leader") return undefined;
        continue;
      }
      const bytes = await this.#whole(key, subject, head, bytesMax, from);
      if (isBytes(bytes)) return bytes;
      damage = bytes;
    }
    throw damage!;
  }

  async has(key: string): Promise<boolean> {
    const subject = this.#subjectOf(key);
    // The leader says it: a replica may not know yet.
    if (!this.#doubtful.has(key)) return (await this.#subjects(subject)).length > 0;
    const head = await this.#message(subject, "leader");
    return head !== undefined && isBytes(await this.#whole(key, subject, head, BLOCK_BYTES_MAX, "leader"));
  }

  async delete(key: string, confirm?: Confirm): Promise<void> {
    const subject = this.#subjectOf(key);
    await this.#turns.run(key, async () => {
      const { last_seq: last } = await this.#state();
      await confirm?.();
      await this.#purge(subject, last + 1);
      await this.#purge(`${subject}.>`, last + 1);
    });
  }

  async list(after: string): Promise<readonly string[]> {
    const state = await this.#state();
    // Pieces count as well: where nothing names them, `delete` removes them.
    const keysOf = (subjects: readonly string[]): ReadonlySet<string> =>
      new Set(subjects.map((subject) => subject.split(".", 3).slice(1).join("")));
    if (state.num_subjects === undefined || state.num_subjects <= SUBJECTS_AT_ONCE) {
      return pageOf(keysOf(await this.#subjects(`${this.#subject}.>`)), after);
    }
    const keys: string[] = [];
    for (let part = Number.parseInt(after.slice(0, 2) || "0", 16); part < 256 && keys.length < LIST_KEYS_MAX; part++) {
      keys.push(...pageOf(keysOf(await this.#subjects(`${this.#subject}.${partName(part)}.>`)), after));
    }
    return keys.slice(0, LIST_KEYS_MAX);
  }

  /** Pieces without a first one: what a writer that was cut off has left. */
  async sweep(confirm?: Confirm): Promise<number> {
    const found: string[] = [];
    const { last_seq: last } = await this.#state();
    for (let part = 0; part < 256; part++) {
      const pieces = await this.#subjects(`${this.#subject}.${partName(part)}.*.*`);
      found.push(...new Set(pieces.map((piece) => piece.slice(0, piece.lastIndexOf(".")))));
    }
    await confirm?.();
    let swept = 0;
    for (const chunk of found) {
      const key = chunk.slice(this.#subject.length + 1).replace(".", "");
      // A put that is under way has its pieces there before their first one.
      await this.#turns.run(key, async () => {
        if ((await this.#subjects(chunk)).length > 0) return;
        await this.#purge(`${chunk}.>`, last + 1);
        swept++;
      });
    }
    return swept;
  }

  async sync(): Promise<void> {}

  /** `cas.<2 hex>.<38 hex>`, so that a part of the keys can be asked for. */
  #subjectOf(key: string): string {
    requireChunkKey(key);
    return `${this.#subject}.${key.slice(0, 2)}.${key.slice(2)}`;
  }

  /** The bytes that a first message and its pieces hold, or what is wrong with them. @throws WireError `limit` */
  async #whole(
    key: string,
    subject: string,
    head: StoredMsg,
    bytesMax: number,
    from: "replica" | "leader",
  ): Promise<Uint8Array | WireError> {
    const hashes = (head.header?.get(HASHES) ?? "").split(",");
    const [own0, ...rest] = hashes as [string, ...string[]];
    const least = head.data.length + Math.max(0, rest.length - 1) * NATS_PIECE_BYTES;
    if (least > bytesMax) throw tooLong(key, bytesMax, rest.length === 0 ? least : undefined);
    if (rest.length > BLOCK_BYTES_MAX / NATS_PIECE_BYTES) return this.#damage(key, "more pieces than a chunk has");
    const pieces: (Uint8Array | undefined)[] = [];
    const wrong: number[] = [];
    const check = (piece: Uint8Array | undefined, i: number): void => {
      pieces[i] = piece;
      if (piece !== undefined && toHex(sha256(piece)) !== hashes[i]) wrong.push(i);
    };
    // Each is hashed as it comes, while the others are on their way.
    const reading = Promise.all(
      rest.map(async (hash, i) => check((await this.#message(`${subject}.${hash}`, from))?.data, i + 1)),
    );
    check(head.data, 0);
    await reading;
    const missing = hashes.findIndex((_hash, i) => pieces[i] === undefined);
    if (missing >= 0) return this.#damage(key, `piece ${missing} is missing`);
    if (wrong.length > 0) return this.#damage(key, `other bytes in piece ${Math.min(...wrong)}, not ${own0}`);
    const length = pieces.reduce((sum, piece) => sum + piece!.length, 0);
    if (length > bytesMax) throw tooLong(key, bytesMax, length);
    return concatBytes(...(pieces as Uint8Array[]));
  }

  #damage(key: string, actual: string): WireError {
    return new WireError({ code: "crc", format: FORMAT, path: key, expected: "the bytes that were put", actual });
  }

  /** The message of a subject, as a replica has it or the leader. */
  #message(subject: string, from: "replica" | "leader"): Promise<StoredMsg | undefined> {
    return this.#call("get", async () => {
      const query = { last_by_subj: subject };
      const found =
        from === "replica"
          ? await this.#manager.direct.getMessage(this.#stream, query)
          : await this.#manager.streams.getMessage(this.#stream, query);
      return found ?? undefined;
    }).catch((error: unknown) => {
      if (apiErrorOf((error as WireError).cause)?.code === MESSAGE_MISSING) return undefined;
      throw error;
    });
  }

  /** Subjects that have a message, of those that a filter lets pass; the leader knows them. */
  async #subjects(filter: string): Promise<readonly string[]> {
    const { state } = await this.#call("list", () =>
      this.#manager.streams.info(this.#stream, { subjects_filter: filter }),
    );
    return Object.keys(state.subjects ?? {});
  }

  /** The stream as its leader has it now. */
  async #state(): Promise<StreamState> {
    return (await this.#call("list", () => this.#manager.streams.info(this.#stream))).state;
  }

  async #publish(subject: string, piece: Uint8Array, hashes: string): Promise<void> {
    const headers = this.#headers();
    headers.set(HASHES, hashes);
    // The same for all attempts: one that was given up and arrives late is dropped.
    const msgID = randomUUID();
    // The caller has its buffer again when this is over; an attempt that was given up may still send.
    const room = this.#rooms.pop() ?? new Uint8Array(NATS_PIECE_BYTES);
    const bytes = room.subarray(0, piece.length);
    bytes.set(piece);
    let attempts = 0;
    await this.#call("put", async () => {
      attempts++;
      requireStored(await this.#publisher.publish(subject, bytes, { headers, msgID }));
    });
    // What was sent once, and is acknowledged, has left.
    if (attempts === 1 && this.#rooms.length < ROOMS_MAX) this.#rooms.push(room);
  }

  /**
   * Deletes the messages of some subjects that came before one of this number. A request that was given up and arrives
   * late finds none but those: whatever is put from now on stays.
   */
  async #purge(filter: string, before: number): Promise<void> {
    // The server takes 1 for no bound at all; nothing comes before the first message.
    if (before <= 1) return;
    await this.#call("delete", () => this.#manager.streams.purge(this.#stream, { filter, seq: before }));
  }

  #call<T>(path: string, work: () => Promise<T>): Promise<T> {
    return this.#exchange.run(path, () =>
      work().catch((error: unknown) => {
        throw failureOf(this.#exchange, path, error);
      }),
    );
  }
}

/** Resolves when the client has handed over what it was given to send. */
function afterSending(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** The part of all keys that begin with a byte, as it stands in subjects. */
function partName(part: number): string {
  return part.toString(16).padStart(2, "0");
}

/** The pieces of a chunk, at least one. */
function piecesOf(bytes: Uint8Array): readonly Uint8Array[] {
  const count = Math.max(1, Math.ceil(bytes.length / NATS_PIECE_BYTES));
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * NATS_PIECE_BYTES, (i + 1) * NATS_PIECE_BYTES));
}
