// Generated from raida/codes.ksy by `specwire gen`; do not edit. spec sha256 653c4c1eba9b56f577f92d31431327582ba8dbd3f735ee02e27d4ec826cd1e9e
/**
 * Numbers with names in the RAIDA protocol. Statuses, command groups, commands and encryption types, as the reference
 * server numbers them.
 */

export const Status = {
  /** The request was carried out (key tickets answer so). */
  noError: 0,
  /** The cloud id is not served here. */
  errorCloudDisabled: 1,
  /** The split id is not 0. */
  errorSplitId: 2,
  /** The request is meant for another RAIDA server. */
  errorRaidaId: 3,
  /** The shard does not exist. */
  errorShardId: 4,
  /** The command group does not exist. */
  errorCommandGroup: 5,
  /** The group has no such command. */
  errorCommand: 6,
  /** The server keeps another kind of coin. */
  errorCoinId: 7,
  /** The file was removed, or never was there: it cannot be written over. Of mail servers. */
  errorOverwriteFailed: 8,
  /** The database has no records. Of mail servers. */
  errorDatabaseEmpty: 9,
  /** The database failed. Of mail servers. */
  errorDatabase: 10,
  /** There is mail; no failure. Of mail servers. */
  mail: 11,
  /** The session has ended. Of mail servers. */
  sessionTimeout: 12,
  /** The datagram announces frames that do not fit; never sent by the reference. */
  errorUdpFrameCount: 15,
  /** The body does not have a length that the command accepts. */
  errorPacketLength: 16,
  /** A datagram of several did not arrive in time; never sent by the reference. */
  errorUdpTimeout: 17,
  /** The claimer of a ticket is no RAIDA server. */
  errorWrongRaida: 18,
  /** The shard is not available. */
  errorShardUnavailable: 20,
  /** The coin that makes the key of type 4 or 5 is not here. */
  errorEncryptionCoinNotFound: 25,
  /** The encryption type is not known. */
  errorEncryptionCode: 27,
  /** The body does not end in 3E 3E. */
  errorEof: 33,
  /** The coin or locker that makes the key of type 1 or 2 is not here. */
  errorEncryptionKeyNotFound: 34,
  /** The command needs a body. */
  errorEmptyRequest: 36,
  /** The challenge does not match its CRC-32. */
  errorCrc: 37,
  /** The admin key is wrong. */
  errorAdminKey: 38,
  /** The body does not divide into whole coins. */
  errorCoinsNotDivisible: 39,
  /** A coin lies on a page that the server does not have. */
  errorSerialOrDenomination: 40,
  /** The page is not reserved for this session. */
  errorPageNotReserved: 41,
  /** All tickets are taken. */
  errorNoTicketSlot: 42,
  /** There is no such ticket. */
  errorNoTicketFound: 43,
  /** This RAIDA server has claimed the ticket before. */
  errorTicketClaimedAlready: 44,
  /** More coins than the server takes at once. */
  errorTooManyCoins: 45,
  /** The shard is not valid. */
  errorInvalidShard: 46,
  /** The coins could not be deleted. */
  errorDelete: 47,
  /** The legacy database failed. */
  errorLegacyDatabase: 48,
  /** No room for another crossover. */
  errorCrossoverFull: 49,
  /** The currency of a trade is not known. */
  errorTradeCoin: 50,
  /** There is no such trade locker. */
  errorTradeLockerNotFound: 51,
  /** The server has no private key for the other chain. */
  errorNoPrivateKey: 52,
  /** The command is known and not implemented. */
  errorNotImplemented: 89,
  /** The coins are not acceptable. */
  errorBadCoins: 90,
  /** There is such a trade locker already. */
  errorTradeLockerExists: 148,
  /** There is no trade locker. */
  errorNoTradeLocker: 149,
  /** Not yet done, and no failure: ask again later. */
  waiting: 150,
  /** The wallet has no bitcoin. */
  errorNoBtcInWallet: 152,
  /** The locker has too few coins. */
  errorFewCoinsInLocker: 153,
  /** The locker is in use. */
  errorLockerUsed: 154,
  /** Too many requests. */
  errorRequestRate: 160,
  /** The transaction was carried out before. */
  errorTransactionProcessed: 177,
  /** The service of the other chain cannot be reached. */
  errorCryptoConnect: 178,
  /** The locker is empty or does not exist. */
  errorLockerEmptyOrMissing: 179,
  /** The proxy cannot be reached. */
  errorProxyConnect: 180,
  /** The price cannot be told. */
  errorPrice: 181,
  /** There are no coins. */
  errorNoCoins: 182,
  /** The transaction was seen, and waits; no failure. */
  transactionSeen: 183,
  /** The name has no such record. */
  errorNoSuchRecord: 184,
  /** The domain does not exist. */
  errorNoSuchDomain: 185,
  /** A failure without a name. */
  errorUnknown: 186,
  /** The proxy failed. */
  errorProxy: 187,
  /** The key could not be built. */
  errorKeyBuild: 188,
  /** A service that the server uses failed. */
  errorExternalBackend: 189,
  /** The transaction is empty. */
  errorTransactionEmpty: 190,
  /** The transaction does not exist. */
  errorTransactionMissing: 191,
  /** The amount is another one. */
  errorAmountMismatch: 192,
  /** There is no such entry. */
  errorNoEntry: 193,
  /** The disk failed. */
  errorFilesystem: 194,
  /** A key does not begin as it must. */
  errorKeyStart: 195,
  /** A key does not have the length it must. */
  errorKeyLength: 196,
  /** The server cannot read its own coin file. */
  errorCoinLoad: 197,
  /** A parameter is not acceptable. */
  errorInvalidParameter: 198,
  /** The proposed authenticity number is not acceptable. */
  errorInvalidPan: 199,
  /** The file exists already. */
  errorFileExists: 201,
  /** The file does not exist. */
  errorFileMissing: 202,
  /** The transaction failed. */
  errorTransaction: 203,
  /** The HMAC of type 4 or 5 does not match (with other types, a failure of the blockchain). */
  errorInvalidHmac: 204,
  /** The parts could not be assembled. */
  errorAssemble: 205,
  /** A word of clients for a server that does not answer; none sends it. */
  errorRaidaTimeout: 206,
  /** A word of clients for a server that cannot be reached; none sends it. */
  errorRaidaConnection: 207,
  /** No coin matches either number. */
  findNeither: 208,
  /** All coins match their authenticity numbers. */
  findAllAn: 209,
  /** All coins match their proposed numbers. */
  findAllPan: 210,
  /** Coins differ; the body has one byte a coin. */
  findMixed: 211,
  /** All coins passed. */
  allPass: 241,
  /** All coins failed. */
  allFail: 242,
  /** Some coins passed; the body has one bit a coin. */
  mixed: 243,
  /** The request was carried out. */
  success: 250,
  /** The server failed. */
  errorInternal: 252,
  /** The server could not reach another. */
  errorNetwork: 253,
  /** The server has no memory left. */
  errorMemory: 254,
  /** The version of the routing part is not 1. */
  errorRouting: 255,
} as const;
export type Status = (typeof Status)[keyof typeof Status];
/** Name and meaning of each Status. */
export const STATUS_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  0: { name: "noError", doc: "The request was carried out (key tickets answer so)." },
  1: { name: "errorCloudDisabled", doc: "The cloud id is not served here." },
  2: { name: "errorSplitId", doc: "The split id is not 0." },
  3: { name: "errorRaidaId", doc: "The request is meant for another RAIDA server." },
  4: { name: "errorShardId", doc: "The shard does not exist." },
  5: { name: "errorCommandGroup", doc: "The command group does not exist." },
  6: { name: "errorCommand", doc: "The group has no such command." },
  7: { name: "errorCoinId", doc: "The server keeps another kind of coin." },
  8: { name: "errorOverwriteFailed",
      doc: "The file was removed, or never was there: it cannot be written over. Of mail servers." },
  9: { name: "errorDatabaseEmpty", doc: "The database has no records. Of mail servers." },
  10: { name: "errorDatabase", doc: "The database failed. Of mail servers." },
  11: { name: "mail", doc: "There is mail; no failure. Of mail servers." },
  12: { name: "sessionTimeout", doc: "The session has ended. Of mail servers." },
  15: { name: "errorUdpFrameCount",
      doc: "The datagram announces frames that do not fit; never sent by the reference." },
  16: { name: "errorPacketLength", doc: "The body does not have a length that the command accepts." },
  17: { name: "errorUdpTimeout", doc: "A datagram of several did not arrive in time; never sent by the reference." },
  18: { name: "errorWrongRaida", doc: "The claimer of a ticket is no RAIDA server." },
  20: { name: "errorShardUnavailable", doc: "The shard is not available." },
  25: { name: "errorEncryptionCoinNotFound", doc: "The coin that makes the key of type 4 or 5 is not here." },
  27: { name: "errorEncryptionCode", doc: "The encryption type is not known." },
  33: { name: "errorEof", doc: "The body does not end in 3E 3E." },
  34: { name: "errorEncryptionKeyNotFound", doc: "The coin or locker that makes the key of type 1 or 2 is not here." },
  36: { name: "errorEmptyRequest", doc: "The command needs a body." },
  37: { name: "errorCrc", doc: "The challenge does not match its CRC-32." },
  38: { name: "errorAdminKey", doc: "The admin key is wrong." },
  39: { name: "errorCoinsNotDivisible", doc: "The body does not divide into whole coins." },
  40: { name: "errorSerialOrDenomination", doc: "A coin lies on a page that the server does not have." },
  41: { name: "errorPageNotReserved", doc: "The page is not reserved for this session." },
  42: { name: "errorNoTicketSlot", doc: "All tickets are taken." },
  43: { name: "errorNoTicketFound", doc: "There is no such ticket." },
  44: { name: "errorTicketClaimedAlready", doc: "This RAIDA server has claimed the ticket before." },
  45: { name: "errorTooManyCoins", doc: "More coins than the server takes at once." },
  46: { name: "errorInvalidShard", doc: "The shard is not valid." },
  47: { name: "errorDelete", doc: "The coins could not be deleted." },
  48: { name: "errorLegacyDatabase", doc: "The legacy database failed." },
  49: { name: "errorCrossoverFull", doc: "No room for another crossover." },
  50: { name: "errorTradeCoin", doc: "The currency of a trade is not known." },
  51: { name: "errorTradeLockerNotFound", doc: "There is no such trade locker." },
  52: { name: "errorNoPrivateKey", doc: "The server has no private key for the other chain." },
  89: { name: "errorNotImplemented", doc: "The command is known and not implemented." },
  90: { name: "errorBadCoins", doc: "The coins are not acceptable." },
  148: { name: "errorTradeLockerExists", doc: "There is such a trade locker already." },
  149: { name: "errorNoTradeLocker", doc: "There is no trade locker." },
  150: { name: "waiting", doc: "Not yet done, and no failure: ask again later." },
  152: { name: "errorNoBtcInWallet", doc: "The wallet has no bitcoin." },
  153: { name: "errorFewCoinsInLocker", doc: "The locker has too few coins." },
  154: { name: "errorLockerUsed", doc: "The locker is in use." },
  160: { name: "errorRequestRate", doc: "Too many requests." },
  177: { name: "errorTransactionProcessed", doc: "The transaction was carried out before." },
  178: { name: "errorCryptoConnect", doc: "The service of the other chain cannot be reached." },
  179: { name: "errorLockerEmptyOrMissing", doc: "The locker is empty or does not exist." },
  180: { name: "errorProxyConnect", doc: "The proxy cannot be reached." },
  181: { name: "errorPrice", doc: "The price cannot be told." },
  182: { name: "errorNoCoins", doc: "There are no coins." },
  183: { name: "transactionSeen", doc: "The transaction was seen, and waits; no failure." },
  184: { name: "errorNoSuchRecord", doc: "The name has no such record." },
  185: { name: "errorNoSuchDomain", doc: "The domain does not exist." },
  186: { name: "errorUnknown", doc: "A failure without a name." },
  187: { name: "errorProxy", doc: "The proxy failed." },
  188: { name: "errorKeyBuild", doc: "The key could not be built." },
  189: { name: "errorExternalBackend", doc: "A service that the server uses failed." },
  190: { name: "errorTransactionEmpty", doc: "The transaction is empty." },
  191: { name: "errorTransactionMissing", doc: "The transaction does not exist." },
  192: { name: "errorAmountMismatch", doc: "The amount is another one." },
  193: { name: "errorNoEntry", doc: "There is no such entry." },
  194: { name: "errorFilesystem", doc: "The disk failed." },
  195: { name: "errorKeyStart", doc: "A key does not begin as it must." },
  196: { name: "errorKeyLength", doc: "A key does not have the length it must." },
  197: { name: "errorCoinLoad", doc: "The server cannot read its own coin file." },
  198: { name: "errorInvalidParameter", doc: "A parameter is not acceptable." },
  199: { name: "errorInvalidPan", doc: "The proposed authenticity number is not acceptable." },
  201: { name: "errorFileExists", doc: "The file exists already." },
  202: { name: "errorFileMissing", doc: "The file does not exist." },
  203: { name: "errorTransaction", doc: "The transaction failed." },
  204: { name: "errorInvalidHmac",
      doc: "The HMAC of type 4 or 5 does not match (with other types, a failure of the blockchain)." },
  205: { name: "errorAssemble", doc: "The parts could not be assembled." },
  206: { name: "errorRaidaTimeout", doc: "A word of clients for a server that does not answer; none sends it." },
  207: { name: "errorRaidaConnection", doc: "A word of clients for a server that cannot be reached; none sends it." },
  208: { name: "findNeither", doc: "No coin matches either number." },
  209: { name: "findAllAn", doc: "All coins match their authenticity numbers." },
  210: { name: "findAllPan", doc: "All coins match their proposed numbers." },
  211: { name: "findMixed", doc: "Coins differ; the body has one byte a coin." },
  241: { name: "allPass", doc: "All coins passed." },
  242: { name: "allFail", doc: "All coins failed." },
  243: { name: "mixed", doc: "Some coins passed; the body has one bit a coin." },
  250: { name: "success", doc: "The request was carried out." },
  252: { name: "errorInternal", doc: "The server failed." },
  253: { name: "errorNetwork", doc: "The server could not reach another." },
  254: { name: "errorMemory", doc: "The server has no memory left." },
  255: { name: "errorRouting", doc: "The version of the routing part is not 1." },
};

