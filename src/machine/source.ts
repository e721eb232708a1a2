/** Groups of an IPv6 address that say whose it is: a subscriber has at least the 64 bits behind them (RFC 6177). */
const NETWORK_GROUPS = 4;
const GROUPS = 8;

/**
 * Who a peer "host:port" is when it is to be counted: its host, or of an IPv6 address the first 64 bits, as nobody has
 * fewer addresses than are behind them.
 */
export function sourceOf(peer: string): string {
  const host = peer.slice(0, peer.lastIndexOf(":"));
  if (!host.startsWith("[")) return host;
  const [head, tail] = host.slice(1, -1).split("::");
  const [first, last] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array.from({ length: Math.max(0, GROUPS - first.length - last.length) }, () => "0");
  return [...first, ...zeros, ...last].slice(0, NETWORK_GROUPS).join(":");
}

function groupsOf(part = ""): string[] {
  return part === "" ? [] : part.split(":");
}
