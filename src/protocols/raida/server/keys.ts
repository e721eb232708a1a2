import { wipe } from "../../../bytes/index.js";
import { EncryptionType, Status, type CoinId } from "../../../codec/gen/raida/index.js";
import { RequestKey } from "../wire/encryption.js";
import type { ServerContext } from "./context.js";
import type { Locker } from "./lockers.js";
import type { Request } from "./request.js";

/** Finds the key under which a request was encrypted: undefined where none is needed, a status where there is none. */
export function findKey(
  request: Request,
  node: ServerContext,
  found: (key: RequestKey | Status | undefined) => void,
): void {
  const { header, encryptionType } = request;
  switch (encryptionType) {
    case EncryptionType.aes128Coin:
      return findCoins(request, node, [coinAt(header, 17)], Status.errorEncryptionKeyNotFound, found);
    case EncryptionType.aes128Locker: {
      const find = (): Locker | undefined => node.lockers.find(request.lockerName);
      return node.withLocker(request, find, (locker) => {
        found(locker ? new RequestKey(encryptionType, [locker.key]) : Status.errorEncryptionKeyNotFound);
      });
    }
    case EncryptionType.aes256Coin:
      return findCoins(request, node, [coinAt(header, 19)], Status.errorEncryptionCoinNotFound, found);
    case EncryptionType.aes256TwoCoins: {
      const coins = [coinAt(header, 19), coinAt(header, 24)];
      return findCoins(request, node, coins, Status.errorEncryptionCoinNotFound, found);
    }
    default:
      return found(undefined);
  }
}

/** The key is that of the moment: a request that changes its own coin is still answered under the old number. */
function findCoins(
  request: Request,
  node: ServerContext,
  coins: readonly CoinId[],
  missing: Status,
  found: (key: RequestKey | Status) => void,
): void {
  node.withPages(request, coins, () => {
    const ans = coins.map((coin) => node.pages.anOf(coin)).filter((an) => an !== undefined);
    if (ans.length < coins.length) return found(missing);
    const key = new RequestKey(request.encryptionType, ans);
    ans.forEach(wipe);
    found(key);
  });
}

/** DN and SN in a header. */
function coinAt(header: Uint8Array, at: number): CoinId {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  return { denomination: view.getInt8(at), serial: view.getUint32(at + 1) };
}
