import { InvalidArgumentError } from "commander";
import { fromHex } from "../../bytes/index.js";
import { X25519_BYTES } from "../../protocols/bittrrt/index.js";

/** The words of the option that pins a server's key. */
export const SERVER_KEY_OPTION = ["--server-key <hex>", "the server's public key; nobody else is believed"] as const;

/** Reads the option: 32 bytes. */
export function readServerKey(text: string): Uint8Array {
  if (/^[0-9a-f]*$/i.test(text) && text.length === 2 * X25519_BYTES) return fromHex(text);
  throw new InvalidArgumentError(`${2 * X25519_BYTES} hexadecimal digits`);
}
