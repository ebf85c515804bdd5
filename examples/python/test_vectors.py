"""Holds wire.py to all vectors in docs/ that are a client's: `python3 test_vectors.py`."""

from __future__ import annotations

import ast
import re
import unittest
from pathlib import Path

import wire

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PROTO = ROOT / "wire/src/main/protobuf/banyan.proto"
TAGS = wire.Tags("000102030405060708090a0b0c0d0e0f", 3)
WRITER, SESSION = 0x1111111111111111, 0x0102030405060708090A0B0C0D0E0F10
HELD = (258, WRITER, SESSION)


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def table(name: str) -> list[list[str]]:
    """The rows of a table of vectors in clients.md, without its heading, cells without their quotes."""
    found = re.search(rf"<!-- vectors: {name} -->\n(.*?)<!-- end -->", page("clients.md"), re.DOTALL)
    if not found:
        raise AssertionError(f"clients.md has no vectors {name}")
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found[1].splitlines()[2:]]


def numbers(cell: str) -> list[int]:
    return [int(digits, 16) for digits in re.findall(r"`([0-9a-f]{16,32})`", cell)]


def octets(text: str) -> bytes:
    return bytes.fromhex(text.strip("`"))


def enum_values() -> dict[str, int]:
    """The values of the enums of clients, which come first: UNKNOWN is in a router's enum, too."""
    found = re.findall(r"^\s+([A-Z_]+) = (\d+);", PROTO.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: int(value) for name, value in reversed(found)}


def read_text(message: str, text: str, enums: dict[str, int]) -> dict:
    """A message in Protobuf's text format, as a dict that `wire.encode` takes."""
    tokens = re.findall(r'"(?:[^"\\]|\\.)*"|[\w.-]+|[{}:]', text)

    def block(message: str) -> dict:
        values: dict = {}
        fields = {field.name: field for field in wire.FIELDS[message]}
        while tokens and tokens[0] != "}":
            field = fields[tokens.pop(0)]
            if tokens.pop(0) == "{":
                value = block("Record" if field.name == "records" else field.type)
                tokens.pop(0)
                if field.name == "records":
                    value = wire.encode("Record", value)
            else:
                word = tokens.pop(0)
                if word[0] == '"':
                    octets = ast.literal_eval("b" + word)
                    value = octets if field.type == "bytes" else octets.decode()
                else:
                    value = enums[word] if word in enums else word == "true" if field.type == "bool" else int(word)
            if field.repeated:
                values.setdefault(field.name, []).append(value)
            else:
                values[field.name] = value
        return values

    return block(message)


class Messages(unittest.TestCase):
    def test_messages_are_written_and_read_as_in_the_documents(self):
        enums, seen = enum_values(), set()
        for name in ("wire-vectors.md", "client-session.md"):
            for text, digits in re.findall(r"```proto\n(.*?)```\n\n```hex\n(.*?)```", page(name), re.DOTALL):
                case = text.split(" ")[0]
                if case not in {field.name for field in wire.FIELDS["ControlMessage"]}:
                    continue  # not a client's
                with self.subTest(page=name, message=text):
                    data = bytes.fromhex(digits)
                    said = read_text("ControlMessage", text, enums)[case]
                    self.assertEqual(wire.frame(case, said, hops=data[4]).hex(" "), data.hex(" "))
                    (body,) = wire.FrameReader().feed(data)
                    self.assertEqual(wire.parse(body)[0], case)
                    self.assertEqual(wire.frame(*wire.parse(body), hops=data[4]).hex(" "), data.hex(" "))
                seen.add(case)
        self.assertEqual(seen, {field.name for field in wire.FIELDS["ControlMessage"]})

    def test_numbers_of_fields_are_those_of_the_proto(self):
        text = PROTO.read_text(encoding="utf-8")
        for message, fields in wire.FIELDS.items():
            ((_, body),) = re.findall(rf"^( *)message {message} \{{\n(.*?)^\1\}}", text, re.DOTALL | re.MULTILINE)
            for field in fields:
                with self.subTest(message=message, field=field.name):
                    self.assertRegex(body, rf"\b{field.name} = {field.number};")

    def test_malformed_lengths_are_refused(self):
        for data in ("47 45 54 20 2f", "00 00 00 01 00", "80 00 00 00", "80 01 00 01", "80 00 00 05 00 00 00 01 00"):
            with self.subTest(frame=data), self.assertRaises(wire.Malformed):
                list(wire.FrameReader().feed(octets(data)))

    def test_a_frame_is_read_wherever_it_is_cut(self):
        (example,) = re.findall(r"```\n(80 00 00 04.*?)```", page("wire-vectors.md"), re.DOTALL)
        data = bytes.fromhex(example)
        for cut in range(len(data)):
            reader = wire.FrameReader()
            bodies = [*reader.feed(data[:cut]), *reader.feed(data[cut:])]
            self.assertEqual([wire.parse(body) for body in bodies], [("cull", {"clients": 3})])

    def test_long_frames_come_back_from_their_pieces(self):
        for size in (40_000, 65_536, 200_000):
            data = wire.frame("task_result", {"result": bytes(size)})
            reader = wire.FrameReader()
            reader.most = wire.FRAME_MOST
            bodies = [body for piece in wire.in_pieces(data) for body in reader.feed(piece)]
            self.assertEqual(bodies, [data[4:]])


