/** A running pair of development KMEs with certificates of its own, and plain requests to it. */
import { request as httpsRequest, type RequestOptions } from "node:https";
import { afterAll, beforeAll } from "vitest";
import { makeKmeCertificates } from "../../../src/cli/qkd/kme-certificates.js";
import type { KmeCertificates, KmeCredentials } from "../../../src/protocols/qkd/kme/credentials.js";
import {
  pinned,
  startKmePair,
  type RunningKmePair,
  type StartKmePairOptions,
} from "../../../src/protocols/qkd/kme/node.js";
import { DEFAULT_KME_IDS } from "../../../src/protocols/qkd/kme/pair.js";

type Tls = NonNullable<StartKmePairOptions["tls"]>;

/** Options of {@link KmeHarness.start}. */
export interface HarnessOptions extends Omit<StartKmePairOptions, "tls" | "ids"> {
  readonly tls?: Pick<Tls, "minVersion" | "maxVersion">;
  /** Certificates of the servers have a common name alone. */
  readonly cnOnly?: boolean;
  /** The IDs of both KMEs, if other ones than by default. */
  readonly kmeIds?: readonly [string, string];
}

/** A reply, or the code of the error and what OpenSSL says of it. */
export type Answer =
  | { readonly status: number; readonly text: string; readonly type: string }
  | { readonly error: string; readonly reason: string };

type Failure = NodeJS.ErrnoException & { readonly reason?: string };

/** Certificates for the tests of a file, and the pairs that its tests start. */
export class KmeHarness {
  certificates!: KmeCertificates;
  #cnOnly!: KmeCertificates;
  readonly #pairs: RunningKmePair[] = [];

  constructor() {
    beforeAll(async () => {
      this.certificates = await makeKmeCertificates({ ids: DEFAULT_KME_IDS, hosts: ["localhost", "127.0.0.1"] });
      this.#cnOnly = await makeKmeCertificates({ ids: DEFAULT_KME_IDS, hosts: [] });
    });
    afterAll(() => this.closeAll());
  }

  async start({ tls, cnOnly = false, kmeIds, ...options }: HarnessOptions = {}): Promise<RunningKmePair> {
    const certificates = cnOnly ? this.#cnOnly : this.certificates;
    const [one, other] = pinned(DEFAULT_KME_IDS, certificates);
    const [oneId = one.kmeId, otherId = other.kmeId] = kmeIds ?? [];
    const pair = await startKmePair({
      ...options,
      ids: [
        { ...one, kmeId: oneId },
        { ...other, kmeId: otherId },
      ],
      tls: { authorities: certificates.authority, servers: certificates.servers, ...tls },
    });
    this.#pairs.push(pair);
    return pair;
  }

  /** The certificates of a pair that was started with `cnOnly`. */
  get cnOnly(): KmeCertificates {
    return this.#cnOnly;
  }

  async closeAll(): Promise<void> {
    await Promise.all(this.#pairs.splice(0).map((pair) => pair.close()));
  }

  /** A request by node:https alone. @param credentials undefined shows no certificate */
  ask(
    url: string,
    credentials: KmeCredentials | undefined = this.certificates.saes[0].good,
    { body, ...options }: RequestOptions & { readonly body?: unknown } = {},
  ): Promise<Answer> {
    return new Promise((resolve) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const request = httpsRequest(
        url,
        {
          ca: this.certificates.authority,
          ...(credentials !== undefined && { cert: credentials.certificate, key: credentials.key }),
          agent: false,
          method: text === undefined ? "GET" : "POST",
          headers: text === undefined ? {} : { "content-type": "application/json" },
          ...options,
        },
        (response) => {
          let received = "";
          response.setEncoding("utf8").on("data", (part: string) => (received += part));
          response.on("error", (error: Failure) =>
            resolve({ error: error.code ?? "", reason: error.reason ?? error.message }),
          );
          response.on("end", () =>
            resolve({
              status: response.statusCode!,
              text: received,
              type: response.headers["content-type"] ?? "",
            }),
          );
        },
      );
      request.on("error", (error: Failure) =>
        resolve({ error: error.code ?? "", reason: error.reason ?? error.message }),
      );
      request.end(text);
    });
  }
}
