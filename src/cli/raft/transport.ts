/** How the commands of Raft reach members: plain, over TLS, or over TLS where both sides prove who they are. */
import type { Command } from "commander";
import { argumentError } from "../../errors.js";
import { tcp, tls, type Transport } from "../../transport/index.js";
import { readFile } from "../input.js";

/** Files of credentials, each with PEM. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphraseFile?: string;
  /** Of members: who connects must show a certificate too. */
  readonly mutual?: boolean;
}

/** Adds the options of credentials. */
export function addTls(command: Command): Command {
  return command
    .option("--ca <file>", "TLS: the authorities of the cluster, as PEM; by default those of Node.js")
    .option("--cert <file>", "TLS: the own certificate, as PEM; members need one")
    .option("--key <file>", "its private key, as PEM")
    .option("--passphrase-file <file>", "what decrypts the key; a line feed at the end does not count");
}

/** The transport that the options ask for. @throws WireError `argument` for credentials that do not fit together */
export function transportOf({ ca, cert, key, passphraseFile, mutual = false }: TlsFiles): Transport {
  const files = [ca, cert, key, passphraseFile].filter((file) => file !== undefined);
  if (files.length === 0) {
    if (mutual) throw argumentError("raft", "mutual", "--ca, --cert and --key beside it");
    return tcp();
  }
  return tls({
    mutual,
    ...(ca !== undefined && { authorities: readFile(ca) }),
    ...(cert !== undefined && { certificate: readFile(cert) }),
    ...(key !== undefined && { key: readFile(key) }),
    ...(passphraseFile !== undefined && {
      passphrase: new TextDecoder().decode(readFile(passphraseFile)).replace(/\r?\n$/, ""),
    }),
  });
}

/** The transport of a member, which others reach too. @throws WireError `argument` without a certificate */
export function memberTransportOf(files: TlsFiles): Transport {
  if (files.ca !== undefined && files.cert === undefined) {
    throw argumentError("raft", "cert", "a certificate: members are servers too", "none");
  }
  return transportOf(files);
}
