/** Commands by group and number, as arguments of the request builders of tests. */
import {
  AuthCommand,
  CommandGroup,
  HealingCommand,
  KeyExchangeCommand,
  LockerCommand,
  StatusCommand,
} from "../../../src/protocols/raida/index.js";

export const ECHO = [CommandGroup.status, StatusCommand.echo] as const;
export const VERSION = [CommandGroup.status, StatusCommand.version] as const;
export const SHOW_STATS = [CommandGroup.status, StatusCommand.showStats] as const;
export const AUDIT = [CommandGroup.status, StatusCommand.audit] as const;
export const DETECT = [CommandGroup.auth, AuthCommand.detect] as const;
export const DETECT_SUM = [CommandGroup.auth, AuthCommand.detectSum] as const;
export const POWN = [CommandGroup.auth, AuthCommand.pown] as const;
export const POWN_SUM = [CommandGroup.auth, AuthCommand.pownSum] as const;
export const GET_TICKET = [CommandGroup.healing, HealingCommand.getTicket] as const;
export const VALIDATE_TICKET = [CommandGroup.healing, HealingCommand.validateTicket] as const;
export const FIND = [CommandGroup.healing, HealingCommand.find] as const;
export const FIX = [CommandGroup.healing, HealingCommand.fix] as const;
export const GET_ENCRYPTION_TICKET = [CommandGroup.keyExchange, KeyExchangeCommand.getEncryptionTicket] as const;
export const FIX_ENCRYPTION = [CommandGroup.keyExchange, KeyExchangeCommand.fixEncryption] as const;
export const STORE_SUM = [CommandGroup.locker, LockerCommand.storeSum] as const;
export const PEEK = [CommandGroup.locker, LockerCommand.peek] as const;
/** A command that C servers register and this server does not implement. */
export const KEY_ALERT = [CommandGroup.keyExchange, 42] as const;
