"""Banyan's bytes: messages, frames, tags, records and questions.

Nothing here talks to anybody. The layouts are those of banyan.proto, docs/wire-vectors.md and docs/clients.md;
`test_vectors.py` holds this file to the vectors on these pages.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from typing import Any, Iterable, NamedTuple

U64 = (1 << 64) - 1
TOP_BIT = 1 << 63
GOLDEN = 0x9E3779B97F4A7C15

FRAME_MOST, STRANGER_MOST = 4 << 20, 73_728  # bytes behind the length field; the second from who is no parent yet
PIECES_ABOVE, PIECE, PIECE_MOST = 32 << 10, 16_384, 65_536
VALUE_MOST, KEY_MOST = 1 << 20, 1024

VERSION, ROOT, CLIENT = 2, 1, 3
REASONS = dict(
    enumerate("INCOMPATIBLE DUPLICATE_NODE NO_PLACE TREE_FULL NOT_ROOTED ROOT_YOUNG NOT_ROOT".split(), start=1)
)
PARTIAL, SETTLED, EXHAUSTED, LOST, UNKNOWN, MORE = range(1, 7)
KEY, LEAVING, PUT, DELETION, PARCEL, AGAIN = 4, 10, 1, 2, 11, b"\x06"  # first bytes of questions, payloads, tasks


class Malformed(Exception):
    """What the other side said is none of Banyan's bytes. Text says why."""


# --- Messages -------------------------------------------------------------------------------------------------------

# The part of banyan.proto that a client needs: "name number type", with * if repeated. Records stay bytes, because they
# are handed on as they came, unknown fields included; Record reads them.
_PROTO = """
ControlMessage: multicast 1 Multicast, heartbeat 2 Heartbeat, interest 3 Interest, wanted 4 Wanted, gap 5 Gap,
    anycast 6 Anycast, anycast_answer 7 AnycastAnswer, dispatch 8 Dispatch, join_request 9 JoinRequest,
    assign_parent 10 AssignParent, attach 11 Attach, attached 12 Attached, refused 13 Refused, cull 14 Cull,
    disconnect 15 Disconnect, hello 16 Hello, resend 17 Resend, task_result 20 TaskResult, reassign 22 Reassign
Address: host 1 string, port 2 uint
Hop: node 1 fixed, tried 2 *fixed
PathEntry: node 1 fixed, attach_number 2 uint
Hello: version 1 uint, tree 2 string, node 3 fixed, kind 4 uint, incarnation 5 fixed, credentials 6 bytes,
    settings 7 Settings
Settings: group 1 Group, heartbeat_nanos 2 uint
Group: tag_key_check 1 fixed, prefix_levels 2 uint, tombstone_millis 3 uint
JoinRequest: joiner 1 fixed, kind 2 uint, address 3 Address, attempt 4 uint, has_parent 5 bool, clients 6 uint,
    routers 7 uint, path 8 *Hop, returned 9 bool, route 10 *fixed, failed 11 *fixed, again 12 bool
AssignParent: joiner 1 fixed, attempt 2 uint, parent 3 fixed, parent_address 4 Address, route 5 *fixed
Attach: joiner 1 fixed, kind 2 uint, address 3 Address, attempt 4 uint, attach_number 5 uint, clients 6 uint,
    routers 7 uint, climbed 8 *fixed
Attached: joiner 1 fixed, attempt 2 uint, root_term 3 uint, route 4 *fixed, path 5 *PathEntry,
    limits 6 InterestLimits, clock_millis 7 uint, forgotten_millis 8 uint
InterestLimits: tags 1 uint, least_bits 2 uint
Refused: joiner 1 fixed, attempt 2 uint, reason 3 uint, detail 4 string, route 5 *fixed
Heartbeat: rooted 1 bool, root_term 2 uint, interest_version 3 uint, interest_hash 4 fixed, unwanted 5 uint,
    from_child 6 FromChild, from_parent 7 FromParent, group 10 Group
FromChild: clients 1 uint, routers 2 uint, expected_clients 3 uint, expected_routers 4 uint, free_client_slots 5 uint,
    free_router_slots 6 uint, joins_seen 7 uint, load 8 uint, tasks_seen 9 uint, forgotten_millis 14 uint,
    clock_millis 15 uint
FromParent: path 1 *PathEntry, aim 2 uint, asks_usage 3 bool, reassigning 4 bool, dialable 5 uint,
    limits 6 InterestLimits, clock_millis 7 uint, forgotten_millis 8 uint
Cull: clients 1 uint
Reassign: client 1 fixed, path 2 *fixed, route 3 *fixed
Disconnect: reason 1 string
Interest: version 1 uint, snapshot 2 bool, all 3 bool, change 4 bytes, hash 5 fixed
Wanted: version 1 uint, answers 2 uint, all 3 bool, snapshot 4 bool, added 5 bytes, removed 6 bytes, hash 7 fixed
Resend: held_version 1 uint
Gap: tags 1 *fixed
Multicast: records 1 *bytes
Record: tags 1 *fixed, writer 2 fixed, session_high 3 fixed, session_low 4 fixed, sequence 5 uint,
    predecessors 6 *uint, payload 7 bytes
Anycast: id 1 uint, origin 2 fixed, tag 3 fixed, path 4 *Hop, returned 5 bool, question 6 bytes, doubtful 7 bool
AnycastAnswer: id 1 uint, origin 2 fixed, tag 3 fixed, answerer 4 fixed, completeness 5 uint, route 6 *fixed,
    records 7 *bytes, ago_millis 8 uint
Dispatch: id 1 uint, origin 2 fixed, tags 3 *fixed, path 4 *fixed, returned 5 bool, task 6 bytes, elsewhere 7 bool
TaskResult: id 1 uint, origin 2 fixed, path 3 *fixed, result 4 bytes
"""