export const CommandGroup = {
  /** Echo, version, statistics. */
  status: 0,
  /** Detect and pown. */
  auth: 1,
  /** Tickets, find, fix. */
  healing: 2,
  /** Administration of coins. */
  executive: 3,
  /** Key healing. */
  keyExchange: 4,
  /** Lockers. */
  locker: 8,
  /** Change making. */
  change: 9,
  /** Shards. */
  shard: 10,
  /** Crossover to other chains. */
  crossover: 11,
  /** Remote calls. */
  rpc: 12,
  /** Files. */
  filesystem: 13,
  /** Integrity votes. */
  integrity: 14,
} as const;
export type CommandGroup = (typeof CommandGroup)[keyof typeof CommandGroup];
/** Name and meaning of each CommandGroup. */
export const COMMAND_GROUP_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  0: { name: "status", doc: "Echo, version, statistics." },
  1: { name: "auth", doc: "Detect and pown." },
  2: { name: "healing", doc: "Tickets, find, fix." },
  3: { name: "executive", doc: "Administration of coins." },
  4: { name: "keyExchange", doc: "Key healing." },
  8: { name: "locker", doc: "Lockers." },
  9: { name: "change", doc: "Change making." },
  10: { name: "shard", doc: "Shards." },
  11: { name: "crossover", doc: "Crossover to other chains." },
  12: { name: "rpc", doc: "Remote calls." },
  13: { name: "filesystem", doc: "Files." },
  14: { name: "integrity", doc: "Integrity votes." },
};

