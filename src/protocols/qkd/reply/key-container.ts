/** The key container of enc_keys and dec_keys (ETSI GS QKD 014 §6.2), read from bytes without a text of any key. */
import type { NewBytes } from "../../../bytes/index.js";
import { isWireError, type Result } from "../../../errors.js";
import { decodeKey, type AllocateKey } from "./base64.js";
import { Scanner } from "./scanner.js";

/** The name of a container in errors. */
export const KEY_CONTAINER = "qkd_key_container";

/** Characters of the longest key_ID. */
export const KEY_ID_CHARACTERS_MAX = 255;

/** A key of a reply. */
export interface DeliveredKey {
  /** As received: 1 to 255 printable ASCII characters, compared exactly. */
  readonly keyId: string;
  /** The bytes of the key, owned by who reads the container: wipe them after use. */
  readonly bytes: NewBytes;
}

/** What a container may hold. */
export interface KeyContainerLimits {
  /** Keys. */
  readonly keysMax: number;
  /** Bytes of a key. */
  readonly keySizeBytesMax: number;
  /** Makes the buffers of the keys. Default: `new Uint8Array`. */
  readonly allocate?: AllocateKey;
}

/**
 * Reads a key container: members in any order, unknown members and extensions passed over. Refused are a second `keys`,
 * a second `key` or `key_ID` of a key, a key_ID that comes twice, and base64 that is not canonical.
 *
 * The bytes are borrowed and stay as they are: wipe them as well. Where the container is refused, every buffer that was
 * allocated for it is zero again.
 * @returns the keys in the order of the reply, or an issue with path and offset but without anything of a key
 */
export function parseKeyContainer(bytes: Uint8Array, limits: KeyContainerLimits): Result<readonly DeliveredKey[]> {
  const keys: DeliveredKey[] = [];
  try {
    readContainer(new Scanner(bytes, KEY_CONTAINER), limits, keys);
    return { ok: true, value: keys };
  } catch (error) {
    wipeKeys(keys);
    if (isWireError(error)) return { ok: false, error: error.toJSON() };
    throw error;
  }
}

/** Overwrites the bytes of keys. */
export function wipeKeys(keys: readonly DeliveredKey[]): void {
  for (const { bytes } of keys) bytes.fill(0);
}

function readContainer(scanner: Scanner, limits: KeyContainerLimits, keys: DeliveredKey[]): void {
  const ids = new Set<string>();
  let hasKeys = false;
  scanner.object("", (name, at) => {
    if (name !== "keys") return scanner.skip("");
    if (hasKeys) throw scanner.refusal("count", "keys", at, "one member keys", "a second one");
    hasKeys = true;
    scanner.array("keys", (index, start) => {
      const path = `keys[${index}]`;
      if (index >= limits.keysMax) throw scanner.refusal("count", path, start, `at most ${limits.keysMax} keys`);
      const { keyId } = readKey(scanner, path, start, limits, keys);
      if (ids.has(keyId)) throw scanner.refusal("count", `${path}.key_ID`, start, "an ID that comes once");
      ids.add(keyId);
    });
  });
  scanner.end();
  if (!hasKeys) throw scanner.refusal("count", "keys", 0, "a member keys", "none");
}

/** Reads one key. Its bytes are in `keys` as soon as they exist, so that whatever fails later wipes them. */
function readKey(
  scanner: Scanner,
  path: string,
  start: number,
  { keySizeBytesMax, allocate = (size) => new Uint8Array(size) }: KeyContainerLimits,
  keys: DeliveredKey[],
): DeliveredKey {
  const key: { keyId: string; bytes: NewBytes | undefined } = { keyId: "", bytes: undefined };
  scanner.object(path, (name, at) => {
    if (name === "key_ID") {
      if (key.keyId !== "") throw scanner.refusal("count", `${path}.key_ID`, at, "one key_ID", "a second one");
      key.keyId = readKeyId(scanner, `${path}.key_ID`);
    } else if (name === "key") {
      if (key.bytes !== undefined) throw scanner.refusal("count", `${path}.key`, at, "one key", "a second one");
      const span = scanner.span(`${path}.key`);
      key.bytes = decodeKey(scanner, span, `${path}.key`, keySizeBytesMax, allocate);
      keys.push(key as DeliveredKey);
    } else scanner.skip(path);
  });
  if (key.keyId === "") throw scanner.refusal("count", `${path}.key_ID`, start, "a key_ID", "none");
  if (key.bytes === undefined) throw scanner.refusal("count", `${path}.key`, start, "a key", "none");
  return key as DeliveredKey;
}

function readKeyId(scanner: Scanner, path: string): string {
  scanner.peek();
  const { at } = scanner;
  const keyId = scanner.text(path, KEY_ID_CHARACTERS_MAX + 1);
  if (isKeyId(keyId)) return keyId;
  throw scanner.refusal("text", path, at, `1 to ${KEY_ID_CHARACTERS_MAX} printable ASCII characters`);
}

/** Whether a text can be a key_ID: 1 to 255 printable ASCII characters. */
export function isKeyId(text: string): boolean {
  return text.length <= KEY_ID_CHARACTERS_MAX && /^[\x20-\x7e]+$/.test(text);
}
