/** The wallet: a folder of coins with calls to detect, find, heal and pown them. */
import { equalBytes } from "../../../bytes/index.js";
import { describeIssue, isWireError, WireError, type WireErrorCode } from "../../../errors.js";
import type { Healing } from "../client/healing-run.js";
import { COIN_ID, RAIDA_COUNT, type Coin } from "../protocol.js";
import {
  detectAll,
  findAll,
  isIssue,
  pownAll,
  type WalletCallOptions,
  type WalletServers,
  checkCallOptions,
} from "./query-servers.js";
import { isOpen, isOpenAt, type WalletCoin } from "./coin-file.js";
import type { WalletFiles } from "./files.js";
import { proposedAnsOf, type Journal } from "./journal.js";
import { mergePown, POWN_UNKNOWN } from "./pown.js";
import { letterOf, letterOfState, settle, settledCoin, type WalletFolder } from "./rules.js";
import { WalletStore, type WalletContents, type WalletEntry, type WalletProblem } from "./store.js";

/** The options of {@link Wallet.open}. */
export interface WalletOptions {
  /** Kind of coin; default 6. */
  readonly coinId?: number;
  /** Makes a wallet of any folder; default false. */
  readonly create?: boolean;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** `n` random bytes of a cryptographic source. */
  readonly random: (n: number) => Uint8Array;
}

/** The result of a call for one coin. It contains no secrets. */
export interface WalletCoinReport {
  readonly denomination: number;
  readonly serial: number;
  readonly from: WalletFolder;
  readonly folder: WalletFolder;
  /** What each server last said, 25 letters. */
  readonly pown: string;
  /** Servers that have a new number. */
  readonly changed: readonly number[];
  /** Servers that may hold either of two numbers. */
  readonly open: readonly number[];
}

/** The result of a call. */
export interface WalletReport {
  /** The coins of the call. */
  readonly coins: readonly WalletCoinReport[];
  /** Files that were not touched. */
  readonly problems: readonly WalletProblem[];
}

/**
 * A folder of coins. At any interruption, no coin is lost or duplicated, and every number that a server may hold is on
 * the disk or follows from it. Calls run one after another.
 */
export class Wallet {
  readonly #store: WalletStore;
  readonly #options: WalletOptions;
  readonly #release: () => Promise<void>;
  /** Settles when the last call does. */
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  private constructor(store: WalletStore, options: WalletOptions, release: () => Promise<void>) {
    this.#store = store;
    this.#options = options;
    this.#release = release;
  }

  /** Opens a wallet; {@link close} calls `release`. @throws WireError `argument` if the folder is no wallet */
  static async open(
    files: WalletFiles,
    options: WalletOptions,
    release = async (): Promise<void> => {},
  ): Promise<Wallet> {
    const store = await WalletStore.open(files, options.coinId ?? COIN_ID, options.create ?? false);
    return new Wallet(store, options, release);
  }

  /** All coins, and the files that are no usable coins. */
  contents(): Promise<WalletContents> {
    return this.#inTurn({}, () => this.#store.load());
  }

