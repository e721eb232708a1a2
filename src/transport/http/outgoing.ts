/** One HTTP request by `node:http` or `node:https`. */
import { request as requestPlain, type ClientRequest, type IncomingMessage } from "node:http";
import { request as requestSecure } from "node:https";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { concatBytes, wipe } from "../../bytes/index.js";
import { WireError, type WireIssue } from "../../errors.js";
import { parseOrigin, type HttpHeaders, type HttpRequest } from "../../http.js";
import type { ExchangeHandler, OutgoingExchange } from "../types.js";
import { httpIssue, requestIssue } from "./failures.js";
import type { Pool } from "./pool.js";

/** Bounds of one request. */
export interface RequestRules {
  readonly bodyBytesMax: number;
  readonly handshakeTimeoutMs: number;
}

/** A request on its way. `closed` is called once, when it holds no connection any more. */
export class Outgoing implements OutgoingExchange {
  readonly #request: HttpRequest;
  readonly #handler: ExchangeHandler;
  readonly #pool: Pool;
  readonly #rules: RequestRules;
  readonly #message: ClientRequest | undefined;
  readonly #chunks: Uint8Array[] = [];
  #receivedBytes = 0;
  #isSent = false;
  #isOver = false;
  #handshakeTimer: NodeJS.Timeout | undefined;

  constructor(request: HttpRequest, handler: ExchangeHandler, pool: Pool, rules: RequestRules, closed: () => void) {
    this.#request = request;
    this.#handler = handler;
    this.#pool = pool;
    this.#rules = rules;
    const message = this.#begin(closed);
    if (message instanceof WireError) {
      queueMicrotask(() => {
        closed();
        this.#fail(message.toJSON());
      });
    } else this.#message = message;
  }

  abort(): void {
    this.#end();
    this.#message?.destroy();
  }

  #begin(closed: () => void): ClientRequest | WireError {
    const { origin, server, headers = {}, body } = this.#request;
    const target = parseOrigin(origin);
    if (target === undefined) return refusal(origin, "an origin, http or https, without a path", origin);
    // Who has to be somebody cannot be a server that proves nothing.
    if (!target.isSecure && server !== undefined) return new WireError(httpIssue("certificate", origin, "missing"));
    try {
      const options = { ...this.#pool.optionsOf(this.#request, target), headers: { ...headers } };
      const message = target.isSecure ? requestSecure(options) : requestPlain(options);
      message.on("socket", (socket) => this.#onSocket(socket, target.isSecure ? "secureConnect" : "connect"));
      message.on("response", (answer) => this.#onAnswer(answer));
      message.on("error", (error) => this.#onError(error));
      message.once("close", () => {
        // Without an answer and without an error, as after an upgrade that nobody has asked for.
        this.#onError(Object.assign(new Error("no answer"), { code: "ECONNRESET" }));
        closed();
      });
      message.end(body === undefined ? undefined : Buffer.from(body.buffer, body.byteOffset, body.length));
      return message;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return refusal(origin, "a request that can be sent", code ?? message);
    }
  }

  #onSocket(socket: Socket, opened: "connect" | "secureConnect"): void {
    if (this.#pool.isReady(socket)) return this.#sent();
    socket.once(opened, () => {
      this.#pool.ready(socket);
      this.#sent();
    });
    const late = new WireError(httpIssue("timeout", this.#request.origin, "no connection in time"));
    this.#handshakeTimer = setTimeout(() => this.#message?.destroy(late), this.#rules.handshakeTimeoutMs);
  }

  #sent(): void {
    clearTimeout(this.#handshakeTimer);
    if (this.#isOver || this.#isSent) return;
    this.#isSent = true;
    this.#handler.sent();
  }

  #onAnswer(answer: IncomingMessage): void {
    const { headers } = answer;
    const coding = headers["content-encoding"];
    this.#pool.answered(this.#message!, headers["keep-alive"] as string | undefined);
    answer.on("error", (error) => this.#onError(error));
    if (coding !== undefined && coding !== "identity") return this.#refuse("negotiation", "coded");
    if (Number(headers["content-length"] ?? 0) > this.#bodyBytesMax) return this.#refuse("limit", "body");
    answer.on("data", (chunk: Buffer) => this.#onChunk(chunk));
    answer.once("end", () => this.#onEnd(answer));
  }

  get #bodyBytesMax(): number {
    return this.#request.bodyBytesMax ?? this.#rules.bodyBytesMax;
  }

  #onChunk(chunk: Buffer): void {
    this.#receivedBytes += chunk.length;
    if (this.#isOver) wipe(chunk);
    else this.#chunks.push(chunk);
    if (this.#receivedBytes > this.#bodyBytesMax) this.#refuse("limit", "body");
  }

  #onEnd(answer: IncomingMessage): void {
    if (this.#isOver || !answer.complete) return;
    const body = concatBytes(...this.#chunks);
    this.#end();
    this.#handler.answered({ status: answer.statusCode!, headers: headersOf(answer), body });
    // An answer may hold keys.
    wipe(body);
  }

  #refuse(code: "limit" | "negotiation", actual: string): void {
    this.#fail(httpIssue(code, this.#request.origin, actual));
    this.#message!.destroy();
  }

  #onError(error: Error): void {
    const { hasCertificate } = this.#pool.credentials;
    const socket = this.#message?.socket as TLSSocket | null | undefined;
    const verification = socket?.authorizationError as unknown as string | null | undefined;
    const { origin } = this.#request;
    this.#fail(requestIssue({ origin, error, isSent: this.#isSent, verification, hasCertificate }));
    this.#message?.destroy();
  }

  #fail(issue: WireIssue): void {
    if (this.#isOver) return;
    this.#end();
    this.#handler.failed(issue);
  }

  #end(): void {
    this.#isOver = true;
    clearTimeout(this.#handshakeTimer);
    for (const chunk of this.#chunks.splice(0)) wipe(chunk);
  }
}

/** Header fields as text: Node.js keeps `set-cookie` as a list. */
export function headersOf({ headers }: IncomingMessage): HttpHeaders {
  const fields = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields.map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value!]));
}

function refusal(origin: string, expected: string, actual: string): WireError {
  return new WireError({ code: "argument", format: "http", path: String(origin), expected, actual: String(actual) });
}