class _Field(NamedTuple):
    name: str
    number: int
    type: str
    repeated: bool


def _fields(text: str) -> list[_Field]:
    words = (field.split() for field in text.split(","))
    return [_Field(name, int(number), kind.lstrip("*"), kind[0] == "*") for name, number, kind in words]


FIELDS = {
    name.strip(): _fields(rest) for name, rest in (s.split(":") for s in _PROTO.replace("\n    ", " ").strip().split("\n"))
}
_NUMBERS = ("uint", "bool", "fixed")
_DEFAULTS = {"uint": 0, "fixed": 0, "bool": False, "bytes": b"", "string": ""}


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out) + bytes([number])


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    number = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise Malformed("a number is cut off")
        number |= (data[at] & 0x7F) << shift
        at += 1
        if data[at - 1] < 0x80:
            return number & U64, at
    raise Malformed("a number of more than ten bytes")


def _number(kind: str, value: int) -> bytes:
    return struct.pack("<Q", value) if kind == "fixed" else _varint(int(value))


def encode(message: str, values: dict[str, Any]) -> bytes:
    """The Protobuf bytes of a message; messages inside are dicts, and are written also if they are empty."""
    unknown = values.keys() - {field.name for field in FIELDS[message]}
    if unknown:
        raise ValueError(f"{message} has no {unknown}")
    out = bytearray()
    for name, number, kind, repeated in FIELDS[message]:
        value = values.get(name)
        if not value and not (isinstance(value, dict) and kind in FIELDS):
            continue
        if kind in _NUMBERS and not repeated:
            out += _varint(number << 3 | (1 if kind == "fixed" else 0)) + _number(kind, value)
            continue
        if kind in _NUMBERS:
            parts = [b"".join(_number(kind, one) for one in value)]  # packed
        else:
            parts = [
                one.encode() if kind == "string" else bytes(one) if kind == "bytes" else encode(kind, one)
                for one in (value if repeated else [value])
            ]
        for part in parts:
            out += _varint(number << 3 | 2) + _varint(len(part)) + part
    return bytes(out)


