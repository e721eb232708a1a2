/** One HTTP request of a client. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { concatBytes, wipe } from "../../bytes/index.js";
import type { HttpResponse } from "../../http.js";
import type { PeerIdentity } from "../../identity.js";
import type { IncomingExchange, Receiver } from "../types.js";
import { headersOf } from "./outgoing.js";

/** What a server does with the requests of its clients. */
export interface ServerRules {
  readonly receiver: Receiver;
  readonly bodyBytesMax: number;
  /** No more requests are expected of a connection. */
  isRefusing(): boolean;
}

/** Collects the body of a request, and hands it to the receiver. */
export function serveRequest(
  message: IncomingMessage,
  response: ServerResponse,
  peer: string,
  identity: PeerIdentity | undefined,
  { receiver, bodyBytesMax, isRefusing }: ServerRules,
): void {
  const chunks: Buffer[] = [];
  let receivedBytes = 0;
  const refuse = (status: number): void => {
    chunks.length = 0;
    receivedBytes = Infinity;
    if (!response.headersSent) response.writeHead(status, { connection: "close" }).end();
  };
  message.on("error", () => {});
  response.on("error", () => {});
  if (Number(message.headers["content-length"] ?? 0) > bodyBytesMax) {
    refuse(413);
    message.resume();
    return;
  }
  message.on("data", (chunk: Buffer) => {
    if (receivedBytes === Infinity) return;
    receivedBytes += chunk.length;
    if (receivedBytes > bodyBytesMax) refuse(413);
    else chunks.push(chunk);
  });
  message.once("end", () => {
    if (receivedBytes === Infinity || response.destroyed) return;
    const { method = "", url: path = "" } = message;
    const body = concatBytes(...chunks);
    const over = receiver.requested?.({
      peer,
      identity,
      request: { method, path, headers: headersOf(message), body },
      ...answersOf(response, isRefusing),
    });
    // A request may hold secrets.
    wipe(body);
    for (const chunk of chunks) wipe(chunk);
    if (over === undefined) refuse(503);
    else response.once("close", over);
  });
}

function answersOf(response: ServerResponse, isRefusing: () => boolean): Pick<IncomingExchange, "respond" | "abort"> {
  return {
    respond({ status, headers = {}, body = new Uint8Array(0) }: HttpResponse) {
      if (response.headersSent || response.destroyed) return;
      try {
        response.writeHead(status, { ...headers, ...(isRefusing() && { connection: "close" }) });
        response.end(body);
      } catch {
        // A status or a field that HTTP cannot carry: the client learns that this server is at fault.
        response.writeHead(500).end();
      }
    },
    abort: () => void response.destroy(),
  };
}
