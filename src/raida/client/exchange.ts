import { concatBytes, equalBytes, own } from "../../bytes/index.js";
import { WireError, type Result, type WireErrorCode, type WireIssue } from "../../errors.js";
import {
  encodeRequestHeader,
  REQUEST_HEADER_LEGACY_DEFAULTS,
  RESPONSE_HEADER_LEGACY_SIZE,
  tryDecodeResponseHeaderLegacy,
  Status,
} from "../../codec/gen/raida/index.js";
import type { LinkId } from "../../machine/index.js";
import { BODY_BYTES_MAX, challengeOf, Inbox, responseLength, type RaidaId, type Sink } from "../protocol.js";

/** What one request says, before it has a header. */
export interface Question {
  readonly server: RaidaId;
  readonly group: number;
  readonly command: number;
  /** The body around 12 random bytes. */
  body(challenge: Uint8Array): Uint8Array;
}

/** A proven answer. `body` is what follows the header, trailer included; valid until `done` returns. */
export interface Answer {
  readonly status: Status;
  readonly body: Uint8Array;
}

export type Done = (answer: Result<Answer>) => void;

export type ExchangeEffect =
  | { readonly type: "connect"; readonly link: LinkId; readonly peer: string }
  | { readonly type: "write"; readonly link: LinkId; readonly bytes: Uint8Array }
  | { readonly type: "shut"; readonly link: LinkId };

export interface ExchangesOptions {
  /** "host:port" of each server by its id. */
  readonly servers: readonly string[];
  readonly coinId: number;
  /** Connections to one server at a time; a C server loses what comes at once. */
  readonly maxConnects: number;
  /** An answer that announces more is refused. */
  readonly replyBytesMax: number;
  readonly random: (n: number) => Uint8Array;
  readonly nextLink: () => LinkId;
}

interface Exchange {
  readonly question: Question;
  /** Header and body. */
  readonly request: Uint8Array;
  readonly done: Done;
  readonly inbox: Inbox;
  link: LinkId | undefined;
  isOpen: boolean;
}

/** Handle of an exchange under way. */
export type ExchangeHandle = object;

/**
 * Requests in clear, one a connection, a few at a time for each server. An answer counts when it proves that the
 * request was read.
 */
export class Exchanges {
  readonly #options: ExchangesOptions;
  readonly #byLink = new Map<LinkId, Exchange>();
  readonly #queues = new Map<RaidaId, { busy: number; readonly waiting: Exchange[] }>();

  constructor(options: ExchangesOptions) {
    this.#options = options;
  }

  /** @throws WireError when the question does not fit its format; `limit` when it is longer than a request may be */
  start(question: Question, done: Done, out: Sink<ExchangeEffect>): ExchangeHandle {
    const exchange: Exchange = {
      question,
      request: this.#requestOf(question),
      done,
      inbox: new Inbox(),
      link: undefined,
      isOpen: false,
    };
    const queue = this.#queueOf(question.server);
    if (queue.busy >= this.#options.maxConnects) queue.waiting.push(exchange);
    else this.#connect(exchange, out);
    return exchange;
  }

  /** Gives up; `done` is not called. */
  abandon(handle: ExchangeHandle, out: Sink<ExchangeEffect>): void {
    const exchange = handle as Exchange;
    if (exchange.link === undefined) {
      const { waiting } = this.#queueOf(exchange.question.server);
      const index = waiting.indexOf(exchange);
      if (index >= 0) waiting.splice(index, 1);
    } else if (this.#byLink.has(exchange.link)) {
      this.#release(exchange, out);
    }
  }

  opened(link: LinkId, out: Sink<ExchangeEffect>): void {
    const exchange = this.#byLink.get(link);
    if (exchange === undefined) return;
    exchange.isOpen = true;
    out.push({ type: "write", link, bytes: exchange.request });
  }

  received(link: LinkId, bytes: Uint8Array, out: Sink<ExchangeEffect>): void {
    const exchange = this.#byLink.get(link);
    if (exchange === undefined) return;
    exchange.inbox.push(bytes, this.#options.replyBytesMax);
    const length = responseLength(exchange.inbox.bytes);
    if (length === undefined) return;
    if (length > this.#options.replyBytesMax) {
      this.#finish(
        exchange,
        refusal(exchange, "limit", `at most ${this.#options.replyBytesMax} bytes`, `${length} bytes`),
        out,
      );
    } else if (exchange.inbox.length >= length) {
      this.#finish(exchange, readAnswer(exchange, length), out);
    }
  }

  /** A reset after the whole answer is nothing: the answer has been read and the link forgotten by then. */
  closed(link: LinkId, error: WireIssue | undefined, out: Sink<ExchangeEffect>): void {
    const exchange = this.#byLink.get(link);
    if (exchange === undefined) return;
    const issue = exchange.isOpen
      ? refusal(exchange, "closed", "a whole answer", `${exchange.inbox.length} bytes of it`)
      : refusal(
          exchange,
          "unreachable",
          this.#options.servers[exchange.question.server] ?? "a server",
          error?.actual ?? error?.code ?? "no connection",
        );
    this.#finish(exchange, issue, out);
  }

  #requestOf(question: Question): Uint8Array {
    const { random, coinId } = this.#options;
    const body = question.body(own(random(12)));
    if (body.length > BODY_BYTES_MAX) {
      throw new WireError({
        code: "limit",
        format: "raida",
        path: "coins",
        offset: 0,
        expected: `a body of at most ${BODY_BYTES_MAX} bytes`,
        actual: `${body.length} bytes`,
      });
    }
    const header = encodeRequestHeader({
      ...REQUEST_HEADER_LEGACY_DEFAULTS,
      raidaId: question.server,
      commandGroup: question.group,
      command: question.command,
      coinId,
      bodyLength: body.length,
      nonce: own(random(8)),
    });
    return concatBytes(header, body);
  }

