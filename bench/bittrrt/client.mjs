/** A minimal client: a handshake without retries, for a local server. */
import { createSocket } from "node:dgram";
import { on } from "node:events";
import { KeyPair, TokenKey, tryReadHandshake, tryReadPorts, writeHandshake } from "specwire/bittrrt";
import { systemEnv } from "specwire/host";

/** The key and the ports of a new session. */
export async function shakeHands(host, port) {
  const socket = createSocket("udp4");
  const tokens = new TokenKey();
  const messages = on(socket, "message");
  const next = async () => (await messages.next()).value[0];
  const pair = KeyPair.generate(systemEnv.random);
  socket.send(
    tokens.seal({
      counter: 0n,
      unixSeconds: BigInt(Math.floor(Date.now() / 1_000)),
      iv: systemEnv.random(16),
      text: writeHandshake({ command: "connect", publicKey: pair.publicKey }),
    }),
    port,
    host,
  );
  try {
    const { publicKey } = tryReadHandshake(tokens.tryOpen(await next()).value.text).value;
    const key = pair.agree(publicKey, systemEnv);
    return { key, ports: tryReadPorts(key.open(await next()).plaintext).value };
  } finally {
    socket.close();
  }
}