  /**
   * Adds coins of which nothing is known yet.
   * @throws WireError `argument` if one of them is in the wallet already; then none is added
   */
  add(coins: readonly Coin[], folder: WalletFolder = "BANK"): Promise<void> {
    return this.#inTurn({}, async () => {
      const { entries } = await this.#store.load();
      const known = new Set(entries.filter(({ folder: at }) => at !== "COUNTERFEIT").map(({ coin }) => nameOf(coin)));
      coins.forEach((coin, i) => {
        const name = nameOf(coin);
        if (known.has(name)) refuse("argument", `coins[${i}]`, "each coin once", name);
        known.add(name);
      });
      await this.#store.add(
        coins.map((coin) => ({ ...coin, pown: POWN_UNKNOWN })),
        folder,
      );
    });
  }

  /** Detects the coins in BANK and FRACKED at all servers, and moves each to its folder. */
  detect(servers: WalletServers, options: WalletCallOptions = {}): Promise<WalletReport> {
    return this.#inTurn(options, async () => {
      await this.#recover(servers, options);
      const { entries, problems } = await this.#store.load();
      const before = entries.filter(isBanked);
      return reportOf(before, await this.#detect(servers, before, options), problems);
    });
  }

  /** Finds out which numbers the servers hold of the coins in LIMBO, and moves the settled ones to their folders. */
  find(servers: WalletServers, options: WalletCallOptions = {}): Promise<WalletReport> {
    return this.#inTurn(options, () => this.#findOpen(servers, options));
  }

  /**
   * Settles the coins in LIMBO, detects all others, and heals those that some servers have lost. The journal gives all
   * new numbers, and is written before the first fix is sent.
   */
  heal(servers: WalletServers, options: WalletCallOptions = {}): Promise<WalletReport> {
    return this.#inTurn(options, async () => {
      const found = await this.#findOpen(servers, options);
      const { entries, problems } = await this.#store.load();
      const before = entries.filter(isBanked);
      const detected = await this.#detect(servers, before, options);
      const fracked = detected.filter(({ folder }) => folder === "FRACKED");
      const healed = await this.#heal(servers, fracked, options);
      const after = detected.map((entry) => healed.get(entry) ?? entry);
      const { coins } = reportOf(before, after, problems);
      return { coins: [...found.coins.filter(({ open }) => open.length > 0), ...coins], problems };
    });
  }

  /**
   * Takes possession of the coins in a folder: all servers replace their numbers, so that the old ones, which
   * others may know, become worthless.
   */
  pown(servers: WalletServers, folder: "BANK" | "FRACKED", options: WalletCallOptions = {}): Promise<WalletReport> {
    return this.#inTurn(options, async () => {
      await this.#recover(servers, options);
      const { entries, problems } = await this.#store.load();
      const before = entries.filter((entry) => isBanked(entry) && entry.folder === folder);
      return reportOf(before, await this.#pown(servers, before, options), problems);
    });
  }

  /** Waits for the call under way, then releases the lock. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    const last = this.#turn;
    this.#isClosed = true;
    await last.catch(() => {});
    await this.#release();
  }

  async #inTurn<T>(options: WalletCallOptions, work: () => Promise<T>): Promise<T> {
    checkCallOptions(options);
    if (this.#isClosed) refuse("closed", "", "an open wallet", "a closed one");
    const turn = this.#turn.then(work, work);
    this.#turn = turn;
    return turn;
  }

  async #findOpen(servers: WalletServers, options: WalletCallOptions): Promise<WalletReport> {
    const recovered = await this.#recover(servers, options);
    const { entries, problems } = await this.#store.load();
    // An open coin lies in another folder if a process died before it moved the file.
    const isLimbo = ({ folder, coin }: WalletEntry): boolean =>
      folder === "LIMBO" || (folder !== "COUNTERFEIT" && isOpen(coin));
    const isRecovered = new Set(recovered.after.map(({ coin }) => nameOf(coin)));
    const before = entries.filter((entry) => isLimbo(entry) && !isRecovered.has(nameOf(entry.coin)));
    const found = await this.#find(servers, before, options);
    return reportOf([...recovered.before, ...before], [...recovered.after, ...found], problems);
  }

  async #detect(
    servers: WalletServers,
    entries: readonly WalletEntry[],
    options: WalletCallOptions,
  ): Promise<WalletEntry[]> {
    if (entries.length === 0) return [];
    const answers = await detectAll(
      servers,
      entries.map(({ coin }) => coin),
      options,
    );
    refuseAborted(options);
    return this.#putAll(entries, ({ coin }, i) => ({
      ...coin,
      pown: mergePown(coin.pown, answers[i]!.map(letterOf)),
    }));
  }

  async #find(
    servers: WalletServers,
    entries: readonly WalletEntry[],
    options: WalletCallOptions,
    interrupted?: Journal,
  ): Promise<WalletEntry[]> {
    if (entries.length === 0) return [];
    const answers = await findAll(
      servers,
      entries.map(({ coin }) => coin),
      isOpenAt,
      options,
    );
    refuseAborted(options);
    const nowMs = this.#options.now();
    return this.#putAll(entries, ({ coin, modifiedMs }, i) => {
      const ageMs = nowMs - (interrupted?.startedMs ?? modifiedMs);
      const settlements = answers[i]!.map((answer, server) =>
        isOpenAt(coin, server)
          ? settle(isIssue(answer) ? undefined : answer, ageMs, interrupted?.kind === "fix")
          : undefined,
      );
      return settledCoin(coin, settlements);
    });
  }

  async #pown(
    servers: WalletServers,
    entries: readonly WalletEntry[],
    options: WalletCallOptions,
  ): Promise<WalletEntry[]> {
    if (entries.length === 0) return [];
    const proposed = withProposals(entries, await this.#begin("pown", entries));
    const answers = await pownAll(servers, proposed, options);
    const after = await this.#putAll(entries, (_, i) =>
      settledCoin(
        proposed[i]!,
        answers[i]!.map((answer) => {
          if (typeof answer === "boolean") return answer ? "proposed" : "neither";
          // A request that was never sent changes nothing.
          return isIssue(answer) && answer.code === "unreachable" ? undefined : "open";
        }),
      ),
    );
    await this.#store.removeJournal();
    return after;
  }

  async #heal(
    servers: WalletServers,
    entries: readonly WalletEntry[],
    { signal, onProgress }: WalletCallOptions,
  ): Promise<Map<WalletEntry, WalletEntry>> {
    if (entries.length === 0) return new Map();
    const { panGenerators } = await this.#begin("fix", entries);
    const { coins } = await this.#healing(
      servers.heal(
        entries.map(({ coin }) => coin),
        { panGenerators, timeoutMs: Infinity, ...(signal && { signal }), ...(onProgress && { onProgress }) },
      ),
    );
    const after = await this.#putAll(entries, ({ coin }, i) => {
      const { ans, states, proposedAns } = coins[i]!;
      return {
        ...coin,
        ans,
        proposedAns: ans.map((an, server) => proposedAns[server] ?? an),
        pown: mergePown(coin.pown, states.map(letterOfState)),
      };
    });
    await this.#store.removeJournal();
    return new Map(entries.map((entry, i) => [entry, after[i]!]));
  }

  /** Awaits a healing, and removes the journal if it ended before its first fix was sent. */
  async #healing(healing: Promise<Healing>): Promise<Healing> {
    try {
      return await healing;
    } catch (error) {
      if (isWireError(error) && /^(cancelled|timeout|argument)$/.test(error.code)) await this.#store.removeJournal();
      throw error;
    }
  }

  /** Completes the change of a process that died: finds out at the servers which numbers they took. */
  async #recover(
    servers: WalletServers,
    options: WalletCallOptions,
  ): Promise<{ readonly before: readonly WalletEntry[]; readonly after: readonly WalletEntry[] }> {
    const journal = await this.#store.readJournal();
    if (journal === undefined) return { before: [], after: [] };
    const { entries, problems } = await this.#store.load();
    const found = new Set(entries.map(({ coin }) => nameOf(coin)));
    const missing = journal.coins.filter((coin) => !found.has(nameOf(coin))).length;
    // Without problem files, the missing coins were taken out of the wallet on purpose.
    if (missing > 0 && problems.length > 0) refuseUnusable(missing, problems[0]!);
    // A coin with proposed numbers in its file was written after the servers had answered.
    const names = new Set(journal.coins.map(nameOf));
    const before = entries.filter((entry) => isBanked(entry) && names.has(nameOf(entry.coin)));
    const proposed = withProposals(before, journal);
    const after = await this.#find(
      servers,
      before.map((entry, i) => ({ ...entry, coin: proposed[i]! })),
      options,
      journal,
    );
    await this.#store.removeJournal();
    return { before, after };
  }

  async #begin(kind: Journal["kind"], entries: readonly WalletEntry[]): Promise<Journal> {
    const { now, random } = this.#options;
    const panGenerators = Array.from({ length: RAIDA_COUNT }, () => random(16).slice());
    const coins = entries.map(({ coin: { denomination, serial } }) => ({ denomination, serial }));
    const journal = { kind, startedMs: now(), panGenerators, coins };
    await this.#store.writeJournal(journal);
    return journal;
  }

  async #putAll(
    entries: readonly WalletEntry[],
    change: (entry: WalletEntry, index: number) => WalletCoin,
  ): Promise<WalletEntry[]> {
    const after: WalletEntry[] = [];
    for (const [i, entry] of entries.entries()) after.push(await this.#store.put(entry, change(entry, i)));
    await this.#store.sync();
    return after;
  }
}