export const StatusCommand = {
  /** Answers with its header. */
  echo: 0,
  /** Answers with its release. */
  version: 1,
  /** Answers with its counters. */
  showStats: 2,
  /** Answers with totals of coins; crashes the reference server. */
  audit: 3,
} as const;
export type StatusCommand = (typeof StatusCommand)[keyof typeof StatusCommand];
/** Name and meaning of each StatusCommand. */
export const STATUS_COMMAND_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  0: { name: "echo", doc: "Answers with its header." },
  1: { name: "version", doc: "Answers with its release." },
  2: { name: "showStats", doc: "Answers with its counters." },
  3: { name: "audit", doc: "Answers with totals of coins; crashes the reference server." },
};

export const AuthCommand = {
  /** Are these the authenticity numbers? */
  detect: 10,
  /** The same for the XOR of them. */
  detectSum: 11,
  /** Replaces authenticity numbers. */
  pown: 20,
  /** The same by one difference for all. */
  pownSum: 21,
} as const;
export type AuthCommand = (typeof AuthCommand)[keyof typeof AuthCommand];
/** Name and meaning of each AuthCommand. */
export const AUTH_COMMAND_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  10: { name: "detect", doc: "Are these the authenticity numbers?" },
  11: { name: "detectSum", doc: "The same for the XOR of them." },
  20: { name: "pown", doc: "Replaces authenticity numbers." },
  21: { name: "pownSum", doc: "The same by one difference for all." },
};

