/**
 * A server that speaks as much of S3 as chunks need: objects of one bucket in memory, by path. It checks that requests
 * are signed, and that their bytes are those that were signed.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An object. */
interface StoredObject {
  bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** A running stub. */
export interface S3Stub {
  readonly endpoint: string;
  readonly objects: Map<string, StoredObject>;
  /** How the next requests are answered instead; a status, or `hang`. */
  faults: (number | "hang")[];
  close(): Promise<void>;
}

/** Starts a stub with one bucket. */
export async function startS3Stub(bucket: string): Promise<S3Stub> {
  const objects = new Map<string, StoredObject>();
  const stub: S3Stub = { endpoint: "", objects, faults: [], close };
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  async function close(): Promise<void> {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  }
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const fault = stub.faults.shift();
    if (fault === "hang") return;
    const refusal = fault === undefined ? refusalOf(request, body) : ([fault, "SlowDown"] as const);
    if (refusal !== undefined) return fail(response, ...refusal);
    const url = new URL(request.url!, "http://stub");
    const [, name, ...rest] = url.pathname.split("/");
    if (name !== bucket) return fail(response, 404, "NoSuchBucket");
    const key = decodeURIComponent(rest.join("/"));
    if (key === "") return list(objects, url.searchParams, response);
    const object = objects.get(key);
    if (request.method === "PUT") {
      const metadata = Object.entries(request.headers).filter(([header]) => header.startsWith("x-amz-meta-"));
      objects.set(key, { bytes: body, headers: Object.fromEntries(metadata) as Record<string, string> });
      response.setHeader("etag", `"${createHash("md5").update(body).digest("hex")}"`).end();
    } else if (request.method === "DELETE") {
      objects.delete(key);
      response.writeHead(204).end();
    } else if (object === undefined) fail(response, 404, "NoSuchKey");
    else {
      response.writeHead(200, { ...object.headers, "content-length": object.bytes.length });
      response.end(request.method === "HEAD" ? undefined : object.bytes);
    }
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(stub, { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

function refusalOf({ headers }: IncomingMessage, body: Buffer): readonly [number, string] | undefined {
  if (headers.authorization?.startsWith("AWS4-HMAC-SHA256 Credential=") !== true) return [403, "AccessDenied"];
  const signed = headers["x-amz-content-sha256"];
  if (signed === "UNSIGNED-PAYLOAD") return undefined;
  const actual = createHash("sha256").update(body).digest("hex");
  return signed === actual ? undefined : [400, "XAmzContentSHA256Mismatch"];
}

function list(objects: ReadonlyMap<string, unknown>, query: URLSearchParams, response: ServerResponse): void {
  const [prefix, after, most] = [query.get("prefix") ?? "", query.get("start-after") ?? "", query.get("max-keys")];
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
  const page = keys.slice(0, Number(most ?? 1000));
  const contents = page.map((key) => `<Contents><Key>${key}</Key></Contents>`).join("");
  response.setHeader("content-type", "application/xml");
  response.end(
    `<?xml version="1.0"?><ListBucketResult><IsTruncated>${page.length < keys.length}</IsTruncated>${contents}</ListBucketResult>`,
  );
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}
