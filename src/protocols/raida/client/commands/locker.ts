import { isBytes } from "../../../../bytes/index.js";
import {
  CommandGroup,
  encodePeekRequest,
  encodeStoreSumRequest,
  LockerCommand,
  Status,
  tryDecodePeekReply,
} from "../../../../codec/gen/raida/index.js";
import {
  countCoins,
  map,
  none,
  NOTHING,
  readVerdict,
  refuse,
  repeated,
  SUM_FILLING,
  unexpected,
  type ClientCommand,
} from "./command.js";

export const storeSum: ClientCommand<"storeSum"> = {
  group: CommandGroup.locker,
  number: LockerCommand.storeSum,
  modern: "never",
  isIdempotent: false,
  filling: SUM_FILLING,
  count: countCoins,
  check({ lockerKey }) {
    if (!isBytes(lockerKey) || lockerKey.length !== 16 || lockerKey.subarray(12).some((byte) => byte !== 0xff)) {
      refuse("lockerKey", "16 bytes that end in FF FF FF FF");
    }
  },
  body: ({ coins, sum, lockerKey }, challenge, extra) =>
    encodeStoreSumRequest({ challenge, coins: repeated(coins, extra), sum, lockerKey }),
  reply: (request, answer) => map(readVerdict(request, answer), (stored) => ({ stored })),
};

export const peek: ClientCommand<"peek"> = {
  group: CommandGroup.locker,
  number: LockerCommand.peek,
  modern: "never",
  isIdempotent: true,
  count: none,
  body: (_, challenge) => encodePeekRequest({ challenge, payload: NOTHING }),
  reply: (request, answer) =>
    answer.status === Status.allPass ? tryDecodePeekReply(answer.body) : unexpected(request, answer),
};
