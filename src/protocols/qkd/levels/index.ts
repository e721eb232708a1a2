/** The four message levels: envelopes that are sealed and opened with keys of a quantum link, and QuMail's. */
export { ENVELOPE_REASONS, EnvelopeError, type EnvelopeIssue, type EnvelopeReason } from "./errors.js";
export {
  keysByHand,
  keysOfClient,
  type DecKeysRequest,
  type EncKeysRequest,
  type KeyBatch,
  type KeyClient,
  type KeysByHand,
  type KeySource,
  type LinkKey,
} from "./keys.js";
export { ENVELOPE_LIMITS, readHeader, type EnvelopeLimits, type Level, type ReadHeader } from "./layout.js";
export { memoryLedger, openLedger, type DiskLedger, type Ledger, type LedgerOptions } from "./ledger.js";
export { PublicKeys, SecretKeys, type MemberLevel } from "./member-keys.js";
export { Sealer, type SealerOptions, type SealOptions, type SealStreamOptions } from "./seal.js";
export {
  Opener,
  type EnvelopeAbout,
  type OpenedEnvelope,
  type OpenedStream,
  type OpenerOptions,
  type OpenOptions,
} from "./open.js";
export { fromJsonEnvelope, toJsonEnvelope, type JsonEnvelope } from "./json-form.js";
export { openQumail, type OpenedQumail, type OpenQumailOptions } from "./qumail/read.js";
export { sealQumail, type QumailEnvelope, type SealQumailOptions } from "./qumail/write.js";
