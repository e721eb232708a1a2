/** The client side of the locker group: store_sum and peek. */
import { lengthOf } from "../../../../bytes/checks.js";
import {
  CommandGroup,
  encodePeekRequest,
  encodeStoreSumRequest,
  LockerCommand,
  Status,
  tryDecodePeekReply,
} from "../../../../codec/gen/raida/index.js";
import { countCoins, map, none, readVerdict, refuse, unexpected, type ClientCommand } from "./command.js";

const LOCKER_KEY_BYTES = 16;

export const storeSum: ClientCommand<"storeSum"> = {
  group: CommandGroup.locker,
  number: LockerCommand.storeSum,
  modern: "never",
  isIdempotent: false,
  // No padding: a C server's peek would list the padding coins again.
  anyLength: true,
  count: countCoins,
  check({ lockerKey }) {
    if (lengthOf(lockerKey) !== LOCKER_KEY_BYTES || lockerKey.subarray(12).some((byte) => byte !== 0xff)) {
      refuse("lockerKey", `${LOCKER_KEY_BYTES} bytes that end in FF FF FF FF`);
    }
  },
  body: ({ coins, sum, lockerKey }, challenge) =>
    encodeStoreSumRequest({ challenge, coins: [...coins], sum, lockerKey }),
  reply: (request, answer) => map(readVerdict(request, answer), (stored) => ({ stored })),
};

export const peek: ClientCommand<"peek"> = {
  group: CommandGroup.locker,
  number: LockerCommand.peek,
  modern: "never",
  isIdempotent: true,
  count: none,
  check: ({ lockerKey }, { lockerKey: fallback }) =>
    void (lengthOf(lockerKey ?? fallback) === LOCKER_KEY_BYTES || refuse("lockerKey", `${LOCKER_KEY_BYTES} bytes`)),
  body: ({ lockerKey }, challenge, _, { lockerKey: fallback }) =>
    encodePeekRequest({ challenge, lockerKey: (lockerKey ?? fallback)! }),
  reply(request, answer) {
    const { status, body } = answer;
    if (status === Status.allPass) return tryDecodePeekReply(body);
    // No locker has the key.
    return status === Status.allFail ? { ok: true, value: { coins: [] } } : unexpected(request, answer);
  },
};
