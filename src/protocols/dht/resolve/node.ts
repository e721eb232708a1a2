/** Names of hosts in addresses, resolved: datagrams are answered from IP addresses. */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { formatAddress, hostOf, parseAddress } from "../../../address.js";
import { argumentError, WireError } from "../../../errors.js";

/** An address with the IP address of its host. @throws WireError `argument`, `unreachable` */
export async function resolveAddress(address: string): Promise<string> {
  const { host, port } = parseAddress(address, "dht", "address");
  if (isIP(host) !== 0 || hostOf(address) === "") return address;
  try {
    return formatAddress({ host: (await lookup(host)).address, port });
  } catch (cause) {
    throw new WireError({ code: "unreachable", format: "dht", path: "address", actual: String(cause) }, { cause });
  }
}

/** All of them. @throws WireError of the first that cannot be resolved; `argument` for what is no list */
export async function resolveAddresses(addresses: readonly string[]): Promise<string[]> {
  if (!Array.isArray(addresses)) throw argumentError("dht", "addresses", "a list of addresses", typeof addresses);
  return Promise.all(addresses.map(resolveAddress));
}
