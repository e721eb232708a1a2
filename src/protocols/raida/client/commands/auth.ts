/** The client side of the auth group: detect, pown and their sums. */
import { equalBytes, isBytes } from "../../../../bytes/index.js";
import {
  AuthCommand,
  CommandGroup,
  encodeDetectRequest,
  encodeDetectSumRequest,
  encodePownRequest,
  encodePownSumRequest,
} from "../../../../codec/gen/raida/index.js";
import {
  AN_BYTES,
  bitmapBytes,
  countCoins,
  map,
  readPassed,
  readVerdict,
  refuse,
  repeated,
  SUM_PADDING,
  withPaddingPairs,
  withPadding,
  type ClientCommand,
} from "./command.js";

export const detect: ClientCommand<"detect"> = {
  group: CommandGroup.auth,
  number: AuthCommand.detect,
  modern: "padded",
  isIdempotent: true,
  padding: { entryBytes: 21, step: 1, replyBytes: bitmapBytes },
  count: countCoins,
  body: ({ coins }, challenge, extra, options) =>
    encodeDetectRequest({ challenge, coins: withPadding(coins, extra, options) }),
  reply: (request, answer) => map(readPassed(request, answer), (authentic) => ({ authentic })),
};

export const detectSum: ClientCommand<"detectSum"> = {
  group: CommandGroup.auth,
  number: AuthCommand.detectSum,
  modern: "never",
  isIdempotent: true,
  padding: SUM_PADDING,
  count: countCoins,
  body: ({ coins, sum }, challenge, extra) => encodeDetectSumRequest({ challenge, coins: repeated(coins, extra), sum }),
  reply: (request, answer) => map(readVerdict(request, answer), (authentic) => ({ authentic })),
};

export const pown: ClientCommand<"pown"> = {
  group: CommandGroup.auth,
  number: AuthCommand.pown,
  modern: "padded",
  isIdempotent: false,
  padding: { entryBytes: 37, step: 1, replyBytes: bitmapBytes },
  count: countCoins,
  /** A pown that does not change the number leaves the coin to everybody who knows it. */
  check({ coins }) {
    const index = coins.findIndex(({ an, pan }) => isBytes(an) && isBytes(pan) && equalBytes(an, pan));
    if (index >= 0) refuse(`coins[${index}].pan`, "a number other than the AN that it replaces");
  },
  body: ({ coins }, challenge, extra, options) =>
    encodePownRequest({ challenge, coins: withPaddingPairs(coins, extra, options) }),
  reply: (request, answer) => map(readPassed(request, answer), (authentic) => ({ authentic })),
};

export const pownSum: ClientCommand<"pownSum"> = {
  group: CommandGroup.auth,
  number: AuthCommand.pownSum,
  modern: "never",
  isIdempotent: false,
  padding: SUM_PADDING,
  count: countCoins,
  check({ difference }) {
    if (isBytes(difference) && equalBytes(difference, new Uint8Array(AN_BYTES)))
      refuse("difference", "a value other than zero, which changes nothing");
  },
  body: ({ coins, sum, difference }, challenge, extra) =>
    encodePownSumRequest({ challenge, coins: repeated(coins, extra), sum, difference }),
  reply: (request, answer) => map(readVerdict(request, answer), (authentic) => ({ authentic })),
};
