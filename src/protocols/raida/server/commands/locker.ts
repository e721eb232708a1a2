/** Commands of group 8: lockers, which are coins that share one key. */
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

/** The commands of group 8. */
export const LOCKER_COMMANDS: CommandTable = [
  [CommandGroup.locker, LockerCommand.storeSum, storeSum],
  [CommandGroup.locker, LockerCommand.peek, peek],
];

function storeSum(request: Request, server: ServerContext): void {
  if (server.countOfCoins(request, 50, 5) === 0) return;
  const { coins, sum, lockerKey } = decodeStoreSumRequest(request.body);
  server.withKnownPages(request, coins, () => {
    if (!isSumRight(coins, sum, server)) return server.answer(request, Status.allFail);
    if (!isLockerKey(lockerKey)) return server.answer(request, Status.errorInvalidPan);
    const changes = new PageTransaction(server.pages, server.month(), coins.length);
    for (const coin of coins) changes.set(coin, lockerKey);
    server.store(request, changes, () => {
      server.lockers.put(lockerKey, coins);
      for (const { denomination } of coins) countPown(denomination, server);
      server.answer(request, Status.allPass);
    });
  });
}

/** Looks into the locker of the key in the payload, independent of the key that encrypts the request. */
function peek(request: Request, server: ServerContext): void {
  if (request.body.length !== PEEK_REQUEST_SIZE) return server.answer(request, Status.errorPacketLength);
  const { lockerKey } = decodePeekRequest(request.body);
  const find = (): Locker | undefined => server.lockers.get(lockerKey);
  server.withLocker(request, find, (locker) => {
    if (locker === undefined) return server.answer(request, Status.allFail);
    const { coins } = locker;
    const answer = (left: readonly CoinId[]): void =>
      server.answer(request, Status.allPass, payloadOf(encodePeekReply({ coins: [...left] })));
    // The C server never removes coins from its index.
    if (server.settings.profile === "reference") return answer(coins);
    server.withPages(request, coins, () => {
      // A coin that was powned meanwhile has left the locker.
      answer(coins.filter((coin) => server.pages.isAuthentic(coin, locker.key)));
    });
  });
}
