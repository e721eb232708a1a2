/** Recorded exchanges as our client would make them. */
import { concatBytes } from "../../../../src/bytes/index.js";
import { Field } from "../../../../src/conformance/field.js";
import { DecryptedVector } from "../../../../src/conformance/raida/decrypted-vector.js";
import { CoinStore } from "../../../../src/conformance/raida/store.js";
import { readVector, type RaidaVector } from "../../../../src/conformance/raida/vector.js";
import {
  tryDecodeDetectRequest,
  tryDecodeDetectSumRequest,
  tryDecodeEncryptionTicketRequest,
  tryDecodeEncryptionTicketRequestQmail,
  tryDecodeFindRequest,
  tryDecodeFixEncryptionRequest,
  tryDecodeFixEncryptionRequestQmail,
  tryDecodeFixEncryptionRequestWest,
  tryDecodeFixRequest,
  tryDecodeGetTicketRequest,
  tryDecodePownRequest,
  tryDecodePownSumRequest,
  tryDecodeStoreSumRequest,
  tryDecodeValidateTicketRequest,
  type Coin,
  type RaidaCommand,
  type RaidaEncryption,
  type RaidaRequest,
} from "../../../../src/protocols/raida/index.js";
import { coinsOf } from "../../../../src/protocols/raida/client/encryption-choice.js";
import type { Seal } from "../node-crypto.js";
import { readSeed } from "../../../support/recorded/piece.js";
import { ClientHarness } from "./harness.js";
import { sampleRequest } from "./plain-requests.js";

/** A recorded exchange, and a client that can repeat it. */
export class Recorded {
  readonly vector: RaidaVector;
  readonly command: RaidaCommand;
  /** The decoded request; a sample request of the same command if the recorded one is malformed. */
  readonly request: RaidaRequest;
  /** Challenge and payload in clear; empty if there are none. */
  readonly #body: Uint8Array;
  readonly #sealed: DecryptedVector;

  constructor(vector: RaidaVector) {
    this.vector = vector;
    this.#sealed = new DecryptedVector(vector);
    this.#body = this.#sealed.requestBody() ?? new Uint8Array(0);
    this.command = COMMANDS[vector.command] ?? "echo";
    this.request = { ...this.#read(), server: vector.request[2]! };
  }

  get type(): number {
    return this.#sealed.type;
  }

  /** A client with the random bytes and the secrets of the recorded one. */
  client(options: ConstructorParameters<typeof ClientHarness>[0] = {}): ClientHarness {
    const nonce = this.#sealed.requestHeader.slice(24);
    const challenge = concatBytes(this.#body, new Uint8Array(12)).slice(0, 12);
    const transport = this.vector.transport === "udp" ? "udp" : "tcp";
    return new ClientHarness({ encryption: this.#encryption(), transport, ...options }, [challenge, nonce]);
  }

  /** True if our client pads the request, because its length harms C servers with AES-NI. */
  get isFilledUp(): boolean {
    const body = this.vector.request.length - 32;
    return (this.type === 1 || this.type === 2) && body >= 19 && body % 16 >= 3 && body % 16 <= 8;
  }

  /** How the recorded request is sealed; undefined for one in clear. */
  get seal(): Seal | undefined {
    const encryption = this.#encryption();
    if (encryption.type === "clear") return undefined;
    const type = this.type as Seal["type"];
    if (encryption.type === "aes128Locker") return { type, secrets: [encryption.lockerKey], coins: [] };
    const coins = coinsOf(encryption);
    return { type, secrets: coins.map(({ ans }) => ans[0]!), coins };
  }

  #read(): RaidaRequest {
    const { command } = this;
    // The padding coin of the recordings has DN 1, SN 1 and an AN from the HMAC.
    const isPadding = this.type >= 4 && command in DECODERS.padded;
    for (const decode of [DECODERS.padded[command] ?? DECODERS.plain[command]].flat()) {
      const read = decode?.(this.#body);
      if (read?.ok !== true) continue;
      const { challenge: _, coins, records, ...rest } = read.value as Record<string, unknown>;
      return {
        command,
        ...rest,
        ...(coins !== undefined && { coins: (coins as unknown[]).slice(0, isPadding ? -1 : undefined) }),
        ...(records !== undefined && { halves: records }),
        ...DIALECTS.get(decode!),
      } as unknown as RaidaRequest;
    }
    return sampleRequest(command, 2);
  }

  #encryption(): RaidaEncryption {
    const { request } = this.vector;
    switch (this.type) {
      case 1:
        return { type: "aes128Coin", coin: this.#coinAt(17) };
      case 2:
        return { type: "aes128Locker", lockerKey: this.vector.state.lockers[0]?.key ?? request.slice(17, 33) };
      case 4:
        return { type: "aes256Coin", coin: this.#coinAt(19) };
      case 5:
        return { type: "aes256TwoCoins", coins: [this.#coinAt(19), this.#coinAt(24)] };
      default:
        return { type: "clear" };
    }
  }

  /** The coin in the header, which the server may not know. */
  #coinAt(at: number): Coin {
    const { request, state } = this.vector;
    const view = new DataView(request.buffer, request.byteOffset);
    const name = { denomination: view.getInt8(at), serial: view.getUint32(at + 1) };
    const an = new CoinStore(state).anOf(name) ?? new Uint8Array(16);
    return { ...name, ans: Array.from({ length: 25 }, () => an) };
  }
}

const COMMANDS: Readonly<Record<string, RaidaCommand>> = {
  "0/1": "version",
  "1/10": "detect",
  "1/11": "detectSum",
  "1/20": "pown",
  "1/21": "pownSum",
  "2/40": "getTicket",
  "2/50": "validateTicket",
  "2/60": "find",
  "2/80": "fix",
  "4/44": "getEncryptionTicket",
  "4/45": "fixEncryption",
  "8/82": "storeSum",
  "8/83": "peek",
};

type Decode = (bytes: Uint8Array) => { readonly ok: boolean; readonly value?: unknown };
type Decoders = Readonly<Partial<Record<RaidaCommand, Decode | readonly Decode[]>>>;
const DECODERS: { readonly padded: Decoders; readonly plain: Decoders } = {
  padded: {
    detect: tryDecodeDetectRequest,
    getTicket: tryDecodeGetTicketRequest,
    pown: tryDecodePownRequest,
    find: tryDecodeFindRequest,
  },
  plain: {
    detectSum: tryDecodeDetectSumRequest,
    pownSum: tryDecodePownSumRequest,
    validateTicket: tryDecodeValidateTicketRequest,
    fix: tryDecodeFixRequest,
    storeSum: tryDecodeStoreSumRequest,
    getEncryptionTicket: [tryDecodeEncryptionTicketRequest, tryDecodeEncryptionTicketRequestQmail],
    fixEncryption: [
      tryDecodeFixEncryptionRequest,
      tryDecodeFixEncryptionRequestQmail,
      tryDecodeFixEncryptionRequestWest,
    ],
  },
};
const DIALECTS: ReadonlyMap<Decode, object> = new Map<Decode, object>([
  [tryDecodeEncryptionTicketRequestQmail, { dialect: "qmail" }],
  [tryDecodeFixEncryptionRequestQmail, { dialect: "qmail" }],
  [tryDecodeFixEncryptionRequestWest, { dialect: "west" }],
]);

export const RECORDED: readonly Recorded[] = readSeed<{ vectors: unknown[] }>("raida/vectors.json").vectors.map(
  (vector, i) => new Recorded(readVector(new Field(vector, `vectors[${i}]`))),
);