export const HealingCommand = {
  /** A ticket for the coins that are authentic. */
  getTicket: 40,
  /** The coins of a ticket, once for each RAIDA server. */
  validateTicket: 50,
  /** Which of two numbers is authentic? */
  find: 60,
  /** New authenticity numbers on the word of the other servers. */
  fix: 80,
} as const;
export type HealingCommand = (typeof HealingCommand)[keyof typeof HealingCommand];
/** Name and meaning of each HealingCommand. */
export const HEALING_COMMAND_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  40: { name: "getTicket", doc: "A ticket for the coins that are authentic." },
  50: { name: "validateTicket", doc: "The coins of a ticket, once for each RAIDA server." },
  60: { name: "find", doc: "Which of two numbers is authentic?" },
  80: { name: "fix", doc: "New authenticity numbers on the word of the other servers." },
};

export const KeyExchangeCommand = {
  /** A helper wraps half of a key. */
  getEncryptionTicket: 44,
  /** A broken server takes the halves that helpers have wrapped. */
  fixEncryption: 45,
} as const;
export type KeyExchangeCommand = (typeof KeyExchangeCommand)[keyof typeof KeyExchangeCommand];
/** Name and meaning of each KeyExchangeCommand. */
export const KEY_EXCHANGE_COMMAND_INFO: { readonly [value: number]: { readonly name: string;
readonly doc: string } } = {
  44: { name: "getEncryptionTicket", doc: "A helper wraps half of a key." },
  45: { name: "fixEncryption", doc: "A broken server takes the halves that helpers have wrapped." },
};

