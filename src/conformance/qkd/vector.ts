/** The HTTP vectors of QKD recordings, read from JSON. */
import type { Field } from "../field.js";

/** A recorded exchange with a KME. */
export interface QkdVector {
  readonly name: string;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** A JSON value; `rawBody` where the text was sent as it stands. */
  readonly body: unknown;
  readonly rawBody: boolean;
  /** Undefined where no reply came. */
  readonly reply: RecordedReply | undefined;
  /** What the recording client says of an exchange without a reply; empty where there is one. */
  readonly trouble: string;
  /** Which KME, by name. */
  readonly kme: string;
  readonly profile: string;
  readonly sequence: string;
  readonly step: number;
  /** The label of the certificate that the client showed; undefined for none. */
  readonly clientCertificate: string | undefined;
  /** How the client verified the server: `ca-nohost`, `ca`, `wrong-ca`, `tls1.1`. */
  readonly verification: string;
  readonly isSecure: boolean;
}

/** What came back. */
export interface RecordedReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Reads one vector. @throws WireError `argument` with the path of the first wrong field */
export function readVector(field: Field): QkdVector {
  const request = field.get("request");
  const tls = field.get("tls");
  const certificate = tls.exists ? tls.get("client_cert") : tls;
  const name = field.get("name").text();
  const text = (member: Field, otherwise: string): string => (member.isGiven ? member.text() : otherwise);
  const step = field.get("step");
  return {
    name,
    method: request.get("method").text(),
    path: request.get("path").text(),
    body: request.get("body").value ?? undefined,
    rawBody: request.get("body_is_raw_text").value === true,
    reply: readReply(field.get("response")),
    trouble: readTrouble(field.get("transport_error")),
    kme: text(field.get("kme"), ""),
    profile: text(field.get("profile"), ""),
    // A vector that names none stands alone.
    sequence: text(field.get("sequence"), name),
    step: step.isGiven ? step.integer(1, 1_000_000) : 1,
    clientCertificate: certificate.isGiven ? certificate.text() : undefined,
    verification: tls.exists ? text(tls.get("server_verify"), "ca-nohost") : "ca-nohost",
    isSecure: !tls.exists || text(tls.get("scheme"), "https") !== "http",
  };
}

function readTrouble(error: Field): string {
  return error.isGiven ? error.get("message").text() : "";
}

function readReply(response: Field): RecordedReply | undefined {
  const status = response.get("status");
  if (!status.isGiven) return undefined;
  const headers = response.get("headers");
  const { value: body } = response.get("body");
  const text = body === undefined || body === null ? "" : typeof body === "string" ? body : JSON.stringify(body);
  return {
    status: status.integer(100, 599),
    headers: headers.isGiven
      ? Object.fromEntries(headers.members().map(([name, value]) => [name.toLowerCase(), value.text()]))
      : {},
    body: new TextEncoder().encode(text),
  };
}
