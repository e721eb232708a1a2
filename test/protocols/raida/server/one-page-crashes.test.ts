/** Tests of many changes on one page at a time: refused calls, crashes, and planted mistakes that they find. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { concatBytes, equalBytes } from "../../../../src/bytes/index.js";
import type { Disk } from "../../../../src/machine/index.js";
import { AN_BYTES, offsetOf, pageKey, RECORD_BYTES, Status } from "../../../../src/protocols/raida/index.js";
import { putCoins } from "../../../../src/protocols/raida/node.js";
import { Page } from "../../../../src/protocols/raida/server/page.js";
import { PageTransaction } from "../../../../src/protocols/raida/server/page-transaction.js";
import { FaultFiles, Random, type FileCall } from "../../../../src/testing/index.js";
import { scaled } from "../../../support/scale.js";
import { DETECT, POWN } from "../commands.js";
import { DurableServer, openCoins } from "../durable.js";
import { anOf, bodyOf, nameOf, request } from "../harness.js";

afterEach(() => vi.restoreAllMocks());

const COINS = 12;
const CHANGES = 40;
const NUMBERS = Array.from({ length: COINS }, (_, coin) => anOf(1, coin));

/** A pown that was asked for. */
interface Change {
  readonly coins: readonly number[];
  readonly pans: readonly Uint8Array[];
}

/** What the owner of the coins knows. */
interface Known {
  /** By coin: the number that is stored. */
  readonly numbers: readonly Uint8Array[];
  /** Changes without an answer. */
  readonly pending: readonly Change[];
  /** Refused changes that the disk could not undo yet: they may come back in a crash, whole. */
  readonly refused: readonly Change[];
}

/** An owner with many requests under way, some of which stand on others. */
class Owner {
  known: Known = { numbers: NUMBERS, pending: [], refused: [] };
  readonly statuses = new Map<number, number>();
  readonly #server: DurableServer;
  readonly #random: Random;
  /** By coin: the numbers that were stored, in order. */
  readonly #stored = NUMBERS.map((an) => [an]);

  constructor(server: DurableServer, random: Random) {
    this.#server = server;
    this.#random = random;
  }

  async live(): Promise<void> {
    const random = this.#random;
    const under: Promise<void>[] = [];
    for (let i = 0; i < CHANGES; i++) {
      under.push(random.chance(0.3) ? this.#detect(random.below(COINS)) : this.#pown());
      if (random.chance(0.1)) await Promise.all(under.splice(0));
    }
    await Promise.all(under);
  }

  /** Several idle coins, or one, perhaps with the number that a pown under way will set. */
  async #pown(): Promise<void> {
    const random = this.#random;
    const { numbers, pending } = this.known;
    const idle = NUMBERS.map((_, coin) => coin).filter((coin) => !pending.some(({ coins }) => coins.includes(coin)));
    const several = idle.filter(() => random.chance(0.3));
    const coins = several.length > 1 ? several : [random.below(COINS)];
    const change: Change = { coins, pans: coins.map(() => random.bytes(AN_BYTES)) };
    const before = pending.filter((one) => one.coins.includes(coins[0]!)).at(-1);
    const isOnTop = before !== undefined && random.chance(0.7);
    const ans = coins.map((coin) => (isOnTop ? before.pans[before.coins.indexOf(coin)]! : numbers[coin]!));
    this.known = { ...this.known, pending: [...pending, change] };
    const parts = coins.map((coin, i) => concatBytes(nameOf(1, coin), ans[i]!, change.pans[i]!));
    const status = await this.#ask(request(...POWN, bodyOf(...parts)));
    const left = this.known.pending.filter((one) => one !== change);
    if (status === Status.allPass) {
      for (const [i, coin] of coins.entries()) {
        // What a pown proves is what was stored when it was answered: nobody else has changed the coin since.
        if (!equalBytes(ans[i]!, this.known.numbers[coin]!)) throw new Error(`coin ${coin} stands on what was refused`);
        this.#stored[coin]!.push(change.pans[i]!);
      }
      const numbersNow = this.known.numbers.map((an, coin) => change.pans[coins.indexOf(coin)] ?? an);
      this.known = { numbers: numbersNow, pending: left, refused: [] };
    } else if (status === Status.errorFilesystem) {
      this.known = { ...this.known, pending: left, refused: [...this.known.refused, change] };
    } else if (status === Status.allFail && coins.length === 1) {
      this.known = { ...this.known, pending: left };
    } else {
      throw new Error(`the server answered ${status} to a pown`);
    }
  }

  /** An answer tells of a number that was stored while the request was under way. */
  async #detect(coin: number): Promise<void> {
    const stored = this.#stored[coin]!;
    const from = stored.length - 1;
    const pans = this.known.pending.flatMap(({ coins, pans: all }) => all[coins.indexOf(coin)] ?? []);
    const an = this.#random.pick([stored.at(-1)!, ...pans]);
    const status = await this.#ask(request(...DETECT, bodyOf(concatBytes(nameOf(1, coin), an))));
    if (status === Status.errorFilesystem) return;
    const isRight = stored.slice(from).map((one) => equalBytes(one, an));
    const mayBe = status === Status.allPass ? isRight.includes(true) : isRight.includes(false);
    if (!mayBe) throw new Error(`the server answered ${status} to a detect of coin ${coin}`);
  }

  async #ask(bytes: Uint8Array): Promise<number> {
    const status = (await this.#server.ask(bytes))[2]!;
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    return status;
  }
}

