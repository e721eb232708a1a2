/** The members of etcd, asked one after the other by their JSON gateway, as a user of it or without one. */
import { Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import type { TLSSocket } from "node:tls";
import { parseAddress } from "../../../../address.js";
import { argumentError, isWireError } from "../../../../errors.js";
import { requestIssue } from "../../../../transport/http/failures.js";
import { loadCredentials, type TlsCredentials } from "../../../../transport/tls/credentials.js";
import type { Attempt, Exchange } from "../../exchange/node.js";
import { isTokenRefused, isUserRefused, mayPass, replyOf } from "../gateway.js";

/** Who asks, in a cluster that knows users. */
export interface EtcdUser {
  readonly name: string;
  readonly password: string;
}

/** How members are reached. */
export interface EtcdMembersOptions {
  /** The members: "host:port", or URLs that begin with `http:` or `https:`. */
  readonly endpoints: readonly string[];
  /** The user of the cluster. Default none. */
  readonly user?: EtcdUser;
  /** Authorities of members at `https:`, and this side's certificate and key. Default: those of Node.js, and none. */
  readonly tls?: TlsCredentials;
  /** Headers of every request, for a proxy before the members. Never logged. Default none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Carries requests instead of `node:http` and `node:https`. */
  readonly fetch?: typeof fetch;
}

/** An answer, whatever its status. */
interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Where a member is asked: parsed once, not for each request. */
interface Member {
  /** Its URL without a slash at the end. */
  readonly url: string;
  readonly isSecure: boolean;
  readonly hostname: string;
  readonly port: string | undefined;
  /** What the paths of its gateway begin with. */
  readonly path: string;
}

type Post = (
  member: Member,
  method: string,
  headers: Record<string, string>,
  body: string,
  attempt: Attempt,
) => Promise<Answer>;

/** Asks members, the next one after a failure. */
export class Members {
  readonly #exchange: Exchange;
  readonly #all: readonly Member[];
  readonly #headers: Readonly<Record<string, string>>;
  readonly #user: EtcdUser | undefined;
  readonly #post: Post;
  readonly #close: () => void;
  /** The member that is asked. */
  #member = 0;
  /** What a member gave for the name and the password. */
  #token: string | undefined;

  /** @throws WireError `argument` */
  constructor(format: string, exchange: Exchange, replyBytesMax: number, options: EtcdMembersOptions) {
    const { endpoints, user, headers = {}, tls = {} } = options;
    this.#exchange = exchange;
    this.#all = endpoints.map((endpoint) => memberOf(format, endpoint));
    if (this.#all.length === 0) throw argumentError(format, "endpoints", "at least one member", "none");
    if (user?.name === "") throw argumentError(format, "user", "a name", "an empty one");
    this.#user = user;
    this.#headers = headers;
    if (options.fetch === undefined) [this.#post, this.#close] = postOverNode(exchange, replyBytesMax, tls);
    else [this.#post, this.#close] = [postOver(options.fetch, replyBytesMax), () => {}];
  }

  close(): void {
    this.#close();
  }

  /**
   * Asks one member.
   * @param body as JSON
   * @throws WireError for a refusal, any other error where the next member may do it
   */
  async ask<Reply>(method: string, body: string, attempt: Attempt): Promise<Reply> {
    const member = this.#member;
    try {
      return await this.#askAs<Reply>(this.#all[member]!, method, body, attempt);
    } catch (error) {
      // Of calls that failed together, the first moves all on.
      if (!isWireError(error) && this.#member === member) this.#member = (member + 1) % this.#all.length;
      throw error;
    }
  }

  async #askAs<Reply>(member: Member, method: string, body: string, attempt: Attempt): Promise<Reply> {
    if (this.#user === undefined) return this.#request(member, method, body, undefined, attempt);
    for (let refusals = 0; ; refusals++) {
      const token = (this.#token ??= await this.#authenticate(member, this.#user, attempt));
      try {
        return await this.#request(member, method, body, token, attempt);
      } catch (error) {
        // Tokens end by themselves, and with the member that gave them. What was refused has done nothing.
        if (!(error instanceof TokenRefused) || refusals > 0) throw error;
        if (this.#token === token) this.#token = undefined;
      }
    }
  }

  /** A token for the user; empty where the cluster knows no users. */
  async #authenticate(member: Member, { name, password }: EtcdUser, attempt: Attempt): Promise<string> {
    const { token = "" } = await this.#request<{ readonly token?: string }>(
      member,
      "auth/authenticate",
      JSON.stringify({ name, password }),
      undefined,
      attempt,
    );
    return token;
  }

  async #request<Reply>(
    member: Member,
    method: string,
    body: string,
    token: string | undefined,
    attempt: Attempt,
  ): Promise<Reply> {
    const headers = {
      "content-type": "application/json",
      ...this.#headers,
      ...(token !== undefined && token !== "" && { authorization: token }),
    };
    const { status, text } = await this.#post(member, method, headers, body, attempt);
    if (status === 200) return replyOf(text) as Reply;
    const { code, message } = parsed(status, text);
    if (isTokenRefused(code, message)) throw new TokenRefused(message);
    if (method === "auth/authenticate" && message.includes("not enabled")) return {} as Reply;
    if (isUserRefused(code, message, this.#user !== undefined))
      throw this.#exchange.error("credentials", method, message);
    if (mayPass(code, message)) throw new Error(message);
    throw this.#exchange.error("storage", method, message);
  }
}

/** From here on, a body is sent as bytes. */
const LONG_BODY_CHARS = 16_384;

/** A member does not know the token, or no longer. */
class TokenRefused extends Error {}

/** @throws WireError `argument` */
function memberOf(format: string, endpoint: string): Member {
  const text = /^https?:\/\//.test(endpoint) ? endpoint : `http://${endpoint}`;
  if (text !== endpoint) parseAddress(endpoint);
  // What is refused is not shown: it may hold a password.
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw argumentError(format, "endpoints", "host:port or a URL", "another text");
  if (url.username !== "" || url.password !== "") {
    throw argumentError(format, "endpoints", "no user: it is an option of its own", "a URL with one");
  }
  const withoutSlash = (path: string): string => path.replace(/(?<!\/)\/+$/, "");
  return {
    url: withoutSlash(text),
    isSecure: url.protocol === "https:",
    // A socket takes an IPv6 address without brackets.
    hostname: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? undefined : url.port,
    path: withoutSlash(url.pathname),
  };
}

/** Requests over connections that are kept, by `node:http`: it takes half the processor time of `fetch`. */
function postOverNode(exchange: Exchange, replyBytesMax: number, tls: TlsCredentials): [Post, () => void] {
  const { options, hasCertificate } = loadCredentials(tls, "TLSv1.2");
  const plain = new PlainAgent({ keepAlive: true });
  const secure = new TlsAgent({ keepAlive: true, ...options });
  const post: Post = ({ url, isSecure, hostname, port, path }, method, headers, body, attempt) =>
    new Promise((resolve, reject) => {
      // A short text leaves in one write with the head; a long one is faster as bytes.
      const content = body.length < LONG_BODY_CHARS ? body : Buffer.from(body);
      const settings = {
        method: "POST",
        hostname,
        port,
        path: `${path}/v3/${method}`,
        headers: { ...headers, "content-length": Buffer.byteLength(content) },
      };
      const request = isSecure
        ? tlsRequest({ ...settings, agent: secure })
        : plainRequest({ ...settings, agent: plain });
      attempt.onGivenUp((reason) => request.destroy(reason as Error));
      let isSent = false;
      request.on("finish", () => (isSent = true));
      request.on("error", (error) => {
        const verification = (request.socket as TLSSocket | null)?.authorizationError as unknown as string | undefined;
        const issue = requestIssue({ origin: new URL(url).origin, error, isSent, verification, hasCertificate });
        const isRefused = ["certificate", "credentials", "negotiation"].includes(issue.code);
        reject(isSecure && isRefused ? exchange.error(issue.code, "tls", issue.actual ?? "", error) : error);
      });
      request.on("response", (response) => {
        const parts: Buffer[] = [];
        let length = 0;
        response.on("data", (part: Buffer) => {
          length += part.length;
          parts.push(part);
          if (length > replyBytesMax) response.destroy(tooLong(replyBytesMax));
        });
        response.on("error", reject);
        response.on("end", () => {
          attempt.onGivenUp(undefined);
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts, length).toString() });
        });
      });
      request.end(content);
    });
  const close = (): void => {
    plain.destroy();
    secure.destroy();
  };
  return [post, close];
}

function postOver(carry: typeof fetch, replyBytesMax: number): Post {
  return async ({ url }, method, headers, body, { signal }) => {
    const response = await carry(`${url}/v3/${method}`, { method: "POST", headers, body, signal });
    const parts: Uint8Array[] = [];
    let length = 0;
    // The library of types does not know that the streams of the platform can be iterated.
    for await (const part of (response.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
      length += part.length;
      if (length > replyBytesMax) throw tooLong(replyBytesMax);
      parts.push(part);
    }
    return { status: response.status, text: Buffer.concat(parts).toString() };
  };
}

function tooLong(replyBytesMax: number): Error {
  return new Error(`an answer of more than ${replyBytesMax} bytes`);
}

/** What the gateway says of a refusal, by its gRPC code; what another says before it, by its status. */
function parsed(status: number, text: string): { readonly code: number; readonly message: string } {
  let said: { readonly code?: unknown; readonly message?: unknown } | undefined;
  try {
    said = JSON.parse(text) as typeof said;
  } catch {
    // A text: of the listener before the gateway, or of a proxy.
  }
  const { code, message } = said ?? {};
  if (typeof code === "number" && typeof message === "string") return { code, message };
  const mayPassLater = status < 400 || status >= 500 || status === 408 || status === 429;
  const line = text.slice(0, SAID_MAX).split("\n", 1)[0]!;
  return { code: mayPassLater ? UNKNOWN : FAILED_PRECONDITION, message: `status ${status} ${line}`.trim() };
}

/** gRPC codes. */
const [UNKNOWN, FAILED_PRECONDITION] = [2, 9];
/** Characters of what is no answer of etcd. */
const SAID_MAX = 200;