  #connect(exchange: Exchange, out: Sink<ExchangeEffect>): void {
    const { server } = exchange.question;
    const link = this.#options.nextLink();
    exchange.link = link;
    this.#queueOf(server).busy++;
    this.#byLink.set(link, exchange);
    out.push({ type: "connect", link, peer: this.#options.servers[server]! });
  }

  #finish(exchange: Exchange, answer: Result<Answer>, out: Sink<ExchangeEffect>): void {
    this.#release(exchange, out);
    exchange.done(answer);
  }

  /** Closes the link and lets the next one in. */
  #release(exchange: Exchange, out: Sink<ExchangeEffect>): void {
    const link = exchange.link!;
    this.#byLink.delete(link);
    out.push({ type: "shut", link });
    const queue = this.#queueOf(exchange.question.server);
    queue.busy--;
    const next = queue.waiting.shift();
    if (next !== undefined) this.#connect(next, out);
  }

  #queueOf(server: RaidaId): { busy: number; readonly waiting: Exchange[] } {
    let queue = this.#queues.get(server);
    if (queue === undefined) this.#queues.set(server, (queue = { busy: 0, waiting: [] }));
    return queue;
  }
}

/** The answer, if it comes from the server that was asked and repeats what only a reader of the request knows. */
function readAnswer(exchange: Exchange, length: number): Result<Answer> {
  const { question, request, inbox } = exchange;
  const header = tryDecodeResponseHeaderLegacy(inbox.bytes, 0, RESPONSE_HEADER_LEGACY_SIZE);
  if (!header.ok) return header;
  const { raidaId, status, echo, challengeHash } = header.value;
  if (raidaId !== question.server) return refusal(exchange, "unproven", `raida id ${question.server}`, String(raidaId));
  const isProven = echo === ((request[30]! << 8) | request[31]!) && equalBytes(challengeHash, challengeOf(request));
  // Errors that precede the reading of nonce or challenge cannot repeat them, and promise nothing that needs proof.
  if (!isProven && !isEarlyError(status))
    return refusal(exchange, "unproven", "the challenge of the request", "another");
  return {
    ok: true,
    value: { status: status as Status, body: inbox.bytes.subarray(RESPONSE_HEADER_LEGACY_SIZE, length) },
  };
}

function isEarlyError(status: number): boolean {
  return (status > 0 && status <= Status.errorEmptyRequest) || status === Status.errorRouting;
}

function refusal(
  { question }: Exchange,
  code: WireErrorCode,
  expected: string,
  actual: string,
): { ok: false; error: WireIssue } {
  return {
    ok: false,
    error: { code, format: "raida", path: `server[${question.server}]`, offset: 0, expected, actual },
  };
}
