import { concatBytes, own } from "../../bytes/index.js";
import { WireError, type WireErrorCode } from "../../errors.js";
import {
  encodeRequestHeader,
  EncryptionType,
  REQUEST_HEADER_LEGACY_DEFAULTS,
  REQUEST_HEADER_MODERN_DEFAULTS,
} from "../../codec/gen/raida/index.js";
import { BODY_BYTES_MAX, RAIDA_COUNT, type Coin, type RaidaId } from "../protocol.js";
import {
  CHALLENGE_BYTES,
  isLegacyType,
  LEGACY_FRAMING_BYTES,
  MODERN_FRAMING_BYTES,
  RequestKey,
  TRAILER,
  type ModernLayout,
} from "../wire/encryption.js";
import { extraEntries, type Question } from "./question.js";
import { SealedRequest } from "./sealed-request.js";

/**
 * How requests are encrypted. Not at all (type 0); under the AN that a coin has at the asked server (1, AES-128) or
 * under a locker's key (2); with an HMAC under the SHA-256 of the ANs of one coin (4, AES-256) or of two (5).
 */
export type RaidaEncryption =
  | { readonly type: "clear" }
  | { readonly type: "aes128Coin"; readonly coin: Coin }
  | { readonly type: "aes128Locker"; /** 16 bytes. */ readonly lockerKey: Uint8Array }
  | { readonly type: "aes256Coin"; readonly coin: Coin }
  | { readonly type: "aes256TwoCoins"; readonly coins: readonly [Coin, Coin] };

export interface SealOptions {
  readonly coinId: number;
  readonly encryption: RaidaEncryption;
  readonly layout: ModernLayout;
  /** Whether replies of type 5 can be decrypted: those of C servers cannot. */
  readonly readsType5: boolean;
  readonly random: (n: number) => Uint8Array;
}

/** Turns questions into requests: under which key, and with how much to fill them up. */
export class Sealer {
  readonly #options: SealOptions;

  /** @throws WireError `argument` for coins or keys of another form */
  constructor(options: SealOptions) {
    checkEncryption(options.encryption);
    this.#options = options;
  }

  /** Whether it matters where the counter of a reply begins. */
  get needsReplyCounter(): boolean {
    return isLegacyType(this.#type) && this.#type !== EncryptionType.clear;
  }

  /**
   * @throws WireError when the question does not fit its format; `argument` where it cannot be asked under the
   * encryption; `limit` when it is longer than a request may be
   */
  seal(question: Question): SealedRequest {
    const { layout, random, readsType5 } = this.#options;
    const type = question.isClear ? EncryptionType.clear : this.#type;
    const extra = extraEntries(question, type, layout);
    if (extra === undefined) throw refusal("argument", question, "a command that the encryption has room for");
    const clear = question.body(own(random(12)), extra);
    const key = type === EncryptionType.clear ? undefined : this.#key(question.server);
    const common = {
      question,
      challenge: clear.slice(0, CHALLENGE_BYTES),
      key,
      entries: question.coinCount + extra,
      isOpaque: type === EncryptionType.aes256TwoCoins && !readsType5,
    };
    if (isLegacyType(type)) {
      const header = this.#legacyHeader(question, type, clear.length);
      const sealed = key?.cryptRequest(header, clear.subarray(0, -TRAILER.length));
      return new SealedRequest({
        ...common,
        header,
        body: sealed === undefined ? clear : concatBytes(sealed, TRAILER),
      });
    }
    // What a C server reads behind the plaintext are the first bytes of the HMAC.
    const isCut = layout === "c-server" && question.modern !== "whole";
    const behind = TRAILER.length + (isCut ? MODERN_FRAMING_BYTES - LEGACY_FRAMING_BYTES : 0);
    const plain = clear.subarray(CHALLENGE_BYTES, -behind);
    const header = this.#modernHeader(question, type, plain.length + MODERN_FRAMING_BYTES);
    const sealed = key!.cryptRequest(header, plain);
    return new SealedRequest({ ...common, header, body: concatBytes(sealed, key!.hmac(sealed), TRAILER) });
  }

  get #type(): EncryptionType {
    return EncryptionType[this.#options.encryption.type];
  }

  #key(server: RaidaId): RequestKey {
    const { encryption } = this.#options;
    if (encryption.type === "aes128Locker") return new RequestKey(this.#type, [encryption.lockerKey]);
    return new RequestKey(
      this.#type,
      coinsOf(encryption).map(({ ans }) => ans[server]!),
    );
  }

  #legacyHeader(question: Question, type: EncryptionType, bodyLength: number): Uint8Array {
    const { encryption, random } = this.#options;
    // A helper encrypts half of a key under the nonce, and the broken server reads it under its own: both are zeros.
    const nonce = question.isClear ? new Uint8Array(8) : own(random(8));
    const head = this.#head(question, type, bodyLength);
    const name = type === EncryptionType.clear ? { denomination: 0, serial: 0 } : keyName(encryption);
    return encodeRequestHeader({ ...REQUEST_HEADER_LEGACY_DEFAULTS, ...head, ...name, nonce });
  }