export const LockerCommand = {
  /** Gives coins one key. */
  storeSum: 82,
  /** Which coins are under a key? */
  peek: 83,
} as const;
export type LockerCommand = (typeof LockerCommand)[keyof typeof LockerCommand];
/** Name and meaning of each LockerCommand. */
export const LOCKER_COMMAND_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  82: { name: "storeSum", doc: "Gives coins one key." },
  83: { name: "peek", doc: "Which coins are under a key?" },
};

export const EncryptionType = {
  /** Nothing is encrypted. */
  clear: 0,
  /** AES-128-CTR under the AN of a coin. */
  aes128Coin: 1,
  /** AES-128-CTR under a locker key. */
  aes128Locker: 2,
  /** AES-256-CTR and HMAC under SHA-256 of one AN. */
  aes256Coin: 4,
  /** AES-256-CTR and HMAC under SHA-256 of two ANs. */
  aes256TwoCoins: 5,
} as const;
export type EncryptionType = (typeof EncryptionType)[keyof typeof EncryptionType];
/** Name and meaning of each EncryptionType. */
export const ENCRYPTION_TYPE_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  0: { name: "clear", doc: "Nothing is encrypted." },
  1: { name: "aes128Coin", doc: "AES-128-CTR under the AN of a coin." },
  2: { name: "aes128Locker", doc: "AES-128-CTR under a locker key." },
  4: { name: "aes256Coin", doc: "AES-256-CTR and HMAC under SHA-256 of one AN." },
  5: { name: "aes256TwoCoins", doc: "AES-256-CTR and HMAC under SHA-256 of two ANs." },
};

