import {
  CommandGroup,
  decodeStoreSumRequest,
  encodePeekReply,
  EncryptionType,
  LockerCommand,
  Status,
} from "../../../../codec/gen/raida/index.js";
import { payloadOf, type CommandTable, type NodeContext } from "../context.js";
import { Draft } from "../draft.js";
import { isLockerKey } from "../lockers.js";
import type { Request } from "../request.js";
import { isSumRight } from "./auth.js";

/** Group 8: coins under one key. */
export const LOCKER_COMMANDS: CommandTable = [
  [CommandGroup.locker, LockerCommand.storeSum, storeSum],
  [CommandGroup.locker, LockerCommand.peek, peek],
];

function storeSum(request: Request, node: NodeContext): void {
  if (node.countOfCoins(request, 50, 5) === 0) return;
  const { coins, sum, lockerKey } = decodeStoreSumRequest(request.body);
  node.withKnownPages(request, coins, () => {
    if (!isLockerKey(lockerKey)) return node.answer(request, Status.errorInvalidPan);
    if (!isSumRight(coins, sum, node)) return node.answer(request, Status.allFail);
    const draft = new Draft(node.pages, node.month(), coins.length);
    for (const coin of coins) draft.set(coin, lockerKey);
    node.store(request, draft, () => {
      node.lockers.put(lockerKey, coins);
      node.answer(request, Status.allPass);
    });
  });
}

function peek(request: Request, node: NodeContext): void {
  const locker =
    request.encryptionType === EncryptionType.aes128Locker ? node.lockers.find(request.lockerName) : undefined;
  if (locker === undefined) return node.answer(request, Status.errorEncryptionKeyNotFound);
  const known = [...locker.coins.values()];
  node.withPages(request, known, () => {
    // What has been powned since has left the locker.
    const coins = known.filter((coin) => node.pages.isAuthentic(coin, locker.key));
    node.answer(request, Status.allPass, payloadOf(encodePeekReply({ coins })));
  });
}