def decode(message: str, data: bytes) -> dict[str, Any]:
    """The fields of a message. What was not said has its default; a single message inside that was not said is None."""
    values: dict[str, Any] = {f.name: [] if f.repeated else _DEFAULTS.get(f.type) for f in FIELDS[message]}
    known = {field.number: field for field in FIELDS[message]}
    at = 0
    while at < len(data):
        key, at = _read_varint(data, at)
        wire_type, field = key & 7, known.get(key >> 3)
        if wire_type == 0:
            value, at = _read_varint(data, at)
        elif wire_type in (1, 2, 5):
            size, at = _read_varint(data, at) if wire_type == 2 else (8 if wire_type == 1 else 4, at)
            value, at = data[at : at + size], at + size
            if at > len(data):
                raise Malformed("a field is longer than what it is in")
            value = value if wire_type == 2 else int.from_bytes(value, "little")
        else:
            raise Malformed(f"wire type {wire_type}")
        if field and field.repeated:
            values[field.name] += _values(field.type, value)
        elif field:
            said = _values(field.type, value)
            if len(said) != 1:
                raise Malformed(f"{field.name} more than once in one field")
            values[field.name] = said[0]
    return values


def _values(kind: str, value: int | bytes) -> list[Any]:
    """What one field on the wire says: several values if numbers are packed."""
    if isinstance(value, int):
        if kind not in _NUMBERS:
            raise Malformed(f"a number for {kind}")
        return [bool(value) if kind == "bool" else value]
    if kind == "fixed" and len(value) % 8 == 0:
        return [number for (number,) in struct.iter_unpack("<Q", value)]
    if kind == "uint":
        numbers, at = [], 0
        while at < len(value):
            number, at = _read_varint(value, at)
            numbers.append(number)
        return numbers
    if kind in _NUMBERS:
        raise Malformed(f"bytes for {kind}")
    if kind == "string":
        return [value.decode(errors="replace")]
    return [value if kind == "bytes" else decode(kind, value)]


# --- Frames ---------------------------------------------------------------------------------------------------------


def frame(case: str, values: dict[str, Any], hops: int = 0) -> bytes:
    """A message as it goes over a link, if nobody has to wait for it."""
    body = encode("ControlMessage", {case: values})
    return struct.pack(">IB", len(body) + 1, hops) + body


def in_pieces(data: bytes) -> Iterable[bytes]:
    """A frame as it is sent: whole, or in pieces if it is long."""
    if len(data) <= PIECES_ABOVE:
        return [data]
    cut = (data[at : at + PIECE] for at in range(0, len(data), PIECE))
    return (struct.pack(">I", len(piece) | 1 << 31) + piece for piece in cut)


def parse(body: bytes) -> tuple[str, dict[str, Any]]:
    """The case and the fields of what a frame holds behind its length; the case is empty if no client needs it."""
    for case, values in decode("ControlMessage", body[1:]).items():
        if values is not None:
            return case, values
    return "", {}


class FrameReader:
    """Cuts what comes over a link into frames, and puts together those that come in pieces."""

    def __init__(self) -> None:
        self.most = STRANGER_MOST
        self._came = bytearray()
        self._pieces = bytearray()

    def feed(self, data: bytes) -> Iterable[bytes]:
        """The frames that these bytes complete, without their length field."""
        self._came += data
        while len(self._came) >= 4:
            (length,) = struct.unpack_from(">I", self._came)
            piece, length = length >> 31, length & 0x7FFFFFFF
            if not (1 <= length <= PIECE_MOST if piece else 2 <= length <= self.most):
                raise Malformed(f"a {'piece' if piece else 'frame'} of {length} bytes")
            if len(self._came) < 4 + length:
                return
            part = bytes(self._came[4 : 4 + length])
            del self._came[: 4 + length]
            if not piece:
                yield part
                continue
            self._pieces += part
            if len(self._pieces) >= 4:
                (whole,) = struct.unpack_from(">I", self._pieces)
                if not 2 <= whole <= self.most or len(self._pieces) > 4 + whole:
                    raise Malformed(f"pieces of a frame of {whole} bytes")
                if len(self._pieces) == 4 + whole:
                    yield bytes(self._pieces[4:])
                    self._pieces.clear()


# --- Tags, and sets of them -----------------------------------------------------------------------------------------


