#!/usr/bin/env python3
"""Computes anew what docs/capsules.md says of its certificate and its batch.

    python3 check_capsules.py [PAGE]

Python's own library has hashes, but neither Ed25519 nor AES. Signatures and ciphertexts are checked too where the package
"cryptography" is installed.
"""

import hashlib
import hmac
import pathlib
import re
import sys

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
except ImportError:
    AESGCM = None

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "capsules.md"
HEADER, SIGNATURE = 104, 64


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def extract(secret):
    return hmac.new(bytes(32), secret, hashlib.sha256).digest()


def expand(key, info):
    return hmac.new(key, info + b"\x01", hashlib.sha256).digest()


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def left(leaves):
    return 1 << (leaves - 1).bit_length() - 1


def covering(first, last, start, size):
    """The fewest subtrees that cover the leaves from first up to last, that one excluded."""
    if first >= start + size or last <= start:
        return []
    if first <= start and start + size <= last:
        return [(start, size)]
    half = left(size)
    return covering(first, last, start, half) + covering(first, last, start + half, size - half)


def read(batch):
    """The root of a batch, and of each record that is in it: index, part in clear, ciphertext."""
    count = int.from_bytes(batch[46:48], "big")
    known = {}  # (first leaf, leaves) -> hash
    records = []
    at, index = HEADER + SIGNATURE, 0
    while index < count:
        start = at
        if batch[at] == 0x80:
            length, at = varint(batch, at + 1)
            for subtree in covering(index, index + length, 0, count):
                known[subtree] = batch[at : at + 32]
                at += 32
            index += length
        else:
            _, at = varint(batch, at + 1)
            tags, at = varint(batch, at)
            at += 8 * tags
            for _ in range(tags):
                _, at = varint(batch, at)
            length, at = varint(batch, at)
            records.append((index, batch[start:at], batch[at : at + length]))
            at += length
            known[(index, 1)] = sha256(b"\x00", index.to_bytes(2, "big"), batch[start:at])
            index += 1
    assert at == len(batch), "bytes behind the batch"

    def node(start, size):
        if (start, size) in known:
            return known[(start, size)]
        half = left(size)
        return sha256(b"\x01", node(start, half), node(start + half, size - half))

    return node(0, count), records


def signed(key, message, signature):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        return True
    except InvalidSignature:
        return False


def texts(batch, session_key):
    """What the records of the batch say."""
    cipher = AESGCM(expand(session_key, b"batch" + batch[:HEADER]))
    return [
        cipher.decrypt(index.to_bytes(12, "big"), sealed, index.to_bytes(2, "big") + clear)
        for index, clear, sealed in read(batch)[1]
    ]


def main(document):
    text = open(document, encoding="utf-8").read()
    values = {name: bytes.fromhex(value) for name, value in re.findall(r"\| (.+?) \| `([0-9a-f]+)` \|", text)}
    batch, part = values["the batch"], values["the batch without its second record"]
    writer = values["writer's id"]
    certificate, key = values["the certificate"], values["writer's public key"]
    group, roster = values["group"], values["roster hash"]
    secret = sha256(b"banyan/regress/1", values["S(3)"])
    session = (5).to_bytes(8, "big") + (6).to_bytes(8, "big")
    session_key = expand(extract(secret), b"seal" + group + roster + writer + session)
    said, question, answer = (
        values[name]
        for name in ("the text of a statement", "the statement, as a question", "the statement, as an answer")
    )
    checks = {
        "the writer's id": sha256(b"banyan/id/1", key)[:8] == writer,
        "the certificate's parts": certificate[:57] == b"\x01" + group + writer + key,
        "the key of the session": session_key == values["key of the session 5, 6 in epoch 2"],
        "the root of the whole batch": read(batch)[0] == values["root"],
        "the root of what is left of it": read(part)[0] == values["root"],
        "the parts of a statement": question[:171] == b"\x01" + certificate and question[171 + SIGNATURE :] == said,
        "the chain": sha256(b"\x02", batch[:HEADER], values["root"])
        == values["what the next header names as the one before"],
    }
    if AESGCM is None:
        print("(not checked, as there is no package cryptography: signatures and ciphertexts)")
    else:
        message = b"banyan/batch/1" + group + roster + batch[:HEADER] + values["root"]
        checks |= {
            "the signature of the certificate": signed(
                values["operator's public key"], b"banyan/cert/1" + certificate[:-SIGNATURE], certificate[-SIGNATURE:]
            ),
            "the signature of the batch": signed(key, message, batch[HEADER : HEADER + SIGNATURE]),
            "the signature of a question": signed(
                key, b"banyan/question/1" + group + roster + said, question[171 : 171 + SIGNATURE]
            ),
            "the signature of an answer": signed(
                key, b"banyan/answer/1" + group + roster + said, answer[171 : 171 + SIGNATURE]
            ),
            "the texts of the batch": texts(batch, session_key) == [b"one", b"two", b"three"],
            "the texts of what is left of it": texts(part, session_key) == [b"one", b"three"],
        }
    for what, holds in checks.items():
        print(f"{'holds  ' if holds else 'DIFFERS'}  {what}")
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else PAGE))
