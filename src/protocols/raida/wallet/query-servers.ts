import { isWireError, WireError, type Result, type WireIssue } from "../../../errors.js";
import { FindResult, type CoinAn, type CoinAnPan } from "../../../codec/gen/raida/index.js";
import { FIND_COINS_MAX, HEAL_COINS_MAX } from "../client/coins.js";
import type { Healing, HealingOptions, HealPhase, HealProgress } from "../client/healing-run.js";
import type { RaidaReplies } from "../client/requests.js";
import { RAIDA_COUNT, type Coin, type RaidaId } from "../protocol.js";
import type { WalletCoin } from "./coin-file.js";

interface Bounds {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** The 25 servers as a wallet asks them; `createRaidaClient` makes one. */
export interface WalletServers {
  detect(request: { server: RaidaId; coins: CoinAn[] }, bounds?: Bounds): Promise<RaidaReplies["detect"]>;
  pown(request: { server: RaidaId; coins: CoinAnPan[] }, bounds?: Bounds): Promise<RaidaReplies["pown"]>;
  find(request: { server: RaidaId; coins: CoinAnPan[] }, bounds?: Bounds): Promise<RaidaReplies["find"]>;
  heal(
    coins: readonly Coin[],
    options?: Bounds & HealingOptions & { readonly onProgress?: (progress: HealProgress) => void },
  ): Promise<Healing>;
}

/** One server has answered, or not, in one phase. */
export interface WalletProgress extends Omit<HealProgress, "type" | "phase"> {
  readonly phase: HealPhase | "find" | "pown";
}

export interface WalletCallOptions {
  readonly signal?: AbortSignal;
  /** What one detect, find or pown may take. */
  readonly requestTimeoutMs?: number;
  readonly onProgress?: (progress: WalletProgress) => void;
}

/** @throws WireError `argument` for options that no call can work with: nothing has been written or sent then */
export function checkCallOptions(options: WalletCallOptions): void {
  const refuse = (path: string, expected: string): never => {
    throw new WireError({ code: "argument", format: "raida_wallet", path, offset: 0, expected });
  };
  if (typeof options !== "object" || options === null) refuse("options", "an object");
  const { signal, requestTimeoutMs, onProgress } = options;
  if (signal !== undefined && typeof signal?.addEventListener !== "function") refuse("signal", "an AbortSignal");
  const isTime = typeof requestTimeoutMs === "number" && requestTimeoutMs >= 0;
  if (requestTimeoutMs !== undefined && !isTime) refuse("requestTimeoutMs", "0 or more");
  if (onProgress !== undefined && typeof onProgress !== "function") refuse("onProgress", "a function");
}

/** What a server said of a coin, why it said nothing, or undefined when it was not asked. */
export type Answer<T> = T | WireIssue | undefined;

/** Asks all servers about all coins. @returns answers by coin, then by server */
export function detectAll(
  servers: WalletServers,
  coins: readonly WalletCoin[],
  options: WalletCallOptions,
): Promise<Answer<boolean>[][]> {
  return askAll(
    coins,
    () => true,
    HEAL_COINS_MAX,
    "detect",
    options,
    async (server, part, bounds) => {
      const asked = part.map(({ denomination, serial, ans }) => ({ denomination, serial, an: ans[server]! }));
      return [...(await servers.detect({ server, coins: asked }, bounds)).authentic];
    },
  );
}

/** Asks each server for which `isAsked` which number of a coin it holds. */
export function findAll(
  servers: WalletServers,
  coins: readonly WalletCoin[],
  isAsked: (coin: WalletCoin, server: RaidaId) => boolean,
  options: WalletCallOptions,
): Promise<Answer<FindResult>[][]> {
  return askAll(coins, isAsked, FIND_COINS_MAX, "find", options, async (server, part, bounds) => [
    ...(await servers.find({ server, coins: part.map((coin) => withProposed(coin, server)) }, bounds)).results,
  ]);
}

/** Has all servers replace the numbers of coins by the proposed ones. */
export function pownAll(
  servers: WalletServers,
  coins: readonly WalletCoin[],
  options: WalletCallOptions,
): Promise<Answer<boolean>[][]> {
  return askAll(
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

export function isIssue(answer: Answer<unknown>): answer is WireIssue {
  return typeof answer === "object" && answer !== null;
}

async function askAll<T extends boolean | FindResult>(
  coins: readonly WalletCoin[],
  isAsked: (coin: WalletCoin, server: RaidaId) => boolean,
  most: number,
  phase: WalletProgress["phase"],
  { signal, requestTimeoutMs, onProgress }: WalletCallOptions,
  ask: (server: RaidaId, part: readonly WalletCoin[], bounds: Bounds) => Promise<readonly T[]>,
): Promise<Answer<T>[][]> {
  const answers = coins.map(() => new Array<Answer<T>>(RAIDA_COUNT).fill(undefined));
  const askServer = async (server: RaidaId, ending: AbortSignal): Promise<void> => {
    const bounds = { signal: ending, ...(requestTimeoutMs !== undefined && { timeoutMs: requestTimeoutMs }) };
    const indices = coins.flatMap((coin, i) => (isAsked(coin, server) ? [i] : []));
    for (let at = 0; at < indices.length; at += most) {
      const part = indices.slice(at, at + most);
      const said = await answerOf(
        ask(
          server,
          part.map((i) => coins[i]!),
          bounds,
        ),
      );
      part.forEach((coin, i) => (answers[coin]![server] = said.ok ? said.value[i] : said.error));
      const yes = said.ok ? said.value.filter((one) => one !== false && one !== FindResult.neither).length : 0;
      onProgress?.({ phase, server, coins: yes, of: part.length, error: said.ok ? undefined : said.error });
      if (said.ok) continue;
      // Who does not answer once is not asked again.
      for (const coin of indices.slice(at + most)) answers[coin]![server] = said.error;
      return;
    }
  };
  // A signal for each server: one for all would warn of its many listeners.
  const controllers = Array.from({ length: RAIDA_COUNT }, () => new AbortController());
  const abort = (): void => controllers.forEach((controller) => controller.abort(signal?.reason));
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    await Promise.all(controllers.map((controller, server) => askServer(server, controller.signal)));
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