  #modernHeader(question: Question, type: EncryptionType, bodyLength: number): Uint8Array {
    const { encryption, random } = this.#options;
    const [, second] = coinsOf(encryption);
    const nonce = own(random(24));
    // Servers differ in how the last 32 bits of the counter carry: with this they never do.
    nonce[12] = 0;
    if (second !== undefined) nonce.set(nameBytes(second));
    const head = this.#head(question, type, bodyLength);
    return encodeRequestHeader({ ...REQUEST_HEADER_MODERN_DEFAULTS, ...head, ...keyName(encryption), nonce });
  }

  #head(
    { server, group, command }: Question,
    encryptionType: EncryptionType,
    bodyLength: number,
  ): {
    raidaId: number;
    commandGroup: number;
    command: number;
    coinId: number;
    encryptionType: number;
    bodyLength: number;
  } {
    if (bodyLength > BODY_BYTES_MAX) {
      throw refusal("limit", { server }, `a body of at most ${BODY_BYTES_MAX} bytes`, `${bodyLength} bytes`);
    }
    const { coinId } = this.#options;
    return { raidaId: server, commandGroup: group, command, coinId, encryptionType, bodyLength };
  }
}

function coinsOf(encryption: RaidaEncryption): readonly Coin[] {
  if ("coins" in encryption) return encryption.coins;
  return "coin" in encryption ? [encryption.coin] : [];
}

/** What a header calls the key: the first coin, or the first five bytes of a locker's key. */
function keyName(encryption: RaidaEncryption): { denomination: number; serial: number } {
  if (encryption.type !== "aes128Locker") {
    const { denomination, serial } = coinsOf(encryption)[0]!;
    return { denomination, serial };
  }
  const { lockerKey } = encryption;
  const view = new DataView(lockerKey.buffer, lockerKey.byteOffset, lockerKey.byteLength);
  return { denomination: view.getInt8(0), serial: view.getUint32(1) };
}

/** DN and SN. */
function nameBytes({ denomination, serial }: Coin): Uint8Array {
  const view = new DataView(new ArrayBuffer(5));
  view.setInt8(0, denomination);
  view.setUint32(1, serial);
  return new Uint8Array(view.buffer);
}

function checkEncryption(encryption: RaidaEncryption): void {
  const isWhole = ({ ans }: Coin): boolean => ans.length === RAIDA_COUNT && ans.every((an) => an.length === 16);
  const isSound =
    encryption.type === "aes128Locker" ? encryption.lockerKey.length === 16 : coinsOf(encryption).every(isWhole);
  if (isSound) return;
  throw new WireError({
    code: "argument",
    format: "raida",
    path: "encryption",
    offset: 0,
    expected: `coins with ${RAIDA_COUNT} numbers of 16 bytes, or a key of 16`,
  });
}

function refusal(
  code: WireErrorCode,
  { server }: Pick<Question, "server">,
  expected: string,
  actual?: string,
): WireError {
  return new WireError({ code, format: "raida", path: `server[${server}]`, offset: 0, expected, actual });
}
