/** The chain: blocks, their hashes, and what keeps them. */
export * from "../../codec/gen/chain/index.js";
export {
  BackupCore,
  type AppliedNote,
  type BackupCoreOptions,
  type DigestDecision,
  type LogPlace,
  type NoteInit,
} from "./backup/core.js";
export { BackupScheduler, type BackupSchedule } from "./backup/scheduler.js";
export {
  BACKUP_KEYS_MAX,
  BackupFinder,
  keysUnder,
  newestBackup,
  readBackup,
  writeBackup,
  type Backup,
  type BackupContent,
  type RestoredState,
} from "./backup/data.js";
export { BLOCK_BYTES_MAX, IV_BYTES, type Block, type BlockContent, type BlockData } from "./blocks/block.js";
export { decryptBlock, encryptData } from "./blocks/encryption.js";
export { GOB_TYPE_ID_BASE, gobStream, type GobTypeIds } from "./blocks/gob.js";
export {
  blockHash,
  canonicalHash,
  gobHash,
  gobHashing,
  KNOWN_TYPE_IDS,
  verifyBlock,
  type BlockHashing,
  type GobHashOptions,
} from "./blocks/hashing.js";
export { makeBlock, type BlockInit } from "./blocks/make-block.js";
export { Chain, genesisBlock, type AppendOptions, type GenesisOptions } from "./chain.js";
export { exportGob, importGob } from "./formats/gob-file.js";
export { blockJson, toJson, type BlockJson } from "./formats/json.js";
export {
  ChainValidator,
  type BadBlock,
  type ChainHead,
  type ChainProfile,
  type ValidateOptions,
  type Validation,
} from "./validation.js";
export {
  ChainMachine,
  type ChainCall,
  type ChainEffect,
  type ChainEvent,
  type ChainHooks,
  type ChainMachineOptions,
  type ChainOutcome,
  type ChainStatus,
} from "./machine.js";
export { CHAIN_MACHINES } from "./machines.js";
export {
  CHAIN_KEY,
  StoredChain,
  type ChainDone,
  type OpenOptions,
  type StoredBlockInit,
} from "./stored/stored-chain.js";
export { Fetch, type AskMember, type FetchRules, type Synced } from "./sync/fetch.js";
export { answerBytes, serveBlocks, type Reply } from "./sync/serve.js";
