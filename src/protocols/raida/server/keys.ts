/** Lookup of the key that encrypts a request. */
import { wipe } from "../../../bytes/index.js";
import { EncryptionType, Status, type CoinId } from "../../../codec/gen/raida/index.js";
import { RequestKey } from "../wire/encryption.js";
import type { ServerContext } from "./context.js";
import type { Locker } from "./lockers.js";
import type { Request } from "./request.js";

/** Finds the key of a request. `found` gets undefined for encryption type 0, and a status if the key is missing. */
export function findKey(
  request: Request,
  server: ServerContext,
  found: (key: RequestKey | Status | undefined) => void,
): void {
  const { header, encryptionType } = request;
  switch (encryptionType) {
    case EncryptionType.aes128Coin:
      return findCoinKey(request, server, [coinAt(header, 17)], Status.errorEncryptionKeyNotFound, found);
    case EncryptionType.aes128Locker: {
      const find = (): Locker | undefined => server.lockers.findByPrefix(request.lockerKeyPrefix);
      return server.withLocker(request, find, (locker) => {
        found(locker ? new RequestKey(encryptionType, [locker.key]) : Status.errorEncryptionKeyNotFound);
      });
    }
    case EncryptionType.aes256Coin:
      return findCoinKey(request, server, [coinAt(header, 19)], Status.errorEncryptionCoinNotFound, found);
    case EncryptionType.aes256TwoCoins: {
      const coins = [coinAt(header, 19), coinAt(header, 24)];
      return findCoinKey(request, server, coins, Status.errorEncryptionCoinNotFound, found);
    }
    default:
      return found(undefined);
  }
}

/** Copies the key at once: the reply to a request that changes its own coin is encrypted under the old AN. */
function findCoinKey(
  request: Request,
  server: ServerContext,
  coins: readonly CoinId[],
  missing: Status,
  found: (key: RequestKey | Status) => void,
): void {
  server.withPages(request, coins, () => {
    const ans = coins.map((coin) => server.pages.anOf(coin)).filter((an) => an !== undefined);
    if (ans.length < coins.length) return found(missing);
    const key = new RequestKey(request.encryptionType, ans);
    ans.forEach(wipe);
    found(key);
  });
}

/** The coin at an offset of a header: DN and SN. */
function coinAt(header: Uint8Array, at: number): CoinId {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  return { denomination: view.getInt8(at), serial: view.getUint32(at + 1) };
}
