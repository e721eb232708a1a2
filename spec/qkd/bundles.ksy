meta:
  id: bundles
  title: The keys of a member for the levels 3 and 4
  license: MIT
  endian: be
doc: |
  A public bundle is what others need to seal to a member and to check its signatures; a secret one is what only the
  member itself has. In files they stand as base64 between lines that say which of the two it is.
types:
  public_bundle:
    seq:
      - {id: magic, contents: SWQP}
      - {id: version, type: u1, valid: 1}
      - {id: level, type: u1, valid: {any-of: [3, 4]}, doc: The level that the keys are for.}
      - {id: len_id, type: u1, valid: {min: 1}, -derive: sizeof(id)}
      - {id: id, type: str, encoding: UTF-8, size: len_id, doc: 'Whose keys they are, for example an address.'}
      - {id: created_ms, type: u8, -u64: number, doc: Milliseconds since 1970 in UTC.}
      - {id: keys, type: public_keys(level)}
  public_keys:
    params:
      - {id: level, type: u1}
    seq:
      - id: pairs
        type:
          switch-on: level
          cases:
            3: post_quantum_public
            4: rsa_keys
  secret_bundle:
    seq:
      - {id: magic, contents: SWQS}
      - {id: version, type: u1, valid: 1}
      - {id: level, type: u1, valid: {any-of: [3, 4]}, doc: The level that the keys are for.}
      - {id: len_id, type: u1, valid: {min: 1}, -derive: sizeof(id)}
      - {id: id, type: str, encoding: UTF-8, size: len_id}
      - {id: created_ms, type: u8, -u64: number, doc: Milliseconds since 1970 in UTC.}
      - {id: keys, type: secret_keys(level)}
  secret_keys:
    params:
      - {id: level, type: u1}
    seq:
      - id: pairs
        type:
          switch-on: level
          cases:
            3: post_quantum_secret
            4: rsa_secret
  post_quantum_public:
    -kind: post_quantum
    -spec: FIPS 203 and FIPS 204
    seq:
      - {id: kem_key, size: 1568, doc: ML-KEM-1024 encapsulation key.}
      - {id: signature_key, size: 2592, doc: ML-DSA-87 public key.}
  post_quantum_secret:
    -kind: post_quantum
    -spec: FIPS 203 and FIPS 204
    seq:
      - {id: kem_seed, size: 64, -secret: true, doc: 'd and z of ML-KEM-1024.'}
      - {id: signature_seed, size: 32, -secret: true, doc: 'ξ of ML-DSA-87.'}
  rsa_keys:
    -kind: rsa
    -spec: RFC 5280
    seq:
      - {id: len_encryption_key, type: u2, -derive: sizeof(encryption_key)}
      - {id: encryption_key, size: len_encryption_key, doc: SPKI DER of an RSA-4096 key for RSA-OAEP.}
      - {id: len_signature_key, type: u2, -derive: sizeof(signature_key)}
      - {id: signature_key, size: len_signature_key, doc: SPKI DER of another one for RSA-PSS.}
  rsa_secret:
    -kind: rsa
    -spec: RFC 5208
    seq:
      - {id: len_encryption_key, type: u2, -derive: sizeof(encryption_key)}
      - {id: encryption_key, size: len_encryption_key, -secret: true, doc: PKCS 8 DER.}
      - {id: len_signature_key, type: u2, -derive: sizeof(signature_key)}
      - {id: signature_key, size: len_signature_key, -secret: true, doc: PKCS 8 DER.}
