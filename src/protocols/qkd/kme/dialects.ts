/** Dialects of KMEs: what three of them were seen to do differently, as switches. Source: seeds/qkd, dialects. */

/** Every way in which KMEs differ. */
export interface KmeDialect {
  /** Sizes of keys in bits, where the pair has none of its own. */
  readonly sizes: KeySizes;
  /** A size that is no multiple of 8. */
  readonly oddSizes: "round-down" | "round-up" | "refuse";
  /** Status for a number or size out of range that the standard refuses. `number` 0 and below pass with "none". */
  readonly validation: "message" | "framework";
  /** Whether enc_keys throws away the keys of earlier batches that nobody has fetched. */
  readonly undelivered: "lost" | "kept";
  /** Whether keys that are not fetched count against max_key_count. */
  readonly storeIsFull: "refuses" | "never";
  /** Status when too few keys are left. */
  readonly exhausted: 400 | 503;
  /** Keys that are never given away: the last one of a KME. */
  readonly keptKeys: 0 | 1;
  /** What stored_key_count says. */
  readonly storedCount: "undelivered" | "pool";
  /** enc_keys for a SAE that nobody knows. */
  readonly unknownSlave: "refuse" | "deliver";
  /** dec_keys in which some IDs are unknown: 400, or 206 with the others. */
  readonly missingKeys: "refuse" | "partial";
  /** dec_keys in which an ID comes twice. */
  readonly duplicateIds: "refuse" | "fail";
  /** The order of the keys of dec_keys. */
  readonly decOrder: "store" | "request";
  /** GET enc_keys: its query is read, or passed over, or taken for bytes and refused. */
  readonly getEncKeys: "read" | "ignore" | "refuse";
  /** GET dec_keys: `key_ID` repeated, split at commas, or one alone. */
  readonly getDecKeys: "repeated" | "comma" | "one";
  /** IDs are compared in lower case. */
  readonly foldCase: boolean;
  /** A SAE may be its own peer. */
  readonly ownPeer: boolean;
  /** Times a key is fetched with dec_keys over plain HTTP; 1 over TLS. */
  readonly plainFetches: 1 | 2;
  /** Whether `/api/v1/keys/mark_consumed` exists. */
  readonly markConsumed: boolean;
  /** Members of enc_keys that the standard lacks. */
  readonly extraMembers: boolean;
  /** Bodies of errors: `{message}`, `{detail}`, or pages. */
  readonly errors: "message" | "detail" | "html";
  readonly words: KmeWords;
}

/** Bits of a key. */
export interface KeySizes {
  readonly key: number;
  readonly least: number;
  readonly most: number;
}

/** What a KME says. */
export interface KmeWords {
  readonly unknownSae: string;
  readonly tooMany: string;
  readonly tooSmall: string;
  readonly tooLarge: string;
  readonly storeFull: string;
  readonly exhausted: string;
  readonly noKeysLeft: string;
  readonly missing: string;
  readonly noneExist: string;
  readonly partial: string;
  /** Undefined where a KME says nothing of pairs without keys. */
  readonly notInvolved: string | undefined;
  /** Undefined where a page of its web server says it. */
  readonly wrongCertificate: string | undefined;
}

const UPSTREAM_WORDS: KmeWords = {
  unknownSae: "The given slave SAE ID is unknown by this KME.",
  tooMany: "Number of requested keys exceed allowed max keys per request.",
  tooSmall: "The requested key size is too small.",
  tooLarge: "The requested key size is too large.",
  storeFull: "The requested total of keys exceeds the maximum key count that can be stored.",
  exhausted: "The requested key amount exceeds the generated key count. Try again later.",
  noKeysLeft: "The requested key amount exceeds the generated key count. Try again later.",
  missing: "Some of the requested keys do not exist in this KME.",
  noneExist: "Some of the requested keys do not exist in this KME.",
  partial: "Some requested keys missing, returning available keys.",
  notInvolved: "The given master_sae_id is not involved in any key exchanges.",
  wrongCertificate: undefined,
};

const UPSTREAM: KmeDialect = {
  sizes: { key: 256, least: 64, most: 4096 },
  oddSizes: "round-down",
  validation: "message",
  undelivered: "lost",
  storeIsFull: "refuses",
  exhausted: 400,
  keptKeys: 0,
  storedCount: "undelivered",
  unknownSlave: "refuse",
  missingKeys: "refuse",
  duplicateIds: "refuse",
  decOrder: "store",
  getEncKeys: "ignore",
  getDecKeys: "repeated",
  foldCase: false,
  ownPeer: true,
  plainFetches: 1,
  markConsumed: false,
  extraMembers: false,
  errors: "message",
  words: UPSTREAM_WORDS,
};

const FORK: KmeDialect = {
  ...UPSTREAM,
  sizes: { key: 256, least: 256, most: 8192 },
  oddSizes: "round-up",
  undelivered: "kept",
  storeIsFull: "never",
  exhausted: 503,
  unknownSlave: "deliver",
  missingKeys: "partial",
  getEncKeys: "refuse",
  getDecKeys: "comma",
  plainFetches: 2,
  markConsumed: true,
  extraMembers: true,
  words: {
    ...UPSTREAM_WORDS,
    exhausted: "Timed out while waiting for quantum keys. Try again shortly.",
    noKeysLeft: "Timed out while waiting for quantum keys. Try again shortly.",
    noneExist: "None of the requested keys exist in this KME.",
    notInvolved: undefined,
  },
};

const PY: KmeDialect = {
  ...UPSTREAM,
  sizes: { key: 128, least: 64, most: 1024 },
  oddSizes: "refuse",
  validation: "framework",
  undelivered: "kept",
  storeIsFull: "never",
  keptKeys: 1,
  storedCount: "pool",
  duplicateIds: "fail",
  decOrder: "request",
  getEncKeys: "read",
  getDecKeys: "one",
  foldCase: true,
  ownPeer: false,
  words: {
    ...UPSTREAM_WORDS,
    unknownSae: "Linked KME with linked SAE ID is not found",
    tooMany: "Unable, more keys requested than allowed",
    exhausted: "Unable, more keys are requested than available",
    noKeysLeft: "Unable, because there are 0 keys remaining",
    missing: "Unable, the key was not found by id",
    noneExist: "Unable, the key was not found by id",
    notInvolved: undefined,
    wrongCertificate: "The calling SAE certificate id (serial number) does not match the stored certificate",
  },
};

/** The dialects by name: `upstream` and `fork` as they were recorded, `py` as its source was read. */
export const KME_DIALECTS = { upstream: UPSTREAM, fork: FORK, py: PY } as const;

/** A name of {@link KME_DIALECTS}. */
export type KmeDialectName = keyof typeof KME_DIALECTS;
