import { concatBytes, own } from "../../../bytes/index.js";
import { WireError, type WireErrorCode } from "../../../errors.js";
import {
  encodeRequestHeader,
  EncryptionType,
  REQUEST_HEADER_LEGACY_DEFAULTS,
  REQUEST_HEADER_MODERN_DEFAULTS,
} from "../../../codec/gen/raida/index.js";
import { BODY_BYTES_MAX, RAIDA_COUNT, type Coin, type RaidaId } from "../protocol.js";
import {
  CHALLENGE_BYTES,
  isLegacyType,
  LEGACY_FRAMING_BYTES,
  MODERN_FRAMING_BYTES,
  RequestKey,
  TRAILER,
  type LegacyType,
  type ModernLayout,
  type ReplyCounter,
} from "../wire/encryption.js";
import { coinsOf, type RaidaEncryption } from "./encryption.js";
import { extraEntries, type PlainRequest } from "./plain-request.js";
import { SealedRequest } from "./encrypted-request.js";

export interface SealOptions {
  readonly coinId: number;
  readonly encryption: RaidaEncryption;
  readonly layout: ModernLayout;
  /** Default `restart`. */
  readonly replyCounter?: ReplyCounter | "auto" | undefined;
  /** Whether replies of type 5 can be decrypted: those of C servers cannot. */
  readonly readsType5: boolean;
  readonly random: (n: number) => Uint8Array;
}

/** What a C server reads out of the HMAC behind a plaintext of types 4 and 5. */
const STRAY_BYTES = MODERN_FRAMING_BYTES - LEGACY_FRAMING_BYTES;
const TICKET_BYTES = 4;

/** Turns questions into requests: under which key, and with how much to fill them up. */
export class Sealer {
  readonly #options: SealOptions;

  constructor(options: SealOptions) {
    this.#options = options;
  }

  /** Whether it matters where the counter of a reply begins. */
  get needsReplyCounter(): boolean {
    const type = EncryptionType[this.#options.encryption.type];
    return isLegacyType(type) && type !== EncryptionType.clear;
  }

  /** Servers, from 0 on, whose tickets reach a server in a fix. */
  get ticketCount(): number {
    const { encryption, layout } = this.#options;
    const isCut = layout === "c-server" && !isLegacyType(EncryptionType[encryption.type]);
    return RAIDA_COUNT - (isCut ? STRAY_BYTES / TICKET_BYTES : 0);
  }

  /**
   * @throws WireError when the question does not fit its format; `argument` where it cannot be asked under the
   * encryption; `limit` when it is longer than a request may be
   */
  seal(question: PlainRequest): SealedRequest {
    const { layout, random, readsType5, replyCounter } = this.#options;
    const encryption = question.isClear ? IN_CLEAR : (question.encryption ?? this.#options.encryption);
    const type = EncryptionType[encryption.type];
    const extra = extraEntries(question, type, layout, replyCounter);
    if (extra === undefined) {
      const expected = question.anyLength
        ? "as many coins as make a length that a server with AES-NI can take"
        : "a command that the encryption has room for";
      throw refusal("argument", question, expected);
    }
    const clear = question.body(own(random(12)), extra);
    const common = {
      question,
      challenge: clear.slice(0, CHALLENGE_BYTES),
      entries: question.coinCount + extra,
      isOpaque: type === EncryptionType.aes256TwoCoins && !readsType5,
    };
    // Keys are made last: nothing is thrown any more, so that whoever gets a request can wipe its key.
    if (isLegacyType(type)) {
      const header = this.#legacyHeader(question, encryption, type, clear.length);
      const key = type === EncryptionType.clear ? undefined : keyOf(encryption, question.server);
      const sealed = key?.cryptRequest(header, clear.subarray(0, -TRAILER.length));
      return new SealedRequest({
        ...common,
        key,
        header,
        body: sealed === undefined ? clear : concatBytes(sealed, TRAILER),
      });
    }
    // What a C server reads behind the plaintext are the first bytes of the HMAC.
    const isCut = layout === "c-server" && question.modern !== "whole";
    const behind = TRAILER.length + (isCut ? STRAY_BYTES : 0);
    const plain = clear.subarray(CHALLENGE_BYTES, -behind);
    const header = this.#modernHeader(question, encryption, plain.length + MODERN_FRAMING_BYTES);
    const key = keyOf(encryption, question.server);
    const sealed = key.cryptRequest(header, plain);
    return new SealedRequest({ ...common, key, header, body: concatBytes(sealed, key.hmac(sealed), TRAILER) });
  }

  #legacyHeader(
    question: PlainRequest,
    encryption: RaidaEncryption,
    encryptionType: LegacyType,
    bodyLength: number,
  ): Uint8Array {
    // A helper encrypts half of a key under the nonce, and the broken server reads it under its own: both are zeros.
    const nonce = question.isClear ? new Uint8Array(8) : own(this.#options.random(8));
    const head = this.#head(question, encryption, bodyLength);
    const name = keyName(encryption);
    return encodeRequestHeader({ ...REQUEST_HEADER_LEGACY_DEFAULTS, ...head, ...name, encryptionType, nonce });
  }

  #modernHeader(question: PlainRequest, encryption: RaidaEncryption, bodyLength: number): Uint8Array {
    const [, second] = coinsOf(encryption);
    const nonce = own(this.#options.random(24));
    // Servers differ in how the last 32 bits of the counter carry: with this they never do.
    nonce[12] = 0;
    if (second !== undefined) nonce.set(nameBytes(second));
    const head = this.#head(question, encryption, bodyLength);
    return encodeRequestHeader({ ...REQUEST_HEADER_MODERN_DEFAULTS, ...head, ...keyName(encryption), nonce });
  }

  #head({ server, group, command }: PlainRequest, { type }: RaidaEncryption, bodyLength: number): HeaderStart {
    if (bodyLength > BODY_BYTES_MAX) {
      throw refusal("limit", { server }, `a body of at most ${BODY_BYTES_MAX} bytes`, `${bodyLength} bytes`);
    }
    const { coinId } = this.#options;
    return { raidaId: server, commandGroup: group, command, coinId, encryptionType: EncryptionType[type], bodyLength };
  }
}

/** What both headers begin with. */
interface HeaderStart {
  readonly raidaId: RaidaId;
  readonly commandGroup: number;
  readonly command: number;
  readonly coinId: number;
  readonly encryptionType: EncryptionType;
  readonly bodyLength: number;
}

const IN_CLEAR: RaidaEncryption = { type: "clear" };

function keyOf(encryption: RaidaEncryption, server: RaidaId): RequestKey {
  const secrets =
    encryption.type === "aes128Locker" ? [encryption.lockerKey] : coinsOf(encryption).map(({ ans }) => ans[server]!);
  return new RequestKey(EncryptionType[encryption.type], secrets);
}

/** What a header calls the key: the first coin, or the first five bytes of a locker's key. */
function keyName(encryption: RaidaEncryption): { denomination: number; serial: number } {
  if (encryption.type !== "aes128Locker") {
    const { denomination, serial } = coinsOf(encryption)[0] ?? { denomination: 0, serial: 0 };
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

function refusal(
  code: WireErrorCode,
  { server }: Pick<PlainRequest, "server">,
  expected: string,
  actual?: string,
): WireError {
  return new WireError({ code, format: "raida", path: `server[${server}]`, offset: 0, expected, actual });
}
