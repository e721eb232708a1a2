/** A pair of development KMEs that share a quantum link: their settings, and their rules as one object. */
import { argumentError } from "../../../errors.js";
import { KME_DIALECTS, type KmeDialect, type KmeDialectName, type KeySizes } from "./dialects.js";
import { KeyManager, type RandomBytes } from "./key-manager.js";
import { KeyStore, type PoolRules } from "./key-store.js";

/** Who a KME is, and whom it serves. */
export interface KmeIds {
  readonly kmeId: string;
  readonly saeId: string;
  /** SHA-256 of the certificate of the SAE in hex. Default: everybody is let in. */
  readonly saeSha256?: string | undefined;
}

/** Options of {@link makeKmePair}. */
export interface KmePairOptions {
  /** Default `upstream`: it throws undelivered keys away. */
  readonly dialect?: KmeDialectName;
  /** What differs from the dialect. */
  readonly differences?: Partial<KmeDialect>;
  /** Bits of keys. Default: those of the dialect. */
  readonly sizes?: Partial<KeySizes>;
  /** Default 1000. */
  readonly maxKeyCount?: number;
  /** Default 128. */
  readonly maxKeyPerRequest?: number;
  /** Keys that the link makes. Default: as many as maxKeyCount at the start, and 100 a second. */
  readonly pool?: Partial<PoolRules>;
  /** Time from the first request in which a KME does not know the other. Default 0. */
  readonly warmUpMs?: number;
  /** Default: KMEs `kme-alice` and `kme-bob` with the SAEs `alice` and `bob`. */
  readonly ids?: readonly [KmeIds, KmeIds];
  readonly random: RandomBytes;
}

/** IDs of a pair that is given none. */
export const DEFAULT_KME_IDS: readonly [KmeIds, KmeIds] = [
  { kmeId: "kme-alice", saeId: "alice" },
  { kmeId: "kme-bob", saeId: "bob" },
];

/** Two KMEs on one store. @throws WireError `argument` */
export function makeKmePair(options: KmePairOptions): readonly [KeyManager, KeyManager] {
  const { dialect = "upstream", differences, maxKeyCount = 1_000, maxKeyPerRequest = 128, warmUpMs = 0 } = options;
  const { ids = DEFAULT_KME_IDS, random } = options;
  if (!Object.hasOwn(KME_DIALECTS, dialect)) {
    throw argumentError("kme", "dialect", Object.keys(KME_DIALECTS).join(", "), String(dialect));
  }
  if (ids[0].saeId === ids[1].saeId) throw argumentError("kme", "ids", "two SAEs", `twice ${ids[0].saeId}`);
  const base: KmeDialect = { ...KME_DIALECTS[dialect], ...differences };
  const sizes = { ...base.sizes, ...options.sizes };
  if (!(sizes.least > 0 && sizes.least <= sizes.key && sizes.key <= sizes.most)) {
    throw argumentError("kme", "sizes", "least <= key <= most", `${sizes.least}, ${sizes.key}, ${sizes.most}`);
  }
  const store = new KeyStore({ most: maxKeyCount, perSecond: 100, ...options.pool });
  const settings = { dialect: base, sizes, maxKeyCount, maxKeyPerRequest, warmUpMs };
  const make = (own: KmeIds, peer: KmeIds): KeyManager => new KeyManager({ ...settings, ...own, peer }, store, random);
  return [make(ids[0], ids[1]), make(ids[1], ids[0])];
}
