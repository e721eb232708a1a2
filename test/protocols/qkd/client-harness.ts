/** Clients of a running pair of development KMEs. */
import { afterEach } from "vitest";
import { createQkdClient, type CreateQkdClientOptions, type QkdClient } from "../../../src/protocols/qkd/node.js";
import type { RunningKmePair } from "../../../src/protocols/qkd/kme/node.js";
import { QkdError, type QkdIssue, type QkdMetric } from "../../../src/protocols/qkd/index.js";
import type { LogEntry } from "../../../src/machine/index.js";
import { KmeHarness, type HarnessOptions } from "./kme-harness.js";

/** The SAEs of a pair. */
export const [ALICE, BOB] = ["alice", "bob"];

/** A client with what it has logged and measured. */
export interface Watched extends QkdClient {
  readonly logs: LogEntry[];
  readonly metrics: QkdMetric[];
}

/** Pairs of KMEs and their clients, which end with each test. */
export class ClientHarness {
  readonly kmes = new KmeHarness();
  readonly #clients: QkdClient[] = [];

  constructor() {
    afterEach(async () => {
      await Promise.all(this.#clients.splice(0).map((client) => client.close()));
      await this.kmes.closeAll();
    });
  }

  /** A client of one of the SAEs: 0 is alice, 1 is bob. */
  client(pair: RunningKmePair, sae: 0 | 1, options: Partial<CreateQkdClientOptions> = {}): Watched {
    const { certificate, key } = this.kmes.certificates.saes[sae].good;
    const logs: LogEntry[] = [];
    const metrics: QkdMetric[] = [];
    const client = createQkdClient({
      saeId: [ALICE, BOB][sae]!,
      endpoints: [{ url: pair.kmes[sae].url }],
      tls: { ca: this.kmes.certificates.authority, cert: certificate, key },
      retryDelayMs: 1,
      log: (entry) => logs.push(entry),
      metrics: (metric) => metrics.push(metric),
      ...options,
    });
    this.#clients.push(client);
    return Object.assign(client, { logs, metrics });
  }

  /** A pair and a client of each SAE. */
  async pair(options: HarnessOptions = {}, ofClients: Partial<CreateQkdClientOptions> = {}) {
    const pair = await this.kmes.start(options);
    return { pair, alice: this.client(pair, 0, ofClients), bob: this.client(pair, 1, ofClients) };
  }
}

/** What a call is refused with. */
export async function refusal(call: Promise<unknown>): Promise<QkdIssue> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof QkdError) return error.toJSON();
  throw new Error(`expected a QkdError, got ${String(error)}`, { cause: error });
}