class Layouts(unittest.TestCase):
    def test_groups(self):
        for key, check in table("groups"):
            self.assertEqual(wire.Tags(key.strip("`"), 3).check, int(check.strip("`"), 16))

    def test_changes(self):
        for added, removed, data in table("changes"):
            self.assertEqual(wire.change(numbers(added), numbers(removed)).hex(" "), octets(data).hex(" "))

    def test_tags(self):
        kinds = {
            "the key": TAGS.key,
            "the prefix": TAGS.prefix,
            "presence below": TAGS.presence,
            "the question about": lambda prefix: TAGS.prefix(prefix) | wire.TOP_BIT,
            "the inbox": lambda node: wire.inbox(int(node, 16)),
        }
        for kind, name, value in table("tags"):
            name = "" if name == "(empty)" else name.replace("node ", "").strip("`")
            self.assertEqual(f"`{kinds[kind](name):016x}`", value)

    def test_prefixes(self):
        self.assertEqual(TAGS.prefixes("a/b/c/d/e"), ["a/", "a/b/", "a/b/c/"])
        self.assertEqual(TAGS.prefixes("a/"), ["a/"])

    def test_hashes(self):
        for tags, everything, value in table("hashes"):
            self.assertEqual(wire.set_hash(numbers(tags), everything == "true"), int(value.strip("`"), 16))

    def test_payloads(self):
        put, delete = (octets(data).hex(" ") for _, data in table("payloads"))
        self.assertEqual(wire.payload("robot/7/pose", b"x=1", 258).hex(" "), put)
        self.assertEqual(wire.payload("a", None, 259).hex(" "), delete)

    def test_records_are_read_and_those_to_be_ignored_are_not(self):
        tags, data = TAGS.of_record("robot/7/pose"), wire.payload("robot/7/pose", b"x=1", 258)
        record = wire.Record.parse(wire.Record.of(tags, [0, 0, 4], WRITER, SESSION, 5, data), TAGS)
        self.assertEqual((record.key, record.value, record.version), ("robot/7/pose", b"x=1", HELD))
        for bad in (
            wire.Record.of(tags[:2], [0, 0], WRITER, SESSION, 5, data),
            wire.Record.of(tags, [0, 0, 5], WRITER, SESSION, 5, data),
            wire.Record.of(tags, [0, 0, 0], WRITER, SESSION, 0, data),
            wire.Record.of(tags, [0, 0, 0], WRITER, SESSION, 5, data[:20]),
            wire.Record.of(tags, [0, 0, 0], WRITER, SESSION, 5, b"\x02" + data[1:]),
        ):
            self.assertIsNone(wire.Record.parse(bad, TAGS))

    def test_versions_ascend(self):
        rows = [(int(row[0]), *numbers(row[1]), *numbers(row[2])) for row in table("versions")]
        self.assertEqual(rows, sorted(rows))

    def test_questions(self):
        data = [octets(row[1]) for row in table("questions")]
        self.assertEqual(wire.question(wire.KEY, "a"), data[0])
        self.assertEqual(wire.question(wire.KEY, "a", HELD), data[1])
        self.assertEqual(wire.question(wire.LEAVING, "a", HELD, duty=True), data[5])
        self.assertEqual(wire.read_question(data[1]), ("a", HELD))
        self.assertEqual(wire.read_question(data[5]), ("a", HELD))
        self.assertEqual([wire.read_question(one) for one in (*data[2:5], b"", data[0] + b"\0")], [None] * 5)

    def test_parcels(self):
        ((_, data),) = table("parcels")
        raw = wire.Record.of([TAGS.key("a")], [4], WRITER, SESSION, 5, wire.payload("a", b"x", 258))
        self.assertEqual(wire.parcel(wire.Record.parse(raw, TAGS)).hex(" "), octets(data).hex(" "))

    def test_the_default_tag_key_is_that_of_the_session(self):
        tags = wire.Tags(wire.Tags.default_key("main"), 3)
        self.assertEqual(tags.check, 3223236988502132748)
        self.assertEqual(tags.key("greeting"), 8369276940721645560)


if __name__ == "__main__":
    unittest.main()
