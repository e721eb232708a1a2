/** The queries of a wallet: detect, find and pown of many coins at all servers. */
import { argumentError, isWireError, type Result, type WireIssue } from "../../../errors.js";
import { FindResult, type CoinAn, type CoinAnPan } from "../../../codec/gen/raida/index.js";
import { FIND_COINS_MAX, HEAL_COINS_MAX } from "../client/coins.js";
import type { Healing, HealingOptions, HealPhase, HealProgress } from "../client/healing-run.js";
import type { RaidaReplies } from "../client/requests.js";
import { RAIDA_COUNT, type Coin, type RaidaId } from "../protocol.js";
import type { WalletCoin } from "./coin-file.js";

/** The bounds of one request. */
interface Bounds {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** The 25 servers as a wallet needs them; `createRaidaClient` makes them. */
export interface WalletServers {
  detect(request: { server: RaidaId; coins: CoinAn[] }, bounds?: Bounds): Promise<RaidaReplies["detect"]>;
  pown(request: { server: RaidaId; coins: CoinAnPan[] }, bounds?: Bounds): Promise<RaidaReplies["pown"]>;
  find(request: { server: RaidaId; coins: CoinAnPan[] }, bounds?: Bounds): Promise<RaidaReplies["find"]>;
  heal(
    coins: readonly Coin[],
    options?: Bounds & HealingOptions & { readonly onProgress?: (progress: HealProgress) => void },
  ): Promise<Healing>;
}

/** Tells that one server answered, or failed to, in one phase. */
export interface WalletProgress extends Omit<HealProgress, "type" | "phase"> {
  readonly phase: HealPhase | "find" | "pown";
}

/** The options of a call of a wallet. */
export interface WalletCallOptions {
  /** Ends the call with the error `cancelled`. */
  readonly signal?: AbortSignal;
  /** Deadline of each detect, find and pown. */
  readonly requestTimeoutMs?: number;
  /** Is called as the servers answer. */
  readonly onProgress?: (progress: WalletProgress) => void;
}

/** Checks the options before anything is written or sent. @throws WireError `argument` */
export function checkCallOptions(options: WalletCallOptions): void {
  const refuse = (path: string, expected: string): never => {
    throw argumentError("raida_wallet", path, expected);
  };
  if (typeof options !== "object" || options === null) refuse("options", "an object");
  const { signal, requestTimeoutMs, onProgress } = options;
  if (signal !== undefined && typeof signal?.addEventListener !== "function") refuse("signal", "an AbortSignal");
  const isTime = typeof requestTimeoutMs === "number" && requestTimeoutMs >= 0;
  if (requestTimeoutMs !== undefined && !isTime) refuse("requestTimeoutMs", "0 or more");
  if (onProgress !== undefined && typeof onProgress !== "function") refuse("onProgress", "a function");
}

/** The result of a server for one coin, the error of its request, or undefined if no request was sent. */
export type ServerAnswer<T> = T | WireIssue | undefined;

/** Sends a detect of all coins to all servers. @returns answers by coin, then by server */
export function detectAll(
  servers: WalletServers,
  coins: readonly WalletCoin[],
  options: WalletCallOptions,
): Promise<ServerAnswer<boolean>[][]> {
  return queryAll(
    coins,
    () => true,
    HEAL_COINS_MAX,
    "detect",
    options,
    async (server, part, bounds) => {
      const named = part.map(({ denomination, serial, ans }) => ({ denomination, serial, an: ans[server]! }));
      return [...(await servers.detect({ server, coins: named }, bounds)).authentic];
    },
  );
}

/** Sends a find of the coins to all servers for which `isQueried` is true. @returns answers by coin, then by server */
export function findAll(
  servers: WalletServers,
  coins: readonly WalletCoin[],
  isQueried: (coin: WalletCoin, server: RaidaId) => boolean,
  options: WalletCallOptions,
): Promise<ServerAnswer<FindResult>[][]> {
  return queryAll(coins, isQueried, FIND_COINS_MAX, "find", options, async (server, part, bounds) => [
    ...(await servers.find({ server, coins: part.map((coin) => withProposed(coin, server)) }, bounds)).results,
  ]);
}

/** Sends a pown of all coins to all servers. @returns answers by coin, then by server */
export function pownAll(
  servers: WalletServers,
  coins: readonly WalletCoin[],
  options: WalletCallOptions,
): Promise<ServerAnswer<boolean>[][]> {
  return queryAll(
    coins,
    () => true,
    FIND_COINS_MAX,
    "pown",
    options,
    async (server, part, bounds) => [
      ...(await servers.pown({ server, coins: part.map((coin) => withProposed(coin, server)) }, bounds)).authentic,
    ],
  );
}

export function isIssue(answer: ServerAnswer<unknown>): answer is WireIssue {
  return typeof answer === "object" && answer !== null;
}

async function queryAll<T extends boolean | FindResult>(
  coins: readonly WalletCoin[],
  isQueried: (coin: WalletCoin, server: RaidaId) => boolean,
  most: number,
  phase: WalletProgress["phase"],
  { signal, requestTimeoutMs, onProgress }: WalletCallOptions,
  query: (server: RaidaId, part: readonly WalletCoin[], bounds: Bounds) => Promise<readonly T[]>,
): Promise<ServerAnswer<T>[][]> {
  const answers = coins.map(() => new Array<ServerAnswer<T>>(RAIDA_COUNT).fill(undefined));
  const queryServer = async (server: RaidaId, ending: AbortSignal): Promise<void> => {
    const bounds = { signal: ending, ...(requestTimeoutMs !== undefined && { timeoutMs: requestTimeoutMs }) };
    const indices = coins.flatMap((coin, i) => (isQueried(coin, server) ? [i] : []));
    for (let at = 0; at < indices.length; at += most) {
      const part = indices.slice(at, at + most);
      const result = await answerOf(
        query(
          server,
          part.map((i) => coins[i]!),
          bounds,
        ),
      );
      part.forEach((coin, i) => (answers[coin]![server] = result.ok ? result.value[i] : result.error));
      const yes = result.ok ? result.value.filter((one) => one !== false && one !== FindResult.neither).length : 0;
      onProgress?.({ phase, server, coins: yes, of: part.length, error: result.ok ? undefined : result.error });
      if (result.ok) continue;
      // A server that fails once gets no further requests.
      for (const coin of indices.slice(at + most)) answers[coin]![server] = result.error;
      return;
    }
  };
  // One signal per server: Node.js warns of more than 10 listeners of one signal.
  const controllers = Array.from({ length: RAIDA_COUNT }, () => new AbortController());
  const abort = (): void => controllers.forEach((controller) => controller.abort(signal?.reason));
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    await Promise.all(controllers.map((controller, server) => queryServer(server, controller.signal)));
  } finally {
    signal?.removeEventListener("abort", abort);
  }
  return answers;
}

async function answerOf<T>(answer: Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await answer };
  } catch (error) {
    if (isWireError(error)) return { ok: false, error: error.toJSON() };
    throw error;
  }
}

function withProposed({ denomination, serial, ans, proposedAns }: WalletCoin, server: RaidaId): CoinAnPan {
  return { denomination, serial, an: ans[server]!, pan: proposedAns![server]! };
}