def siphash(k0: int, k1: int, data: bytes) -> int:
    """SipHash-2-4."""
    v0, v1 = k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D
    v2, v3 = k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573
    words = struct.unpack(f"<{len(data) // 8 + 1}Q", data + bytes(7 - len(data) % 8) + bytes([len(data) & 0xFF]))

    def rotate(x: int, bits: int) -> int:
        return (x << bits | x >> 64 - bits) & U64

    def rounds(count: int) -> None:
        nonlocal v0, v1, v2, v3
        for _ in range(count):
            v0, v2 = v0 + v1 & U64, v2 + v3 & U64
            v1, v3 = rotate(v1, 13) ^ v0, rotate(v3, 16) ^ v2
            v0, v2 = rotate(v0, 32) + v3 & U64, v2 + v1 & U64
            v3, v1 = rotate(v3, 21) ^ v0, rotate(v1, 17) ^ v2
            v2 = rotate(v2, 32)

    for word in words:
        v3 ^= word
        rounds(2)
        v0 ^= word
    v2 ^= 0xFF
    rounds(4)
    return v0 ^ v1 ^ v2 ^ v3


def mix(z: int) -> int:
    """The finaliser of SplitMix64."""
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & U64
    z = (z ^ z >> 27) * 0x94D049BB133111EB & U64
    return z ^ z >> 31


def inbox(node: int) -> int:
    """The tag that one node alone listens to."""
    return mix(node) | TOP_BIT


class Tags:
    """How names become tags: under the tag key, with so many levels of prefixes."""

    def __init__(self, tag_key: str, levels: int) -> None:
        self._k0, self._k1, self.levels = int(tag_key[16:], 16), int(tag_key[:16], 16), levels
        self.check = siphash(self._k0, self._k1, b"check of the tag key") or 1

    @staticmethod
    def default_key(tree: str) -> str:
        """The tag key of a tree that was given none."""
        return hashlib.sha256(tree.encode()).hexdigest()[:32]

    def _tag(self, kind: str, name: str) -> int:
        return siphash(self._k0, self._k1, (kind + name).encode()) & ~TOP_BIT

    def key(self, key: str) -> int:
        return self._tag("k", key)

    def prefix(self, prefix: str) -> int:
        return self._tag("p", prefix)

    def presence(self, prefix: str) -> int:
        return self._tag("h", prefix)

    def prefixes(self, key: str) -> list[str]:
        """The declared prefixes of a key, the shortest first."""
        return [key[: at + 1] for at, letter in enumerate(key) if letter == "/"][: self.levels]

    def to_ask(self, key: str) -> list[int]:
        """The tags under which a key is asked for, in this order."""
        return [self.key(key)] + [self.prefix(prefix) for prefix in reversed(self.prefixes(key))]

    def of_record(self, key: str) -> list[int]:
        """The tags of a record of a key."""
        return sorted(set(self.to_ask(key)))


def set_hash(tags: Iterable[int], all_: bool = False) -> int:
    """The hash of a set of tags."""
    result = GOLDEN if all_ else 0
    for tag in tags:
        result ^= mix(tag + GOLDEN & U64)
    return result


