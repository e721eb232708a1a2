/** Group 8: coins that share one key. */
import {
  CommandGroup,
  decodePeekRequest,
  decodeStoreSumRequest,
  encodePeekReply,
  LockerCommand,
  PEEK_REQUEST_SIZE,
  Status,
  type CoinId,
} from "../../../../codec/gen/raida/index.js";
import { payloadOf, type CommandTable, type ServerContext } from "../context.js";
import { PageTransaction } from "../page-transaction.js";
import { isLockerKey, type Locker } from "../lockers.js";
import type { Request } from "../request.js";
import { countPown, isSumRight } from "./auth.js";

export const LOCKER_COMMANDS: CommandTable = [
  [CommandGroup.locker, LockerCommand.storeSum, storeSum],
  [CommandGroup.locker, LockerCommand.peek, peek],
];

function storeSum(request: Request, node: ServerContext): void {
  if (node.countOfCoins(request, 50, 5) === 0) return;
  const { coins, sum, lockerKey } = decodeStoreSumRequest(request.body);
  node.withKnownPages(request, coins, () => {
    if (!isSumRight(coins, sum, node)) return node.answer(request, Status.allFail);
    if (!isLockerKey(lockerKey)) return node.answer(request, Status.errorInvalidPan);
    const draft = new PageTransaction(node.pages, node.month(), coins.length);
    for (const coin of coins) draft.set(coin, lockerKey);
    node.store(request, draft, () => {
      node.lockers.put(lockerKey, coins);
      for (const { denomination } of coins) countPown(denomination, node);
      node.answer(request, Status.allPass);
    });
  });
}

/** The locker is the one whose key the payload has, whatever has encrypted the request. */
function peek(request: Request, node: ServerContext): void {
  if (request.body.length !== PEEK_REQUEST_SIZE) return node.answer(request, Status.errorPacketLength);
  const { lockerKey } = decodePeekRequest(request.body);
  const find = (): Locker | undefined => node.lockers.of(lockerKey);
  node.withLocker(request, find, (locker) => {
    if (locker === undefined) return node.answer(request, Status.allFail);
    const { coins } = locker;
    const answer = (left: readonly CoinId[]): void =>
      node.answer(request, Status.allPass, payloadOf(encodePeekReply({ coins: [...left] })));
    // The reference takes nothing out of its index.
    if (node.settings.profile === "reference") return answer(coins);
    node.withPages(request, coins, () => {
      // What has been powned since has left the locker.
      answer(coins.filter((coin) => node.pages.isAuthentic(coin, locker.key)));
    });
  });
}
