/** Coin files, and the wallet: a folder of them that survives interruptions. Pure: the caller supplies the disk. */
export type { WalletCallOptions, WalletProgress, WalletServers } from "./query-servers.js";
export { coinFileName, readCoinFile, serverCoinFileName, writeCoinFile, type WalletCoin } from "./coin-file.js";
export type { WalletFileContent, WalletFileEntry, WalletFiles } from "./files.js";
export { countSaid, decodePown, encodePown, mergePown, POWN_UNKNOWN, type PownLetter } from "./pown.js";
export { folderOf, SETTLED_AFTER_MS, WALLET_FOLDERS, type WalletFolder } from "./rules.js";
export type { WalletContents, WalletEntry, WalletProblem } from "./store.js";
export { Wallet, type WalletCoinReport, type WalletOptions, type WalletReport } from "./wallet.js";