def change(added: Iterable[int], removed: Iterable[int] = ()) -> bytes:
    """The change of a set of tags (docs/filters.md), of whole tags."""
    more, less = (sorted(tag ^ TOP_BIT for tag in tags) for tags in (added, removed))
    bits = _delta(1 + len(more)) + _delta(1 + len(less)) + _run(more)
    if less:
        bits += "0000" + _run(less)
    bits += "0" * (-len(bits) % 8)
    return bytes([64]) + int(bits, 2).to_bytes(len(bits) // 8, "big")


def _bits(number: int, count: int) -> str:
    return format(number, f"0{count}b") if count else ""


def _delta(number: int) -> str:
    """Elias's delta code."""
    size = format(number.bit_length(), "b")
    return "0" * (len(size) - 1) + size + format(number, "b")[1:]


def _run(numbers: list[int]) -> str:
    """Ascending numbers of 64 bits: the first, the last, then the gaps between."""
    if len(numbers) < 3:
        return "".join(_bits(number, 64) for number in numbers)
    first, last, lowest, out = numbers[0], numbers[-1], 0, [_bits(numbers[0], 64), _bits(numbers[-1], 64)]
    for index, number in enumerate(numbers[1:-1]):
        span, left = last - first - 2 - lowest, len(numbers) - 2 - index
        gap = number - first - 1 - lowest
        mean = span // (left + 1)
        modulus = max(1, mean // 2 + mean // 8 + mean // 16)
        q, r = divmod(gap, modulus)
        if q >= 24:
            out.append("1" * 24 + _bits(gap, span.bit_length()))
        else:
            k = (modulus - 1).bit_length()
            spare = (1 << k) - modulus
            out.append("1" * q + "0" + (_bits(r, k - 1) if r < spare else _bits(r + spare, k)))
        lowest += gap + 1
    return "".join(out)


# --- Records and questions ------------------------------------------------------------------------------------------

Version = tuple  # Lamport time, writer, session: of two writes of a key the one with the greater version stays
NO_VERSION: Version = (0, 0, 0)


@dataclass(frozen=True)
class Record:
    """One write of one key. The value of a deletion is None."""

    key: str
    value: bytes | None
    version: Version
    sequence: int
    tags: list[int]
    predecessors: list[int]
    raw: bytes

    @staticmethod
    def of(tags: list[int], predecessors: list[int], writer: int, session: int, sequence: int, payload: bytes) -> bytes:
        """The bytes of a record."""
        return encode(
            "Record",
            {
                "tags": tags,
                "writer": writer,
                "session_high": session >> 64,
                "session_low": session & U64,
                "sequence": sequence,
                "predecessors": predecessors,
                "payload": payload,
            },
        )

    @staticmethod
    def parse(raw: bytes, tags: Tags) -> Record | None:
        """The write that these bytes say; None if they say none that a client takes."""
        said = decode("Record", raw)
        payload, sequence = said["payload"], said["sequence"]
        if len(payload) < 11 or payload[0] not in (PUT, DELETION):
            return None
        kind, size, time = struct.unpack_from(">BHQ", payload)
        try:
            key, rest = payload[11 : 11 + size].decode(), payload[11 + size :]
        except UnicodeDecodeError:
            return None
        if not 1 <= size <= KEY_MOST or len(payload) < 11 + size or not 1 <= time <= 1 << 62:
            return None
        if len(rest) > (VALUE_MOST if kind == PUT else 0) or said["tags"] != tags.of_record(key):
            return None
        if len(said["predecessors"]) != len(said["tags"]) or any(p >= sequence for p in said["predecessors"]):
            return None
        version = (time, said["writer"], said["session_high"] << 64 | said["session_low"])
        value = rest if kind == PUT else None
        return Record(key, value, version, sequence, said["tags"], said["predecessors"], raw)


def payload(key: str, value: bytes | None, time: int) -> bytes:
    """The payload of a record: of a deletion if the value is None."""
    name = key.encode()
    return struct.pack(">BHQ", DELETION if value is None else PUT, len(name), time) + name + (value or b"")


def question(kind: int, key: str, held: Version = NO_VERSION, duty: bool = False) -> bytes:
    """What is asked about a key: KEY who has a newer record, or LEAVING who keeps it."""
    name, (time, writer, session) = key.encode(), held
    body = struct.pack(">BH", kind, len(name)) + name + struct.pack(">QQ", time, writer) + session.to_bytes(16, "big")
    return body + bytes([duty]) if kind == LEAVING else body


def read_question(body: bytes) -> tuple[str, Version] | None:
    """The key that is asked for, and the version that the asker has; None for all other questions."""
    if len(body) < 3 or body[0] not in (KEY, LEAVING):
        return None
    (size,) = struct.unpack_from(">H", body, 1)
    if len(body) != 3 + size + 32 + (body[0] == LEAVING):
        return None
    time, writer, high, low = struct.unpack_from(">QQQQ", body, 3 + size)
    try:
        return body[3 : 3 + size].decode(), (time, writer, high << 64 | low)
    except UnicodeDecodeError:
        return None


def parcel(record: Record) -> bytes:
    """The task that hands a record over to somebody who stays."""
    said = decode("Record", record.raw)
    head = struct.pack(">BQQQQ", PARCEL, said["writer"], said["session_high"], said["session_low"], said["sequence"])
    before = said["predecessors"]
    body = said["payload"]
    return head + struct.pack(f">B{len(before)}QI", len(before), *before, len(body)) + body
