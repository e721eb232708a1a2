meta:
  id: codes
  title: Numbers with names in the RAIDA protocol
  license: MIT
  endian: be
doc: Statuses, command groups, commands and encryption types, as the reference server numbers them.
enums:
  status:
    0: {id: no_error, doc: The request was carried out (key tickets answer so).}
    1: {id: error_cloud_disabled, doc: The cloud id is not served here.}
    2: {id: error_split_id, doc: The split id is not 0.}
    3: {id: error_raida_id, doc: The request is meant for another RAIDA server.}
    4: {id: error_shard_id, doc: The shard does not exist.}
    5: {id: error_command_group, doc: The command group does not exist.}
    6: {id: error_command, doc: The group has no such command.}
    7: {id: error_coin_id, doc: The server keeps another kind of coin.}
    8: {id: error_overwrite_failed, doc: 'The file was removed, or never was there: it cannot be written over. Of mail servers.'}
    9: {id: error_database_empty, doc: The database has no records. Of mail servers.}
    10: {id: error_database, doc: The database failed. Of mail servers.}
    11: {id: mail, doc: There is mail; no failure. Of mail servers.}
    12: {id: session_timeout, doc: The session has ended. Of mail servers.}
    15: {id: error_udp_frame_count, doc: The datagram announces frames that do not fit; never sent by the reference.}
    16: {id: error_packet_length, doc: The body does not have a length that the command accepts.}
    17: {id: error_udp_timeout, doc: A datagram of several did not arrive in time; never sent by the reference.}
    18: {id: error_wrong_raida, doc: The claimer of a ticket is no RAIDA server.}
    20: {id: error_shard_unavailable, doc: The shard is not available.}
    25: {id: error_encryption_coin_not_found, doc: The coin that makes the key of type 4 or 5 is not here.}
    27: {id: error_encryption_code, doc: The encryption type is not known.}
    33: {id: error_eof, doc: The body does not end in 3E 3E.}
    34: {id: error_encryption_key_not_found, doc: The coin or locker that makes the key of type 1 or 2 is not here.}
    36: {id: error_empty_request, doc: The command needs a body.}
    37: {id: error_crc, doc: The challenge does not match its CRC-32.}
    38: {id: error_admin_key, doc: The admin key is wrong.}
    39: {id: error_coins_not_divisible, doc: The body does not divide into whole coins.}
    40: {id: error_serial_or_denomination, doc: A coin lies on a page that the server does not have.}
    41: {id: error_page_not_reserved, doc: The page is not reserved for this session.}
    42: {id: error_no_ticket_slot, doc: All tickets are taken.}
    43: {id: error_no_ticket_found, doc: There is no such ticket.}
    44: {id: error_ticket_claimed_already, doc: This RAIDA server has claimed the ticket before.}
    45: {id: error_too_many_coins, doc: More coins than the server takes at once.}
    46: {id: error_invalid_shard, doc: The shard is not valid.}
    47: {id: error_delete, doc: The coins could not be deleted.}
    48: {id: error_legacy_database, doc: The legacy database failed.}
    49: {id: error_crossover_full, doc: No room for another crossover.}
    50: {id: error_trade_coin, doc: The currency of a trade is not known.}
    51: {id: error_trade_locker_not_found, doc: There is no such trade locker.}
    52: {id: error_no_private_key, doc: The server has no private key for the other chain.}
    89: {id: error_not_implemented, doc: The command is known and not implemented.}
    90: {id: error_bad_coins, doc: The coins are not acceptable.}
    148: {id: error_trade_locker_exists, doc: There is such a trade locker already.}
    149: {id: error_no_trade_locker, doc: There is no trade locker.}
    150: {id: waiting, doc: 'Not yet done, and no failure: ask again later.'}
    152: {id: error_no_btc_in_wallet, doc: The wallet has no bitcoin.}
    153: {id: error_few_coins_in_locker, doc: The locker has too few coins.}
    154: {id: error_locker_used, doc: The locker is in use.}
    160: {id: error_request_rate, doc: Too many requests.}
    177: {id: error_transaction_processed, doc: The transaction was carried out before.}
    178: {id: error_crypto_connect, doc: The service of the other chain cannot be reached.}
    179: {id: error_locker_empty_or_missing, doc: The locker is empty or does not exist.}
    180: {id: error_proxy_connect, doc: The proxy cannot be reached.}
    181: {id: error_price, doc: The price cannot be told.}
    182: {id: error_no_coins, doc: There are no coins.}
    183: {id: transaction_seen, doc: 'The transaction was seen, and waits; no failure.'}
    184: {id: error_no_such_record, doc: The name has no such record.}
    185: {id: error_no_such_domain, doc: The domain does not exist.}
    186: {id: error_unknown, doc: A failure without a name.}
    187: {id: error_proxy, doc: The proxy failed.}
    188: {id: error_key_build, doc: The key could not be built.}
    189: {id: error_external_backend, doc: A service that the server uses failed.}
    190: {id: error_transaction_empty, doc: The transaction is empty.}
    191: {id: error_transaction_missing, doc: The transaction does not exist.}
    192: {id: error_amount_mismatch, doc: The amount is another one.}
    193: {id: error_no_entry, doc: There is no such entry.}
    194: {id: error_filesystem, doc: The disk failed.}
    195: {id: error_key_start, doc: A key does not begin as it must.}
    196: {id: error_key_length, doc: A key does not have the length it must.}
    197: {id: error_coin_load, doc: The server cannot read its own coin file.}
    198: {id: error_invalid_parameter, doc: A parameter is not acceptable.}
    199: {id: error_invalid_pan, doc: The proposed authenticity number is not acceptable.}
    201: {id: error_file_exists, doc: The file exists already.}
    202: {id: error_file_missing, doc: The file does not exist.}
    203: {id: error_transaction, doc: The transaction failed.}
    204: {id: error_invalid_hmac, doc: 'The HMAC of type 4 or 5 does not match (with other types, a failure of the blockchain).'}
    205: {id: error_assemble, doc: The parts could not be assembled.}
    206: {id: error_raida_timeout, doc: 'A word of clients for a server that does not answer; none sends it.'}
    207: {id: error_raida_connection, doc: 'A word of clients for a server that cannot be reached; none sends it.'}
    208: {id: find_neither, doc: No coin matches either number.}
    209: {id: find_all_an, doc: All coins match their authenticity numbers.}
    210: {id: find_all_pan, doc: All coins match their proposed numbers.}
    211: {id: find_mixed, doc: Coins differ; the body has one byte a coin.}
    241: {id: all_pass, doc: All coins passed.}
    242: {id: all_fail, doc: All coins failed.}
    243: {id: mixed, doc: Some coins passed; the body has one bit a coin.}
    250: {id: success, doc: The request was carried out.}
    252: {id: error_internal, doc: The server failed.}
    253: {id: error_network, doc: The server could not reach another.}
    254: {id: error_memory, doc: The server has no memory left.}
    255: {id: error_routing, doc: The version of the routing part is not 1.}
  command_group:
    0: {id: status, doc: 'Echo, version, statistics.'}
    1: {id: auth, doc: Detect and pown.}
    2: {id: healing, doc: 'Tickets, find, fix.'}
    3: {id: executive, doc: Administration of coins.}
    4: {id: key_exchange, doc: Key healing.}
    8: {id: locker, doc: Lockers.}
    9: {id: change, doc: Change making.}
    10: {id: shard, doc: Shards.}
    11: {id: crossover, doc: Crossover to other chains.}
    12: {id: rpc, doc: Remote calls.}
    13: {id: filesystem, doc: Files.}
    14: {id: integrity, doc: Integrity votes.}
  status_command:
    0: {id: echo, doc: Answers with its header.}
    1: {id: version, doc: Answers with its release.}
    2: {id: show_stats, doc: Answers with its counters.}
    3: {id: audit, doc: Answers with totals of coins; crashes the reference server.}
  auth_command:
    10: {id: detect, doc: Are these the authenticity numbers?}
    11: {id: detect_sum, doc: The same for the XOR of them.}
    20: {id: pown, doc: Replaces authenticity numbers.}
    21: {id: pown_sum, doc: The same by one difference for all.}
  healing_command:
    40: {id: get_ticket, doc: A ticket for the coins that are authentic.}
    50: {id: validate_ticket, doc: 'The coins of a ticket, once for each RAIDA server.'}
    60: {id: find, doc: Which of two numbers is authentic?}
    80: {id: fix, doc: New authenticity numbers on the word of the other servers.}
  key_exchange_command:
    44: {id: get_encryption_ticket, doc: A helper wraps half of a key.}
    45: {id: fix_encryption, doc: A broken server takes the halves that helpers have wrapped.}
  locker_command:
    82: {id: store_sum, doc: Gives coins one key.}
    83: {id: peek, doc: Which coins are under a key?}
  encryption_type:
    0: {id: clear, doc: Nothing is encrypted.}
    1: {id: aes128_coin, doc: AES-128-CTR under the AN of a coin.}
    2: {id: aes128_locker, doc: AES-128-CTR under a locker key.}
    4: {id: aes256_coin, doc: AES-256-CTR and HMAC under SHA-256 of one AN.}
    5: {id: aes256_two_coins, doc: AES-256-CTR and HMAC under SHA-256 of two ANs.}