/** The numbers of all coins on a disk. */
async function numbersOn(disk: Disk): Promise<readonly Uint8Array[]> {
  const page = await new Promise<Uint8Array>((resolve, reject) =>
    disk.load({ key: pageKey(1, 0) }, (outcome) =>
      outcome.ok ? resolve(outcome.value.bytes!) : reject(new Error(outcome.error.actual)),
    ),
  );
  return NUMBERS.map((_, coin) => page.slice(offsetOf(coin), offsetOf(coin) + AN_BYTES));
}

/** Each coin has its stored number or that of a change that was not answered, and each change is whole. */
function check(found: readonly Uint8Array[], { numbers, pending, refused }: Known): void {
  const open = [...refused, ...pending];
  for (const [coin, an] of found.entries()) {
    const mayBe = [numbers[coin]!, ...open.flatMap(({ coins, pans }) => pans[coins.indexOf(coin)] ?? [])];
    if (!mayBe.some((one) => equalBytes(one, an))) throw new Error(`coin ${coin} has a number of nobody's`);
  }
  for (const change of open) {
    const others = open.filter((one) => one !== change && one.coins.some((coin) => change.coins.includes(coin)));
    const isThere = change.coins.map((coin, i) => equalBytes(found[coin]!, change.pans[i]!));
    if (others.length === 0 && new Set(isThere).size > 1) throw new Error("a pown is torn");
  }
}

/** Refused calls, by run. */
type Refuse = (call: FileCall) => string | undefined;

/** Plays a history, and checks what it leaves and what each crash would. @returns how often each status was answered */
async function play(run: number, refuse: Refuse, crashEvery: number): Promise<ReadonlyMap<number, number>> {
  const crashes = new Random(run, "crashes");
  const files = new FaultFiles(new Random(run, "files"));
  const empty = await openCoins(files);
  const coins = NUMBERS.map((an, serial) => ({ denomination: 1, serial, an }));
  await putCoins(empty, coins, { random: (n) => new Uint8Array(n) });
  await empty.close();
  const disk = await openCoins(files);
  const owner = new Owner(new DurableServer(disk), new Random(run, "history"));
  const left: { readonly files: FaultFiles; readonly known: Known; readonly what: string }[] = [];
  const first = files.calls;
  files.refuse = (call) => refuse({ ...call, index: call.index - first });
  files.changed = ({ index, kind, path }) => {
    if (index % crashEvery !== 0) return;
    left.push({ files: files.crashed(crashes), known: owner.known, what: `crash at call ${index}, ${kind} ${path}` });
  };
  try {
    await owner.live();
    files.refuse = () => undefined;
    check(await numbersOn(disk), { ...owner.known, refused: [] });
    await disk.close();
    const again = await openCoins(files);
    check(await numbersOn(again), { ...owner.known, refused: [] });
    await again.close();
    for (const { files: after, known, what } of left) {
      const survivor = await openCoins(after);
      const found = await numbersOn(survivor);
      await survivor.close();
      try {
        check(found, known);
      } catch (error) {
        throw new Error(what, { cause: error });
      }
    }
  } catch (error) {
    throw new Error(`run ${run}`, { cause: error });
  }
  return owner.statuses;
}

/** Some calls in a row fail. */
function someFail(run: number): Refuse {
  const random = new Random(run, "refusals");
  const [from, count] = [random.between(1, 60), random.pick([1, 1, 2, 20])];
  const reason = random.pick(["ENOSPC", "EIO"]);
  return ({ index, kind }) => (index >= from && index < from + count && kind !== "close" ? reason : undefined);
}

describe("many changes of one page at a time", () => {
  it("are each stored and answered, or neither, whatever calls fail and wherever a crash comes", async () => {
    const statuses = new Map<number, number>();
    const runs = scaled(60, 400);
    for (let run = 1; run <= runs; run++) {
      const refuse = run % 4 === 0 ? () => undefined : someFail(run);
      for (const [status, count] of await play(run, refuse, 3))
        statuses.set(status, (statuses.get(status) ?? 0) + count);
    }
    for (const status of [Status.allPass, Status.allFail, Status.errorFilesystem])
      expect(statuses.get(status)).toBeGreaterThan(2 * runs);
  });

  it.each<[string, () => void]>([
    ["lets a request see what is not stored", () => vi.spyOn(Page.prototype, "isHeld").mockReturnValue(false)],
    ["keeps what was refused", () => vi.spyOn(PageTransaction.prototype, "undo").mockReturnValue(undefined)],
    [
      "stores the neighbours of a coin with it",
      () => {
        const { writes } = PageTransaction.prototype;
        vi.spyOn(PageTransaction.prototype, "writes").mockImplementation(function (this: PageTransaction) {
          const { key } = writes.call(this)[0]!;
          const [page] = this.pages;
          return [{ key, at: 0, bytes: page!.bytes!.slice(0, COINS * RECORD_BYTES) }];
        });
      },
    ],
  ])("fail this test if the server %s", async (_, plant) => {
    plant();
    const playAll = async (): Promise<void> => {
      for (let run = 1; run <= 40; run++) await play(run, someFail(run), 3);
    };
    await expect(playAll()).rejects.toThrow(/^run \d+/);
  });
});
