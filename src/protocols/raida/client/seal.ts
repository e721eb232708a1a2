/** The sealer of a client: it pads, encrypts and frames plain requests. */
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
import { coinsOf, type RaidaEncryption } from "./encryption-choice.js";
import { extraEntries, type PlainRequest } from "./plain-request.js";
import { EncryptedRequest } from "./encrypted-request.js";

/** How a client encrypts its requests. */
export interface SealOptions {
  readonly coinId: number;
  readonly encryption: RaidaEncryption;
  readonly layout: ModernLayout;
  /** Default `restart`. */
  readonly replyCounter?: ReplyCounter | "auto" | undefined;
  /** True if replies of type 5 can be decrypted: those of C servers cannot. */
  readonly readsType5: boolean;
  readonly random: (n: number) => Uint8Array;
}

/** Bytes of the HMAC that a C server takes for the end of a body of types 4 and 5. */
const STRAY_BYTES = MODERN_FRAMING_BYTES - LEGACY_FRAMING_BYTES;
const TICKET_BYTES = 4;

/** Turns plain requests into encrypted ones: chooses the key and the padding. */
export class Sealer {
  readonly #options: SealOptions;

  constructor(options: SealOptions) {
    this.#options = options;
  }

  /** True if the client must know where the counter of a reply begins. */
  get needsReplyCounter(): boolean {
    const type = EncryptionType[this.#options.encryption.type];
    return isLegacyType(type) && type !== EncryptionType.clear;
  }

  /** How many servers' tickets, from server 0 on, a fix can carry. */
  get ticketCount(): number {
    const { encryption, layout } = this.#options;
    const isCut = layout === "c-server" && !isLegacyType(EncryptionType[encryption.type]);
    return RAIDA_COUNT - (isCut ? STRAY_BYTES / TICKET_BYTES : 0);
  }

  /**
   * @throws WireError if the request does not fit its format; `argument` if it cannot be sent under the encryption;
   * `limit` if it is too long
   */
  seal(request: PlainRequest): EncryptedRequest {
    const { layout, random, readsType5, replyCounter } = this.#options;
    const encryption = request.isClear ? IN_CLEAR : (request.encryption ?? this.#options.encryption);
    const type = EncryptionType[encryption.type];
    const extra = extraEntries(request, type, layout, replyCounter);
    if (extra === undefined) {
      const expected = request.anyLength
        ? "a number of coins whose length a server with AES-NI can take"
        : "a command that can be sent under this encryption";
      throw refusal("argument", request, expected);
    }
    const clear = request.body(own(random(12)), extra);
    const common = {
      request,
      challenge: clear.slice(0, CHALLENGE_BYTES),
      entries: request.coinCount + extra,
      isOpaque: type === EncryptionType.aes256TwoCoins && !readsType5,
    };
    // Keys are made last: nothing throws after that, so that the caller always gets the request and can wipe its key.
    if (isLegacyType(type)) {
      const header = this.#legacyHeader(request, encryption, type, clear.length);
      const key = type === EncryptionType.clear ? undefined : keyOf(encryption, request.server);
      const sealed = key?.cryptRequest(header, clear.subarray(0, -TRAILER.length));
      return new EncryptedRequest({
        ...common,
        key,
        header,
        body: sealed === undefined ? clear : concatBytes(sealed, TRAILER),
      });
    }
    // A C server takes the first bytes of the HMAC for the end of the body: leave that end out.
    const isCut = layout === "c-server" && request.modern !== "whole";
    const behind = TRAILER.length + (isCut ? STRAY_BYTES : 0);
    const plain = clear.subarray(CHALLENGE_BYTES, -behind);
    const header = this.#modernHeader(request, encryption, plain.length + MODERN_FRAMING_BYTES);
    const key = keyOf(encryption, request.server);
    const sealed = key.cryptRequest(header, plain);
    return new EncryptedRequest({ ...common, key, header, body: concatBytes(sealed, key.hmac(sealed), TRAILER) });
  }

  #legacyHeader(
    request: PlainRequest,
    encryption: RaidaEncryption,
    encryptionType: LegacyType,
    bodyLength: number,
  ): Uint8Array {
    // A helper encrypts half of a key under the nonce of its request, and the broken server decrypts it under the nonce
    // of another: both are zeros.
    const nonce = request.isClear ? new Uint8Array(8) : own(this.#options.random(8));
    const head = this.#head(request, encryption, bodyLength);
    const name = keyName(encryption);
    return encodeRequestHeader({ ...REQUEST_HEADER_LEGACY_DEFAULTS, ...head, ...name, encryptionType, nonce });
  }

  #modernHeader(request: PlainRequest, encryption: RaidaEncryption, bodyLength: number): Uint8Array {
    const [, second] = coinsOf(encryption);
    const nonce = own(this.#options.random(24));
    // Servers differ in how the low 32 bits of the counter overflow: a zero here prevents the overflow.
    nonce[12] = 0;
    if (second !== undefined) nonce.set(nameBytes(second));
    const head = this.#head(request, encryption, bodyLength);
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

/** The fields with which both request headers begin. */
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

/** The name of the key in a header: the first coin, or the first five bytes of a locker's key. */
function keyName(encryption: RaidaEncryption): { denomination: number; serial: number } {
  if (encryption.type !== "aes128Locker") {
    const { denomination, serial } = coinsOf(encryption)[0] ?? { denomination: 0, serial: 0 };
    return { denomination, serial };
  }
  const { lockerKey } = encryption;
  const view = new DataView(lockerKey.buffer, lockerKey.byteOffset, lockerKey.byteLength);
  return { denomination: view.getInt8(0), serial: view.getUint32(1) };
}

/** Denomination and serial number, 5 bytes. */
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
  return new WireError({ code, format: "raida", path: `server[${server}]`, expected, actual });
}
