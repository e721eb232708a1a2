/** Requests to a development KME and its replies: JSON, or pages as web servers write them. */
import type { KmeDialect } from "./dialects.js";

/** A request as a server received it. */
export interface KmeRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** SHA-256 of the client's certificate in hex; undefined over plain HTTP. */
  readonly clientSha256?: string | undefined;
}

/** A reply to send. */
export interface KmeReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Status lines and sentences of Werkzeug. */
const PAGES: Readonly<Record<number, readonly [title: string, text: string]>> = {
  400: ["Bad Request", "The browser (or proxy) sent a request that this server could not understand."],
  401: [
    "Unauthorized",
    "The server could not verify that you are authorized to access the URL requested. You either supplied the wrong " +
      "credentials (e.g. a bad password), or your browser doesn&#39;t understand how to supply the credentials required.",
  ],
  404: [
    "Not Found",
    "The requested URL was not found on the server. If you entered the URL manually please check your spelling and " +
      "try again.",
  ],
  405: ["Method Not Allowed", "The method is not allowed for the requested URL."],
  429: ["Too Many Requests", "This user has exceeded an allotted request count. Try again later."],
  500: [
    "Internal Server Error",
    "The server encountered an internal error and was unable to complete your request. Either the server is overloaded " +
      "or there is an error in the application.",
  ],
  502: ["Bad Gateway", "The proxy server received an invalid response from an upstream server."],
  503: ["Service Unavailable", "The server is temporarily unable to service your request."],
  504: ["Gateway Timeout", "The connection to an upstream server timed out."],
};

/** A page of a status, with its own sentence or a given one. */
export function page(status: number, text?: string, headers: Readonly<Record<string, string>> = {}): KmeReply {
  const [title, sentence] = PAGES[status] ?? ["Error", "The request failed."];
  const body =
    `<!doctype html>\n<html lang=en>\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n` +
    `<p>${text ?? sentence}</p>\n`;
  return reply(status, "text/html; charset=utf-8", body, headers);
}

/** A reply of JSON. */
export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): KmeReply {
  return reply(status, "application/json", `${JSON.stringify(value)}\n`, headers);
}

/** An error in the words of a KME, in the form of its dialect. */
export function refusal({ errors }: KmeDialect, status: number, message: string): KmeReply {
  if (errors === "html") return page(status, message);
  return json(status, errors === "detail" ? { detail: message } : { message });
}

/** A value that the framework of a KME refuses before the KME sees it: 422. */
export function invalid({ errors }: KmeDialect, place: readonly string[], message: string): KmeReply {
  const details = [{ loc: place, msg: message, type: "value_error" }];
  if (errors === "html") return page(422, message);
  return json(422, errors === "detail" ? { detail: details } : { message: "Validation error", details });
}

function reply(status: number, type: string, body: string, headers: Readonly<Record<string, string>>): KmeReply {
  return { status, headers: { "content-type": type, ...headers }, body: new TextEncoder().encode(body) };
}
