// Generated from raida/codes.ksy by `specwire gen`; do not edit. spec sha256 a92d5331a5fdbbde916cba93de2fb3108274f16141c3600ab020a5cd73031691
/** Numbers with names in the RAIDA protocol. Statuses, command groups, commands and encryption types, as the reference server numbers them. */

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
  /** Reserved for clients; no server that is known sends it. */
  errorClient8: 8,
  /** Reserved for clients; no server that is known sends it. */
  errorClient9: 9,
  /** Reserved for clients; no server that is known sends it. */
  errorClient10: 10,
  /** Reserved for clients; no server that is known sends it. */
  errorClient11: 11,
  /** Reserved for clients; no server that is known sends it. */
  errorClient12: 12,
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
  /** The coins of the crossover do not exist. */
  errorCrossoverCoins: 50,
  /** The currency of the crossover is not known. */
  errorCrossoverTicker: 51,
  /** The proxy of the crossover failed. */
  errorCrossoverProxy: 52,
  /** The command is known and not implemented. */
  errorNotImplemented: 89,
  /** The coins are not acceptable. */
  errorBadCoins: 90,
  /** A failure of lockers. */
  errorLocker148: 148,
  /** A failure of lockers. */
  errorLocker149: 149,
  /** A failure of lockers. */
  errorLocker150: 150,
  /** A failure of lockers. */
  errorLocker151: 151,
  /** A failure of lockers. */
  errorLocker152: 152,
  /** A failure of lockers. */
  errorLocker153: 153,
  /** A failure of lockers. */
  errorLocker154: 154,
  /** Too many requests. */
  errorRequestRate: 160,
  /** A failure of lockers, crossovers or remote calls. */
  errorService177: 177,
  /** A failure of lockers, crossovers or remote calls. */
  errorService178: 178,
  /** A failure of lockers, crossovers or remote calls. */
  errorService179: 179,
  /** A failure of lockers, crossovers or remote calls. */
  errorService180: 180,
  /** A failure of lockers, crossovers or remote calls. */
  errorService181: 181,
  /** A failure of lockers, crossovers or remote calls. */
  errorService182: 182,
  /** A failure of lockers, crossovers or remote calls. */
  errorService183: 183,
  /** A failure of lockers, crossovers or remote calls. */
  errorService184: 184,
  /** A failure of lockers, crossovers or remote calls. */
  errorService185: 185,
  /** A failure of lockers, crossovers or remote calls. */
  errorService186: 186,
  /** A failure of lockers, crossovers or remote calls. */
  errorService187: 187,
  /** A failure of lockers, crossovers or remote calls. */
  errorService188: 188,
  /** A failure of lockers, crossovers or remote calls. */
  errorService189: 189,
  /** A failure of lockers, crossovers or remote calls. */
  errorService190: 190,
  /** A failure of lockers, crossovers or remote calls. */
  errorService191: 191,
  /** A failure of lockers, crossovers or remote calls. */
  errorService192: 192,
  /** A failure of lockers, crossovers or remote calls. */
  errorService193: 193,
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
  8: { name: "errorClient8", doc: "Reserved for clients; no server that is known sends it." },
  9: { name: "errorClient9", doc: "Reserved for clients; no server that is known sends it." },
  10: { name: "errorClient10", doc: "Reserved for clients; no server that is known sends it." },
  11: { name: "errorClient11", doc: "Reserved for clients; no server that is known sends it." },
  12: { name: "errorClient12", doc: "Reserved for clients; no server that is known sends it." },
  15: { name: "errorUdpFrameCount", doc: "The datagram announces frames that do not fit; never sent by the reference." },
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
  50: { name: "errorCrossoverCoins", doc: "The coins of the crossover do not exist." },
  51: { name: "errorCrossoverTicker", doc: "The currency of the crossover is not known." },
  52: { name: "errorCrossoverProxy", doc: "The proxy of the crossover failed." },
  89: { name: "errorNotImplemented", doc: "The command is known and not implemented." },
  90: { name: "errorBadCoins", doc: "The coins are not acceptable." },
  148: { name: "errorLocker148", doc: "A failure of lockers." },
  149: { name: "errorLocker149", doc: "A failure of lockers." },
  150: { name: "errorLocker150", doc: "A failure of lockers." },
  151: { name: "errorLocker151", doc: "A failure of lockers." },
  152: { name: "errorLocker152", doc: "A failure of lockers." },
  153: { name: "errorLocker153", doc: "A failure of lockers." },
  154: { name: "errorLocker154", doc: "A failure of lockers." },
  160: { name: "errorRequestRate", doc: "Too many requests." },
  177: { name: "errorService177", doc: "A failure of lockers, crossovers or remote calls." },
  178: { name: "errorService178", doc: "A failure of lockers, crossovers or remote calls." },
  179: { name: "errorService179", doc: "A failure of lockers, crossovers or remote calls." },
  180: { name: "errorService180", doc: "A failure of lockers, crossovers or remote calls." },
  181: { name: "errorService181", doc: "A failure of lockers, crossovers or remote calls." },
  182: { name: "errorService182", doc: "A failure of lockers, crossovers or remote calls." },
  183: { name: "errorService183", doc: "A failure of lockers, crossovers or remote calls." },
  184: { name: "errorService184", doc: "A failure of lockers, crossovers or remote calls." },
  185: { name: "errorService185", doc: "A failure of lockers, crossovers or remote calls." },
  186: { name: "errorService186", doc: "A failure of lockers, crossovers or remote calls." },
  187: { name: "errorService187", doc: "A failure of lockers, crossovers or remote calls." },
  188: { name: "errorService188", doc: "A failure of lockers, crossovers or remote calls." },
  189: { name: "errorService189", doc: "A failure of lockers, crossovers or remote calls." },
  190: { name: "errorService190", doc: "A failure of lockers, crossovers or remote calls." },
  191: { name: "errorService191", doc: "A failure of lockers, crossovers or remote calls." },
  192: { name: "errorService192", doc: "A failure of lockers, crossovers or remote calls." },
  193: { name: "errorService193", doc: "A failure of lockers, crossovers or remote calls." },
  194: { name: "errorFilesystem", doc: "The disk failed." },
  195: { name: "errorKeyStart", doc: "A key does not begin as it must." },
  196: { name: "errorKeyLength", doc: "A key does not have the length it must." },
  197: { name: "errorCoinLoad", doc: "The server cannot read its own coin file." },
  198: { name: "errorInvalidParameter", doc: "A parameter is not acceptable." },
  199: { name: "errorInvalidPan", doc: "The proposed authenticity number is not acceptable." },
  201: { name: "errorFileExists", doc: "The file exists already." },
  202: { name: "errorFileMissing", doc: "The file does not exist." },
  203: { name: "errorTransaction", doc: "The transaction failed." },
  204: { name: "errorInvalidHmac", doc: "The HMAC of type 4 or 5 does not match (with other types, a failure of the blockchain)." },
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
export const KEY_EXCHANGE_COMMAND_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
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

