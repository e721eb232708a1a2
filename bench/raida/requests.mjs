/** Requests of the cells, and the coins that they name. */
import {
  CommandGroup,
  AuthCommand,
  encodeDetectRequest,
  encodeEchoRequest,
  encodeGetTicketRequest,
  encodePownRequest,
  encodeRequestHeader,
  HealingCommand,
  REQUEST_HEADER_LEGACY_DEFAULTS,
  Status,
  StatusCommand,
} from "specwire/raida";

/** Coins that the server keeps, on four pages. */
export const COINS = 4_096;
export const DENOMINATION = 1;
/** Where an answer has its status. */
export const STATUS_AT = 2;

/** What each command is, its body, and how a server answers that agrees: the status, and the bytes. */
export const COMMANDS = {
  echo: {
    group: CommandGroup.status,
    number: StatusCommand.echo,
    encode: (challenge) => encodeEchoRequest({ challenge, payload: new Uint8Array(0) }),
    status: Status.success,
    replyBytes: 32,
  },
  getTicket: {
    group: CommandGroup.healing,
    number: HealingCommand.getTicket,
    encode: (challenge, coins) => encodeGetTicketRequest({ challenge, coins }),
    status: Status.allPass,
    replyBytes: 38,
  },
  detect: {
    group: CommandGroup.auth,
    number: AuthCommand.detect,
    encode: (challenge, coins) => encodeDetectRequest({ challenge, coins }),
    status: Status.allPass,
    replyBytes: 32,
  },
  pown: {
    group: CommandGroup.auth,
    number: AuthCommand.pown,
    // The new number is the old one, so that the request is as good the next time.
    encode: (challenge, coins) => encodePownRequest({ challenge, coins: coins.map((c) => ({ ...c, pan: c.an })) }),
    status: Status.allPass,
    replyBytes: 32,
  },
};

/** `count` coins from serial number `first` on, round and round. */
export function makeCoins(count, first = 0) {
  return Array.from({ length: count }, (_, i) => {
    const serial = (first + i) % COINS;
    const an = Uint8Array.from({ length: 16 }, (_byte, at) => (serial * 7 + at * 13 + (serial >> 8)) & 0xff);
    return { denomination: DENOMINATION, serial, an };
  });
}

export function request(command, coins) {
  const { group, number, encode } = COMMANDS[command];
  const body = encode(
    Uint8Array.from({ length: 12 }, (_, i) => 0xa0 + i),
    coins,
  );
  const header = encodeRequestHeader({
    ...REQUEST_HEADER_LEGACY_DEFAULTS,
    raidaId: 0,
    commandGroup: group,
    command: number,
    bodyLength: body.length,
    nonce: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  });
  const bytes = new Uint8Array(header.length + body.length);
  bytes.set(header);
  bytes.set(body, header.length);
  return bytes;
}
