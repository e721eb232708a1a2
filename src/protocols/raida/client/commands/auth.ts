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
  SUM_FILLING,
  withPhantomPairs,
  withPhantoms,
  type ClientCommand,
} from "./command.js";

export const detect: ClientCommand<"detect"> = {
  group: CommandGroup.auth,
  number: AuthCommand.detect,
  modern: "phantom",
  isIdempotent: true,
  filling: { entryBytes: 21, step: 1, replyBytes: bitmapBytes },
  count: countCoins,
  body: ({ coins }, challenge, extra, options) =>
    encodeDetectRequest({ challenge, coins: withPhantoms(coins, extra, options) }),
  reply: (request, answer) => map(readPassed(request, answer), (authentic) => ({ authentic })),
};

export const detectSum: ClientCommand<"detectSum"> = {
  group: CommandGroup.auth,
  number: AuthCommand.detectSum,
  modern: "never",
  isIdempotent: true,
  filling: SUM_FILLING,
  count: countCoins,
  body: ({ coins, sum }, challenge, extra) => encodeDetectSumRequest({ challenge, coins: repeated(coins, extra), sum }),
  reply: (request, answer) => map(readVerdict(request, answer), (authentic) => ({ authentic })),
};

export const pown: ClientCommand<"pown"> = {
  group: CommandGroup.auth,
  number: AuthCommand.pown,
  modern: "phantom",
  isIdempotent: false,
  filling: { entryBytes: 37, step: 1, replyBytes: bitmapBytes },
  count: countCoins,
  /** A pown that changes nothing would leave a coin with whoever knew its number. */
  check({ coins }) {
    const index = coins.findIndex(({ an, pan }) => isBytes(an) && isBytes(pan) && equalBytes(an, pan));
    if (index >= 0) refuse(`coins[${index}].pan`, "another number than the one it replaces");
  },
  body: ({ coins }, challenge, extra, options) =>
    encodePownRequest({ challenge, coins: withPhantomPairs(coins, extra, options) }),
  reply: (request, answer) => map(readPassed(request, answer), (authentic) => ({ authentic })),
};

export const pownSum: ClientCommand<"pownSum"> = {
  group: CommandGroup.auth,
  number: AuthCommand.pownSum,
  modern: "never",
  isIdempotent: false,
  filling: SUM_FILLING,
  count: countCoins,
  check({ difference }) {
    if (isBytes(difference) && equalBytes(difference, new Uint8Array(AN_BYTES)))
      refuse("difference", "not zero: nothing would change");
  },
  body: ({ coins, sum, difference }, challenge, extra) =>
    encodePownSumRequest({ challenge, coins: repeated(coins, extra), sum, difference }),
  reply: (request, answer) => map(readVerdict(request, answer), (authentic) => ({ authentic })),
};
