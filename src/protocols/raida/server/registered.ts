/** Commands that the C server registers. All of them pass the same checks of header, key and framing. */
import { CommandGroup, KeyExchangeCommand, Status } from "../../../codec/gen/raida/index.js";
import type { ServerSettings } from "./options.js";

/** Registered commands by group (seeds/raida, commands). */
const REGISTERED: Readonly<Record<number, readonly number[]>> = {
  [CommandGroup.status]: [0, 1, 2, 3],
  [CommandGroup.auth]: [10, 11, 20, 21],
  [CommandGroup.healing]: [40, 50, 60, 80],
  [CommandGroup.executive]: [120, 130, 140, 150, 160],
  [CommandGroup.keyExchange]: [41, 42, 43],
  [CommandGroup.locker]: [81, 82, 83, 84, 85, 86, 87, 88, 89],
  [CommandGroup.change]: [91, 92, 93],
  [CommandGroup.shard]: [170, 171, 172, 173, 174],
  [CommandGroup.crossover]: [110, 111, 112, 114],
  [CommandGroup.rpc]: [120],
  [CommandGroup.filesystem]: [134, 135, 136],
  [CommandGroup.integrity]: [2, 4, 5],
};
const KEY_ALERT = 42;
const ROLLBACK_SWITCH_SHARD = 173;

/** Joins a command group and a command to one number. */
export function keyOf(group: number, command: number): number {
  return (group << 8) | command;
}

/** All registered commands by {@link keyOf}. @param keyExchangeGroup the group of commands 44 and 45 */
export function registeredCommands(keyExchangeGroup: number): ReadonlySet<number> {
  const keys = Object.entries(REGISTERED).flatMap(([group, commands]) =>
    commands.map((one) => keyOf(Number(group), one)),
  );
  const moved = [KeyExchangeCommand.getEncryptionTicket, KeyExchangeCommand.fixEncryption];
  return new Set([...keys, ...moved.map((command) => keyOf(keyExchangeGroup, command))]);
}

/**
 * The status of a request without the body that its command needs. The C server has two exceptions among the commands
 * that this server does not implement. Only `reference` claims to accept a key alert, because this server ignores it.
 */
export function emptyStatus(
  { group, command }: { readonly group: number; readonly command: number },
  { profile }: ServerSettings,
): Status {
  if (group === CommandGroup.shard && command === ROLLBACK_SWITCH_SHARD) return Status.errorNotImplemented;
  if (group === CommandGroup.keyExchange && command === KEY_ALERT) {
    return profile === "reference" ? Status.success : Status.errorCommand;
  }
  return Status.errorEmptyRequest;
}
