/** Exchanges that ended without a reply: our client meets the same trouble at a development KME. */
import { startKmePair, pinned, type RunningKmePair } from "../../protocols/qkd/kme/node.js";
import { DEFAULT_KME_IDS } from "../../protocols/qkd/kme/pair.js";
import type { KmeCertificates, KmeCredentials, MakeKmeCertificates } from "../../protocols/qkd/kme/credentials.js";
import type { KmeFault } from "../../protocols/qkd/kme/faults.js";
import { QkdError, type QkdReason } from "../../protocols/qkd/index.js";
import { createQkdClient, type CreateQkdClientOptions, type QkdTls } from "../../protocols/qkd/node.js";
import { shortened, type Outcome } from "../verdict.js";
import { intentOf } from "./intent.js";
import type { QkdVector } from "./vector.js";

/** What went wrong. */
type Trouble = "no certificate" | "refused certificate" | "host name" | "authority" | "version" | "timeout" | "reset";

/** What a call has to end with. */
const DEMANDED: Readonly<Record<Trouble, readonly QkdReason[]>> = {
  "no certificate": ["AUTH"],
  // A server on Node.js resets where OpenSSL sends an alert.
  "refused certificate": ["AUTH", "CONNECTION_LOST", "CONNECTION"],
  "host name": ["TLS_SERVER"],
  authority: ["TLS_SERVER"],
  version: ["TLS_PROTOCOL"],
  timeout: ["TIMEOUT"],
  reset: ["CONNECTION_LOST"],
};

/** Troubles in which a KME hears nothing of a request. */
const BEFORE_THE_REQUEST = new Set<Trouble>([
  "no certificate",
  "refused certificate",
  "host name",
  "authority",
  "version",
]);

/** Short times: nothing else is waited for. */
const TIMES = { timeoutMs: 400, retryDelayMs: 1, retryAttempts: 1, totalTimeoutMs: 30_000 } as const;

/** Plays vectors without a reply. */
export class Unanswered {
  readonly #make: MakeKmeCertificates;
  #certificates: Promise<KmeCertificates> | undefined;

  constructor(make: MakeKmeCertificates) {
    this.#make = make;
  }

  async outcomeOf(vector: QkdVector): Promise<Outcome> {
    // Like those that were recorded, the servers have a common name alone.
    const certificates = await (this.#certificates ??= this.#make({ ids: DEFAULT_KME_IDS, hosts: [] }));
    const trouble = troubleOf(vector);
    const pair = await startKmePair({
      ids: pinned(DEFAULT_KME_IDS, certificates),
      tls: {
        authorities: certificates.authority,
        servers: certificates.servers,
        ...(trouble === "version" && { maxVersion: "TLSv1.2" as const }),
      },
      faults: faultsOf(trouble, vector),
    });
    try {
      return await play(vector, trouble, pair, certificates);
    } finally {
      await pair.close();
    }
  }
}

async function play(
  vector: QkdVector,
  trouble: Trouble,
  { kmes }: RunningKmePair,
  certificates: KmeCertificates,
): Promise<Outcome> {
  const intent = intentOf(vector);
  const index = vector.kme === DEFAULT_KME_IDS[1].saeId ? 1 : 0;
  const peer = DEFAULT_KME_IDS[index === 0 ? 1 : 0].saeId;
  const options: CreateQkdClientOptions = {
    saeId: DEFAULT_KME_IDS[index].saeId,
    endpoints: [{ url: kmes[index].url }],
    tls: tlsOf(vector, trouble, certificates, index),
    ...TIMES,
  };
  const client = createQkdClient(options);
  let error: unknown;
  try {
    if (intent.call === "enc") await client.encKeys(peer, { number: Number(intent.number) });
    else if (intent.call === "dec") await client.decKeys(peer, intent.keyIds as readonly string[]);
    // A connection fails whatever is asked over it.
    else await client.status(peer);
  } catch (thrown) {
    error = thrown;
  } finally {
    await client.close();
  }
  if (!(error instanceof QkdError))
    return differs(error === undefined ? "the call succeeded" : shortened(String(error)));
  const { reason, keyMayBeConsumed, attempts } = error;
  const isLost = (intent.call === "enc" || intent.call === "dec") && !BEFORE_THE_REQUEST.has(trouble);
  const demanded: readonly QkdReason[] = isLost && intent.call === "dec" ? ["KEY_POSSIBLY_LOST"] : DEMANDED[trouble];
  if (!demanded.includes(reason)) return differs(`expected ${demanded.join(" or ")}, got ${reason}`);
  const { requests } = kmes[index].counts;
  const handled = requests.status + requests.enc_keys + requests.dec_keys;
  if (BEFORE_THE_REQUEST.has(trouble) && handled > 0) return differs("a request was sent");
  if (isLost && attempts !== 1) return differs(`${intent.call} was sent ${attempts} times`);
  if (keyMayBeConsumed !== isLost) return differs(`keyMayBeConsumed is ${keyMayBeConsumed}`);
  if (reason === demanded[0]) return { verdict: "refused" };
  return { verdict: "deviates", rule: "reset", reason: "Node.js closes where OpenSSL says what is wrong first" };
}

function troubleOf({ clientCertificate, verification, trouble }: QkdVector): Trouble {
  if (/time(d )?-?out/i.test(trouble)) return "timeout";
  if (verification === "ca") return "host name";
  if (verification === "wrong-ca") return "authority";
  if (verification.startsWith("tls")) return "version";
  if (clientCertificate === undefined) return "no certificate";
  return /rogue|expired/.test(clientCertificate) ? "refused certificate" : "reset";
}

function faultsOf(trouble: Trouble, vector: QkdVector): readonly KmeFault[] {
  const { call } = intentOf(vector);
  const operation = call === "enc" ? "enc_keys" : call === "dec" ? "dec_keys" : "any";
  if (trouble === "timeout") return [{ operation, what: "hang" }];
  return trouble === "reset" ? [{ operation, what: "cut" }] : [];
}

function tlsOf(
  { clientCertificate = "" }: QkdVector,
  trouble: Trouble,
  { authority, otherAuthority, saes }: KmeCertificates,
  index: 0 | 1,
): QkdTls {
  const { good, rogue, expired } = saes[index];
  const shown: KmeCredentials = clientCertificate.includes("rogue")
    ? rogue
    : clientCertificate.includes("expired")
      ? expired
      : good;
  return {
    ca: trouble === "authority" ? otherAuthority : authority,
    ...(trouble === "no certificate"
      ? { clientCertificate: "none" as const }
      : { cert: shown.certificate, key: shown.key }),
    ...(trouble !== "host name" && { serverIdentity: { cn: DEFAULT_KME_IDS[index].kmeId } }),
    ...(trouble === "version" && { minVersion: "TLSv1.3" as const }),
  };
}

function differs(line: string): Outcome {
  return { verdict: "failed", differences: [line] };
}
