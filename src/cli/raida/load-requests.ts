import { concatBytes } from "../../bytes/index.js";
import {
  AuthCommand,
  CommandGroup,
  encodeDetectRequest,
  encodeEchoRequest,
  encodeGetTicketRequest,
  encodeRequestHeader,
  HealingCommand,
  REQUEST_HEADER_LEGACY_DEFAULTS,
  StatusCommand,
  type CoinAn,
  type RaidaId,
} from "../../protocols/raida/index.js";
import { openWallet } from "../../protocols/raida/node.js";
import { systemEnv } from "../../host/index.js";

/** What may be asked as often as one likes: nothing that changes coins, and no audit, which reads all pages. */
export const LOAD_COMMANDS = ["echo", "get_ticket", "detect"] as const;
export type LoadCommand = (typeof LOAD_COMMANDS)[number];

/** Different requests, asked round and round. */
const REQUESTS = 64;
/** Drawn coins are of this denomination, on its first pages. */
const DRAWN_DENOMINATION = 1;
const DRAWN_SERIALS = 4_096;

/** The coins of a wallet as one server knows them. @throws WireError when the folder is no wallet */
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

/** Coins with numbers that no server will know: a detect or a get_ticket of them fails as slowly as it succeeds. */
export function drawnCoins(): CoinAn[] {
  return Array.from({ length: DRAWN_SERIALS }, (_, serial) => ({
    denomination: DRAWN_DENOMINATION,
    serial,
    an: systemEnv.random(16),
  }));
}

/** Whole requests of `count` coins each, taken from `coins` one after the other. */
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
