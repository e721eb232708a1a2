/** The clients of a load: a handshake over UDP, without the machine. */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";
import { equalBytes } from "../../bytes/index.js";
import {
  KeyPair,
  PORT_NAMES,
  TokenKey,
  tryReadHandshake,
  tryReadPorts,
  type FrameKey,
  type Ports,
} from "../../protocols/bittrrt/index.js";
import { TokenWriter } from "../../protocols/bittrrt/token-writer.js";
import { isWireError, WireError, type WireErrorCode } from "../../errors.js";
import { systemEnv } from "../../host/index.js";
import type { Address } from "../../transport/index.js";

/** The client of a load: the key of a session, and a socket connected to each of its three ports. */
export interface LoadClient {
  readonly key: FrameKey;
  readonly sockets: readonly Socket[];
  close(): void;
}

/** How a load connects a client. */
export interface LoadClientOptions {
  /** The public key that the server must have, 32 bytes. */
  readonly serverKey?: Uint8Array | undefined;
  /** Timeout of the handshake. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Time between two connects; a strict server answers five a second. */
const CONNECT_MS = 1_000;

/** Connects a client. @throws WireError `timeout`, `unreachable`, `cancelled`, or `status` with the server's message */
export async function connectClient(server: Address, options: LoadClientOptions): Promise<LoadClient> {
  const { key, ports } = await shakeHands(server, options);
  const sockets: Socket[] = [];
  const close = (): void => {
    for (const socket of sockets) socket.close();
    key.wipe();
  };
  try {
    for (const name of PORT_NAMES) sockets.push(await connectedSocket({ ...server, port: ports[name] }));
    return { key, sockets, close };
  } catch (error) {
    close();
    throw error;
  }
}

interface Handshake {
  readonly key: FrameKey;
  readonly ports: Ports;
}

async function shakeHands(server: Address, { serverKey, timeoutMs, signal }: LoadClientOptions): Promise<Handshake> {
  const socket = await connectedSocket(server);
  const tokenKey = new TokenKey();
  const tokens = new TokenWriter(tokenKey, systemEnv);
  const pair = KeyPair.generate(systemEnv.random);
  const timers: NodeJS.Timeout[] = [];
  const over = new AbortController();
  try {
    return await new Promise((resolve, reject) => {
      let key: FrameKey | undefined;
      let reason = failure("timeout", "no ports");
      socket.on("message", (bytes) => {
        const token = tokenKey.tryOpen(bytes);
        if (!token.ok) {
          const ports = portsIn(bytes, key);
          if (ports !== undefined) resolve({ key: key!, ports });
          return;
        }
        const message = tryReadHandshake(token.value.text);
        if (!message.ok) return;
        // The server may have ports later, but a load does not wait for them.
        if (message.value.command === "error") reject(failure("status", message.value.message));
        if (message.value.command !== "connected" || key !== undefined) return;
        if (serverKey === undefined || equalBytes(serverKey, message.value.publicKey)) {
          key = agreed(pair, message.value.publicKey);
        } else reason = failure("argument", "another key than the pinned one");
      });
      socket.on("error", (error) => reject(failure("unreachable", error.message)));
      signal.addEventListener("abort", () => reject(failure("cancelled", "an interrupt")), { signal: over.signal });
      const ask = (): void => socket.send(tokens.write({ command: "connect", publicKey: pair.publicKey }));
      ask();
      timers.push(
        setInterval(ask, CONNECT_MS),
        setTimeout(() => reject(reason), timeoutMs),
      );
    });
  } finally {
    over.abort();
    timers.forEach(clearTimeout);
    socket.close();
    pair.wipe();
  }
}

function agreed(pair: KeyPair, publicKey: Uint8Array): FrameKey | undefined {
  try {
    return pair.agree(publicKey, { random: systemEnv.random });
  } catch (error) {
    if (!isWireError(error)) throw error;
    return undefined;
  }
}

function portsIn(bytes: Uint8Array, key: FrameKey | undefined): Ports | undefined {
  const frame = key?.tryOpen(bytes);
  const ports = frame?.ok === true ? tryReadPorts(frame.value.plaintext) : undefined;
  return ports?.ok === true ? ports.value : undefined;
}

/** A socket that receives from this address alone. @throws WireError `unreachable` */
async function connectedSocket({ host, port }: Address): Promise<Socket> {
  const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
  try {
    socket.connect(port, host);
    await once(socket, "connect");
    // A datagram that is not delivered ends in a timeout.
    return socket.on("error", () => {});
  } catch (error) {
    socket.close();
    throw failure("unreachable", (error as Error).message);
  }
}

function failure(code: WireErrorCode, actual: string): WireError {
  return new WireError({ code, format: "bittrrt", path: "handshake", actual });
}
