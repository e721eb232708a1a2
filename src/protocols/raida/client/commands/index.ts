/** The table of all commands of a client. */
import { argumentError, type Result } from "../../../../errors.js";
import { CommandGroup } from "../../../../codec/gen/raida/index.js";
import { RAIDA_COUNT } from "../../protocol.js";
import { detect, detectSum, pown, pownSum } from "./auth.js";
import { withWireErrors, type ClientCommand, type CommandOptions } from "./command.js";
import { find, fix, getTicket, validateTicket } from "./healing.js";
import { fixEncryption, getEncryptionTicket } from "./key-exchange.js";
import { peek, storeSum } from "./locker.js";
import { audit, echo, showStats, version } from "./status.js";
import type { PlainRequest } from "../plain-request.js";
import type { RaidaCommand, RaidaReplies, RaidaRequest, RequestOf } from "../requests.js";
import type { Answer } from "../encrypted-request.js";

const COMMANDS: { readonly [C in RaidaCommand]: ClientCommand<C> } = {
  echo,
  version,
  showStats,
  audit,
  detect,
  detectSum,
  pown,
  pownSum,
  getTicket,
  validateTicket,
  find,
  fix,
  getEncryptionTicket,
  fixEncryption,
  storeSum,
  peek,
};

/** The names of all commands. */
export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly RaidaCommand[];

/** The options of the client that plain requests need. */
export interface PlainRequestOptions extends CommandOptions {
  /** Group of commands 44 and 45; 4 on every known server. */
  readonly keyExchangeGroup: number;
}

/** The plain request of a request. @throws WireError `argument` */
export function plainRequestOf<C extends RaidaCommand>(
  request: RequestOf<C>,
  options: PlainRequestOptions,
): PlainRequest {
  const { server } = request;
  if (!(server >= 0 && server < RAIDA_COUNT && Number.isInteger(server))) {
    throw argumentError("raida", "server", "0 to 24", String(server));
  }
  const command = commandOf(request);
  const coinCount = command.count(request);
  command.check?.(request, options);
  const { group, number, modern, isIdempotent, isClear = false, padding, anyLength = false } = command;
  return {
    server,
    group: group === CommandGroup.keyExchange ? options.keyExchangeGroup : group,
    command: number,
    coinCount,
    modern,
    isIdempotent,
    isClear,
    padding,
    anyLength,
    body: (challenge, extra) => withWireErrors(() => command.body(request, challenge, extra, options)),
  };
}

/** Reads the reply in an answer. */
export function replyOf<C extends RaidaCommand>(request: RequestOf<C>, answer: Answer): Result<RaidaReplies[C]> {
  return commandOf(request).reply(request, answer);
}

function commandOf<C extends RaidaCommand>(request: RequestOf<C>): ClientCommand<C> {
  const { command } = request as RaidaRequest;
  if (!Object.hasOwn(COMMANDS, command))
    throw argumentError("raida", "command", COMMAND_NAMES.join(", "), String(command));
  return COMMANDS[command] as unknown as ClientCommand<C>;
}
