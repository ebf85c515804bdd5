#!/usr/bin/env python3
"""Computes anew what docs/capsules.md says of its batch, with nothing but hashes.

    python3 check_capsules.py ../../docs/capsules.md

The signature and the ciphertexts are left out: Python's library has neither Ed25519 nor AES.
"""

import hashlib
import hmac
import re
import sys

HEADER, SIGNATURE = 104, 64


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def hkdf(secret, info):
    key = hmac.new(bytes(32), secret, hashlib.sha256).digest()
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


def root(batch):
    count = int.from_bytes(batch[46:48], "big")
    known = {}  # (first leaf, leaves) -> hash
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
            at += length
            known[(index, 1)] = sha256(b"\x00", index.to_bytes(2, "big"), batch[start:at])
            index += 1
    assert at == len(batch), "bytes behind the batch"

    def node(start, size):
        if (start, size) in known:
            return known[(start, size)]
        half = left(size)
        return sha256(b"\x01", node(start, half), node(start + half, size - half))

    return node(0, count)


def main(document):
    text = open(document, encoding="utf-8").read()
    values = {name: bytes.fromhex(value) for name, value in re.findall(r"\| (.+?) \| `([0-9a-f]+)` \|", text)}
    batch, part = values["the batch"], values["the batch without its second record"]
    writer = values["writer's id"]
    secret = sha256(b"banyan/regress/1", values["S(3)"])
    session = (5).to_bytes(8, "big") + (6).to_bytes(8, "big")
    checks = {
        "the writer's id": sha256(b"banyan/id/1", values["writer's public key"])[:8] == writer,
        "the key of the session": hkdf(secret, b"seal" + values["group"] + values["roster hash"] + writer + session)
        == values["key of the session 5, 6 in epoch 2"],
        "the root of the whole batch": root(batch) == values["root"],
        "the root of what is left of it": root(part) == values["root"],
        "the chain": sha256(b"\x02", batch[:HEADER], values["root"])
        == values["what the next header names as the one before"],
    }
    for what, holds in checks.items():
        print(f"{'holds  ' if holds else 'DIFFERS'}  {what}")
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