function reportOf(
  before: readonly WalletEntry[],
  after: readonly WalletEntry[],
  problems: readonly WalletProblem[],
): WalletReport {
  const coins = after.map(({ coin, folder }, i) => ({
    denomination: coin.denomination,
    serial: coin.serial,
    from: before[i]!.folder,
    folder,
    pown: coin.pown,
    changed: serversWhere((server) => !equalBytes(coin.ans[server]!, before[i]!.coin.ans[server]!)),
    open: serversWhere((server) => isOpenAt(coin, server)),
  }));
  return { coins, problems };
}

function isBanked({ folder, coin }: WalletEntry): boolean {
  return (folder === "BANK" || folder === "FRACKED") && !isOpen(coin);
}

/** The coins with the numbers that servers may have taken; for a fix, only the servers that denied the coin. */
function withProposals(entries: readonly WalletEntry[], { kind, panGenerators }: Journal): WalletCoin[] {
  const coins = entries.map(({ coin }) => coin);
  const proposals = proposedAnsOf(panGenerators, coins);
  return coins.map((coin, i) => {
    const isProposed = (server: number): boolean => kind === "pown" || coin.pown[server] !== "p";
    return { ...coin, proposedAns: coin.ans.map((an, server) => (isProposed(server) ? proposals[i]![server]! : an)) };
  });
}

function nameOf({ denomination, serial }: Pick<Coin, "denomination" | "serial">): string {
  return `${denomination}:${serial}`;
}

function serversWhere(holds: (server: number) => boolean): number[] {
  return Array.from({ length: RAIDA_COUNT }, (_, server) => server).filter(holds);
}

function refuseUnusable(missing: number, { path, error }: WalletProblem): never {
  const actual = `${missing} in unusable files: ${describeIssue(error)}`;
  refuse("storage", path, "all coins of the interrupted change", actual);
}

function refuseAborted({ signal }: WalletCallOptions): void {
  if (signal?.aborted) refuse("cancelled", "", "the answers of all servers", "an abort");
}

function refuse(code: WireErrorCode, path: string, expected: string, actual: string): never {
  throw new WireError({ code, format: "raida_wallet", path, expected, actual });
}
