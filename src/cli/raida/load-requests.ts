/** The requests of `raida load`. */
import { concatBytes } from "../../bytes/index.js";
import {
  AuthCommand,
  CommandGroup,
  encodeDetectRequest,
  encodeEchoRequest,
  encodeGetTicketRequest,
  encodePownRequest,
  encodeRequestHeader,
  HealingCommand,
  REQUEST_HEADER_LEGACY_DEFAULTS,
  StatusCommand,
  type CoinAn,
  type RaidaId,
} from "../../protocols/raida/index.js";
import { openWallet } from "../../protocols/raida/node.js";
import { systemEnv } from "../../host/index.js";

/**
 * Commands that may be repeated: none changes a coin, because a pown sets the number that the coin has. An audit is
 * left out because it reads all pages.
 */
export const LOAD_COMMANDS = ["echo", "get_ticket", "detect", "pown"] as const;
/** The name of such a command. */
export type LoadCommand = (typeof LOAD_COMMANDS)[number];

/** Number of different requests, which are sent in turn. */
const REQUESTS = 64;
/** The denomination of random coins, whose serial numbers lie on its first pages. */
const DRAWN_DENOMINATION = 1;
const DRAWN_SERIALS = 4_096;

/** The coins of a wallet with their ANs at one server. @throws WireError if the folder is no wallet */
export async function walletCoins(folder: string, server: RaidaId): Promise<CoinAn[]> {
  const wallet = await openWallet(folder);
  try {
    const { entries } = await wallet.contents();
    return entries
      .filter((entry) => entry.folder === "BANK" || entry.folder === "FRACKED")
      .map(({ coin: { denomination, serial, ans } }) => ({ denomination, serial, an: ans[server]! }));
  } finally {
    await wallet.close();
  }
}

/** Coins with random ANs. The server does the same work for a detect or get_ticket that fails. */
export function drawnCoins(): CoinAn[] {
  return Array.from({ length: DRAWN_SERIALS }, (_, serial) => ({
    denomination: DRAWN_DENOMINATION,
    serial,
    an: systemEnv.random(16),
  }));
}

/** Whole requests of `count` coins each, taken from `coins` in turn. */
export function loadRequests(
  command: LoadCommand,
  server: RaidaId,
  coins: readonly CoinAn[],
  count: number,
): Uint8Array[] {
  return Array.from({ length: REQUESTS }, (_, i) => {
    const named = Array.from({ length: count }, (_unused, k) => coins[(i * count + k) % coins.length]!);
    return loadRequest(command, server, named);
  });
}

function loadRequest(command: LoadCommand, server: RaidaId, coins: CoinAn[]): Uint8Array {
  const challenge = systemEnv.random(12);
  const { group, number, body } = {
    echo: () => ({
      group: CommandGroup.status,
      number: StatusCommand.echo,
      body: encodeEchoRequest({ challenge, payload: new Uint8Array(0) }),
    }),
    get_ticket: () => ({
      group: CommandGroup.healing,
      number: HealingCommand.getTicket,
      body: encodeGetTicketRequest({ challenge, coins }),
    }),
    pown: () => ({
      group: CommandGroup.auth,
      number: AuthCommand.pown,
      body: encodePownRequest({ challenge, coins: coins.map((coin) => ({ ...coin, pan: coin.an })) }),
    }),
    detect: () => ({
      group: CommandGroup.auth,
      number: AuthCommand.detect,
      body: encodeDetectRequest({ challenge, coins }),
    }),
  }[command]();
  const header = encodeRequestHeader({
    ...REQUEST_HEADER_LEGACY_DEFAULTS,
    raidaId: server,
    commandGroup: group,
    command: number,
    bodyLength: body.length,
    nonce: systemEnv.random(8),
  });
  return concatBytes(header, body);
}
