/** The option that pins the key of a server, in two commands. */
import { InvalidArgumentError } from "commander";
import { fromHex } from "../../bytes/index.js";
import { X25519_BYTES } from "../../protocols/bittrrt/index.js";

/** The option that pins the key of a server. */
export const SERVER_KEY_OPTION = ["--server-key <hex>", "the public key that the server must have"] as const;

/** Parses the option: 32 bytes as hex. */
export function readServerKey(text: string): Uint8Array {
  if (/^[0-9a-f]*$/i.test(text) && text.length === 2 * X25519_BYTES) return fromHex(text);
  throw new InvalidArgumentError(`${2 * X25519_BYTES} hexadecimal digits`);
}
