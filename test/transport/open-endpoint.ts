import { afterEach } from "vitest";
import { DEFAULT_LIMITS, type Limits } from "../../src/limits.js";
import type { Endpoint, Transport } from "../../src/transport/index.js";
import { ReceiverSpy } from "./spies.js";

/** A listener that keeps a copy of the datagrams it hears, and answers with them where it is told to. */
export class EchoSpy extends ReceiverSpy {
  echo: Endpoint | undefined;
  override datagram(peer: string, bytes: Uint8Array): void {
    super.datagram(peer, bytes.slice());
    this.echo?.send(peer, bytes.slice());
  }
}

const opened: Endpoint[] = [];
afterEach(async () => void (await Promise.all(opened.splice(0).map((endpoint) => endpoint.close()))));

/** An endpoint for the test that runs, closed behind it, and who hears what comes to it. */
export function open(transport: Transport, limits: Partial<Limits> = {}): { endpoint: Endpoint; heard: EchoSpy } {
  const heard = new EchoSpy();
  const endpoint = transport.open(heard, { ...DEFAULT_LIMITS, ...limits });
  opened.push(endpoint);
  return { endpoint, heard };
}
