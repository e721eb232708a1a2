/** The key store, for a transfer. */
import { getToPath, openKeyStore, putPath } from "specwire/store/node";

export async function open(folder) {
  const { store, close } = await openKeyStore({ folder });
  return {
    put: (path) => putPath(store, path, { name: "file" }),
    get: (path) => getToPath(store, "file", path),
    close,
  };
}
