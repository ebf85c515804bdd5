#!/usr/bin/env python3
"""A small client of Banyan: it joins a tree as a leaf, reads and writes keys, and answers for what it holds.

It is written from docs/clients.md, needs Python 3.9 and nothing else, and keeps what it holds in memory. Not in it:
prefixes, tasks of others, settled answers, moves without a gap, repair among replicas, and what a client owes that was
cut off for more than a day.

    banyan_client.py --root 127.0.0.1:7070 get KEY
    banyan_client.py --root 127.0.0.1:7070 put KEY VALUE     (VALUE - is read from standard input)
    banyan_client.py --root 127.0.0.1:7070 delete KEY
    banyan_client.py --root 127.0.0.1:7070 watch KEY         (prints each newer value)
    banyan_client.py --root 127.0.0.1:7070 serve KEY VALUE   (puts it, then answers for it until stopped)

Exit codes: 0 done, 1 not done, 2 wrong use, 3 there is no such key, 5 nobody else keeps what was written here.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import secrets
import signal
import socket
import sys
import time
from typing import Any, AsyncIterator, Callable, Coroutine

import wire
from wire import NO_VERSION, Malformed, Record, Tags, Version

HEARTBEAT = 1.0
PATIENCE, PATIENCE_MOST = 1.0, 8.0  # for answers to a join
BACKOFF, BACKOFF_MOST = 0.05, 5.0
ASK_FOR = 5.0  # so long a question is asked until it is answered "not known"
RESCUE_AFTER = 10.0  # and as much again at random: of a parent that has no root
HAND_OVER_FOR = 2.0
DAY_MILLIS = 24 * 60 * 60 * 1000
AHEAD_MOST_MILLIS, LED_MOST_MILLIS, DRIFT_MILLIS = 300_000, 240_000, 60_000
NO_TASKS = 1_000_000  # the load of a client that runs none


class BanyanError(Exception):
    """What could not be done, in one line; if somebody has refused it, with the reason."""

    def __init__(self, text: str, reason: str = "") -> None:
        super().__init__(text)
        self.reason = reason


class Link:
    """A connection to another node: whole messages, in order."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: str) -> None:
        self.name = name
        self.frames = wire.FrameReader()
        self.peer: dict[str, Any] = {}  # its Hello
        self.path: list[tuple[int, int]] = []  # from the root to it, once it is the parent
        self.interest_version = self.interest_hash = self.tasks_seen = 0
        self.silence = 10.0  # seconds; a parent is given less
        self.gone = asyncio.Event()
        self.closed = False
        self._reader, self._writer = reader, writer
        self._messages = self._read()

    @staticmethod
    async def dial(host: str, port: int) -> Link:
        name = f"{host}:{port}"
        try:
            reader, writer = await asyncio.wait_for(asyncio.open_connection(host, port), PATIENCE_MOST)
        except (OSError, asyncio.TimeoutError) as e:
            why = getattr(e, "strerror", None) or e
            raise BanyanError(f"no connection to {name}: {why or 'no answer'}") from None
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return Link(reader, writer, name)

    def send(self, case: str, values: dict[str, Any]) -> None:
        if not self.closed:
            for part in wire.in_pieces(wire.frame(case, values)):
                self._writer.write(part)

    async def flush(self) -> None:
        await self._writer.drain()

    async def _read(self) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        while True:
            try:
                data = await asyncio.wait_for(self._reader.read(65536), self.silence)
            except asyncio.TimeoutError:
                raise BanyanError(f"{self.name} has said nothing for {self.silence:g} s") from None
            except OSError as e:
                raise BanyanError(f"lost {self.name}: {e}") from None
            if not data:
                self.gone.set()
                raise BanyanError(f"{self.name} has closed the link")
            try:
                for body in self.frames.feed(data):
                    yield wire.parse(body)
            except Malformed as e:
                raise BanyanError(f"{self.name} sends what is none of Banyan's bytes: {e}") from None

    async def receive(self) -> tuple[str, dict[str, Any]]:
        """The next message, with the name of its case."""
        return await self._messages.__anext__()

    def close(self) -> None:
        self.closed = True
        self._writer.close()

    async def say_goodbye(self, reason: str) -> None:
        """Leaves, and waits until the other side has heard it and closed."""
        self.send("disconnect", {"reason": reason})
        self.closed = True
        try:
            self._writer.write_eof()
            await asyncio.wait_for(self.gone.wait(), 1)
        except (OSError, asyncio.TimeoutError):
            pass
        self.close()


class Client:
    """A leaf of the tree. `run` keeps its place; the other methods work while that runs."""

    def __init__(
        self,
        roots: list[tuple[str, int]],
        tree: str,
        tags: Tags,
        tombstone_millis: int = DAY_MILLIS,
        log: Callable[[str], None] = print,
    ) -> None:
        self.roots, self.tree, self.tags, self.log = roots, tree, tags, log
        self.group = {
            "tag_key_check": tags.check,
            "prefix_levels": tags.levels,
            "tombstone_millis": tombstone_millis,
        }
        self.node, self.incarnation, self.session = secrets.randbits(64), secrets.randbits(64), secrets.randbits(128)
        self.link: Link | None = None
        self.attached = asyncio.Event()
        self.rooted = True
        self.trouble = "has not tried yet"
        self.held: dict[str, Record] = {}  # the newest of each key
        self.on_update: Callable[[Record], None] = lambda record: None
        self._next: Link | None = None  # the parent that it moves to
        self._attempt = self._attach_number = self._question_id = self._dispatch_id = 0
        self._wanted: dict[str, int] = {}  # keys and their tags, what was wanted last at the end
        self._limit = 0
        self._mine: set[str] = set()
        self._sequence = 0
        self._last_with: dict[int, int] = {}  # for each tag the sequence of the last record that was sent with it
        self._tree_millis, self._tree_millis_at = 0, 0.0
        self._last_given = self._greatest_seen = 0
        self._missed = 0  # grows when something may have been missed
        self._questions: dict[int, asyncio.Future[int]] = {}  # several ids if it was asked again
        self._tasks_given: dict[int, asyncio.Future[bytes]] = {}
        self._rescue_at = 0.0  # while the parent has no root
        self._background: set[asyncio.Task[None]] = set()

    # --- To join, and to keep the place ---

    async def run(self) -> None:
        """Joins, stays, and joins again whenever the parent is lost."""
        while True:
            link, self._next = self._next or await self._search(), None
            self.link = link
            try:
                await self._stay(link)
            except (BanyanError, Malformed) as e:
                if not link.closed:
                    self.log(f"{e}; joins again")
            finally:
                self.attached.clear()
                link.close()

    def _hello(self) -> dict[str, Any]:
        return {
            "version": wire.VERSION,
            "tree": self.tree,
            "node": self.node,
            "kind": wire.CLIENT,
            "incarnation": self.incarnation,
            "settings": {"group": self.group, "heartbeat_nanos": int(HEARTBEAT * 1e9)},
        }

    async def _search(self) -> Link:
        """Asks roots for a parent until one has taken the client."""
        failed: list[int] = []
        failures, duplicates, patience = 0, 0, PATIENCE
        while True:
            host, port = self.roots[failures % len(self.roots)]
            try:
                return await self._join(host, port, patience, failed, again=failures > 0)
            except asyncio.TimeoutError:
                self.trouble = f"no answer from {host}:{port}"
                patience = min(2 * patience, PATIENCE_MOST)
            except BanyanError as e:
                self.trouble = str(e)
                if e.reason in ("DUPLICATE_NODE", "INCOMPATIBLE"):
                    duplicates += e.reason == "DUPLICATE_NODE"
                    if duplicates > 3:
                        raise
                    self.log(self.trouble)
                    await asyncio.sleep(1)
            wait = min(BACKOFF * 2 ** min(failures, 10), BACKOFF_MOST)
            failures += 1
            await asyncio.sleep(wait * random.uniform(0.5, 1.5))

    async def _join(self, host: str, port: int, patience: float, failed: list[int], **request: Any) -> Link:
        """One attempt: asks a root, and attaches to the parent it assigns."""
        self._attempt += 1
        me = {"joiner": self.node, "kind": wire.CLIENT, "address": {}, "attempt": self._attempt}
        link = await Link.dial(host, port)
        try:
            link.send("hello", self._hello())
            link.send("join_request", {**me, "failed": failed[-8:], **request})
            assigned = await asyncio.wait_for(self._answer(link, "assign_parent"), patience)
            if link.peer["kind"] != wire.ROOT:
                raise BanyanError(f"{link.name} is no root")
            parent, address = assigned["parent"], assigned["parent_address"] or {}
            if self.attached.is_set() and parent == self.link.peer["node"]:
                raise BanyanError("the place that it has is the best")
            failed.append(parent)
            if parent != link.peer["node"]:
                root, link = link, await Link.dial(address.get("host", ""), address.get("port", 0))
                root.close()
                link.send("hello", self._hello())
            self._attach_number += 1
            link.send("attach", {**me, "attach_number": self._attach_number})
            attached = await asyncio.wait_for(self._answer(link, "attached"), patience)
            if link.peer["node"] != parent:
                raise BanyanError(f"{link.name} is another node than the one assigned")
            link.frames.most = wire.FRAME_MOST
            link.silence = 3 * max(HEARTBEAT, min(link.peer["settings"]["heartbeat_nanos"] / 1e9, 60))
            self._follow(link, attached)
            return link
        except BaseException:
            link.close()
            raise

    async def _answer(self, link: Link, wanted: str) -> dict[str, Any]:
        """The answer to the latest attempt, behind the other's Hello if that has not come yet."""
        while True:
            case, said = await link.receive()
            if case == "refused" and said["attempt"] in (0, self._attempt):
                reason = wire.REASONS.get(said["reason"], "for a reason not known here")
                raise BanyanError(f"{link.name} refuses: {reason}, {said['detail']}".rstrip(", "), reason)
            if case == "hello" and not link.peer:
                if (said["version"], said["tree"]) != (wire.VERSION, self.tree):
                    raise BanyanError(f"{link.name} is of tree {said['tree']}, version {said['version']}")
                if said["node"] == self.node:
                    raise BanyanError(f"{link.name} has this client's id")
                link.peer = {**said, "settings": said["settings"] or {"heartbeat_nanos": 0}}
            elif not link.peer:
                raise BanyanError(f"{link.name} says no Hello")
            elif case == wanted and said["attempt"] == self._attempt:
                return said

    async def _stay(self, link: Link) -> None:
        """Lives below a parent until the link breaks."""
        self.rooted = True
        self._advertise()
        beat = asyncio.create_task(self._beat(link))
        self.attached.set()
        self._path_changed()
        try:
            while True:
                case, said = await link.receive()
                handler = getattr(self, f"_on_{case}", None)
                if handler:
                    handler(link, said)
        finally:
            beat.cancel()
            for identity in self._questions:
                self._question_ends(identity, wire.UNKNOWN)

    async def _beat(self, link: Link) -> None:
        while True:
            link.send(
                "heartbeat",
                {
                    "rooted": self.rooted,
                    "interest_version": link.interest_version,
                    "interest_hash": link.interest_hash,
                    "from_child": {"load": NO_TASKS, "tasks_seen": link.tasks_seen},
                },
            )
            await asyncio.sleep(HEARTBEAT)

    def _follow(self, link: Link, said: dict[str, Any]) -> None:
        """Takes over what `Attached` and heartbeats say alike."""
        link.path = [(entry["node"], entry["attach_number"]) for entry in said["path"]]
        if len(link.path) >= 64 or self.node in (node for node, _ in link.path):
            raise BanyanError(f"the path of {link.name} leads nowhere")
        self._limit = (said["limits"] or {}).get("tags") or self._limit
        heard, expected = said["clock_millis"], self._now_millis()
        if heard and not (self._tree_millis and DRIFT_MILLIS < expected - heard <= DAY_MILLIS):
            self._tree_millis, self._tree_millis_at = heard, time.monotonic()

    def _on_heartbeat(self, link: Link, said: dict[str, Any]) -> None:
        before, was_rooted = link.path, self.rooted
        self.rooted = said["rooted"]
        if said["from_parent"] is None:
            return
        self._follow(link, said["from_parent"])
        if link.path != before:
            self._path_changed()
        now = time.monotonic()
        if was_rooted and not self.rooted:
            self.log("the parent has no way to the root")
            self._rescue_at = now + RESCUE_AFTER * random.uniform(1, 2)
        elif not self.rooted and now > self._rescue_at:
            self._rescue_at = now + RESCUE_AFTER * random.uniform(1, 2)
            self._spawn(self._move(link, has_parent=True))
        self._keep_to_limit()

    def _on_cull(self, link: Link, said: dict[str, Any]) -> None:
        self._spawn(self._move(link))

    def _on_reassign(self, link: Link, said: dict[str, Any]) -> None:
        self._spawn(self._move(link, route=said["route"]))

    def _on_disconnect(self, link: Link, said: dict[str, Any]) -> None:
        raise BanyanError(f"{link.name} has sent the client away: {said['reason']}")

    async def _move(self, old: Link, **request: Any) -> None:
        """Looks for another parent, and leaves this one only when it has found one."""
        if self._next or self.link is not old:
            return
        try:
            link = await self._join(*random.choice(self.roots), PATIENCE_MOST, [], **request)
        except (BanyanError, asyncio.TimeoutError):
            return
        if self._next or self.link is not old or old.closed:  # it was lost meanwhile
            link.close()
            return
        self._next = link
        self._advertise(link)
        await old.say_goodbye("moved")

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def leave(self) -> list[str]:
        """Hands over what was written here, as far as nobody else holds it, and goes. The keys that nobody took."""
        lost = await self._hand_over()
        await self.link.say_goodbye("stopped")
        return lost

    # --- Interest ---

    def _advertise(self, link: Link | None = None) -> None:
        """Tells the parent all that is wanted."""
        link = link or self.link
        if link is None:
            return
        tags = {wire.inbox(self.node), *self._wanted.values()}
        link.interest_version += 1
        link.interest_hash = wire.set_hash(tags)
        interest = {"version": link.interest_version, "snapshot": True, "hash": link.interest_hash}
        link.send("interest", {**interest, "change": wire.change(tags)})

    def _on_resend(self, link: Link, said: dict[str, Any]) -> None:
        self._advertise()

    def want(self, key: str) -> None:
        """Hears of all writes of a key from now on."""
        if key in self._wanted:
            self._wanted[key] = self._wanted.pop(key)
            return
        if self._limit and len(self._wanted) + 2 > self._limit:
            raise BanyanError(f"the parent takes no more than {self._limit} tags, the client's inbox included")
        self._wanted[key] = self.tags.key(key)
        self._advertise()

    def _keep_to_limit(self) -> None:
        """Lets go of what was wanted least lately, if the parent takes less than before."""
        excess = len(self._wanted) + 1 - self._limit if self._limit else 0
        if excess > 0:
            for key in [*(key for key in self._wanted if key not in self._mine), *self._mine][:excess]:
                del self._wanted[key]
            self._advertise()

    # --- Records ---

    def _now_millis(self) -> int:
        """The tree's time."""
        if not self._tree_millis:
            return int(time.time() * 1000)
        return self._tree_millis + int((time.monotonic() - self._tree_millis_at) * 1000)

    def _take(self, raws: list[bytes]) -> None:
        """Keeps what is newer than what is held."""
        for raw in raws:
            record = Record.parse(raw, self.tags)
            if record is None or record.version[0] > self._now_millis() + AHEAD_MOST_MILLIS << 20:
                continue
            self._greatest_seen = max(self._greatest_seen, record.version[0])
            if record.key in self._wanted and record.version > self.version(record.key):
                self.held[record.key] = record
                if record.version[1] != self.node:
                    self._mine.discard(record.key)
                self.on_update(record)

    def version(self, key: str) -> Version:
        return self.held[key].version if key in self.held else NO_VERSION

    def _on_multicast(self, link: Link, said: dict[str, Any]) -> None:
        self._take(said["records"])

    def _on_gap(self, link: Link, said: dict[str, Any]) -> None:
        self._missed += 1
        tags = set(said["tags"])
        self._refresh([key for key in self._wanted if not tags or tags & set(self.tags.of_record(key))])

    def _path_changed(self) -> None:
        """Updates may have been missed, in either direction."""
        self._missed += 1
        self._send_again()
        self._refresh(list(self._wanted))

    def _refresh(self, keys: list[str]) -> None:
        async def one_after_another() -> None:
            for key in keys:
                try:
                    await self.ask(key)
                except BanyanError as e:
                    self.log(str(e))

        self._spawn(one_after_another())

    def _next_sequence(self) -> int:
        self._sequence += 1
        return self._sequence

    def _stamp(self, key: str) -> int:
        """The Lamport time of a write."""
        now = self._now_millis()
        most = now + LED_MOST_MILLIS << 20
        stamp = max(now << 20, self._last_given + 1, min(self._greatest_seen, most) + 1)
        self._last_given = max(stamp, self.version(key)[0] + 1)
        return self._last_given

    def _send_again(self) -> None:
        """Sends the newest of each key that was written here, as it was: it may have been lost."""
        for record in [self.held[key] for key in self._mine]:
            zeros = [0] * len(record.tags)
            mark = Record.of(record.tags, zeros, self.node, self.session, self._next_sequence(), wire.AGAIN)
            self.link.send("multicast", {"records": [mark, record.raw]})

    async def put(self, key: str, value: bytes | None) -> None:
        """Writes a key, or deletes it if the value is None."""
        if not 1 <= len(key.encode()) <= wire.KEY_MOST:
            raise BanyanError(f"a key has 1 to {wire.KEY_MOST} bytes")
        if value is not None and len(value) > wire.VALUE_MOST:
            raise BanyanError(f"a value has {wire.VALUE_MOST} bytes at most, not {len(value)}")
        await self.ask(key)
        await self.attached.wait()
        tags, sequence = self.tags.of_record(key), self._next_sequence()
        before = [self._last_with.get(tag, 0) for tag in tags]
        self._last_with.update(dict.fromkeys(tags, sequence))
        body = wire.payload(key, value, self._stamp(key))
        record = Record.parse(Record.of(tags, before, self.node, self.session, sequence, body), self.tags)
        self.held[key] = record
        self._mine.add(key)
        self.link.send("multicast", {"records": [record.raw]})
        await self.link.flush()

    async def get(self, key: str) -> bytes | None:
        """The newest value of a key, None if there is none. Fails if nobody can say for certain that there is none."""
        certain = await self.ask(key)
        if key in self.held:
            if not certain:
                self.log(f"there may be a newer value of {key}")
            return self.held[key].value
        if not certain:
            raise BanyanError(f"not known yet: {key}")
        return None

    # --- Questions ---

    async def ask(self, key: str, kind: int = wire.KEY, give_up_after: float = ASK_FOR) -> bool:
        """Fetches the newest of a key. True if what is held now is that for certain."""
        self.want(key)
        deadline = time.monotonic() + give_up_after
        while True:
            missed, ends = self._missed, []
            for tag in self.tags.to_ask(key):
                ends.append(await self._walk(tag, key, kind, deadline))
                if ends[-1] in (wire.SETTLED, wire.LOST):
                    break
            if ends[-1] == wire.SETTLED and (missed == self._missed or kind == wire.LEAVING):
                return True
            if set(ends) == {wire.EXHAUSTED} and missed == self._missed:
                return kind == wire.KEY
            if time.monotonic() + 0.5 >= deadline:
                return False
            await asyncio.sleep(0.5)

    async def _walk(self, tag: int, key: str, kind: int, deadline: float) -> int:
        """Asks for a key under one tag, and again while nothing comes; how it ended."""
        end: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        ids: list[int] = []
        try:
            while time.monotonic() < deadline:
                patience = min(2 ** max(0, len(ids) - 1), deadline - time.monotonic())
                try:
                    await asyncio.wait_for(self.attached.wait(), deadline - time.monotonic())
                    self._question_id += 1
                    ids.append(self._question_id)
                    self._questions[self._question_id] = end
                    body = wire.question(kind, key, self.version(key), key in self._mine)
                    path = [{"node": self.node, "tried": [self.link.peer["node"]]}]
                    asked = {"id": self._question_id, "origin": self.node, "tag": tag, "path": path, "question": body}
                    self.link.send("anycast", asked)
                    return await asyncio.wait_for(asyncio.shield(end), patience)
                except asyncio.TimeoutError:
                    pass
            return wire.UNKNOWN
        finally:
            for identity in ids:
                del self._questions[identity]

    def _question_ends(self, identity: int, completeness: int) -> None:
        end = self._questions.get(identity)
        if end and not end.done():
            end.set_result(completeness)

    def _on_anycast_answer(self, link: Link, said: dict[str, Any]) -> None:
        self._take(said["records"])
        if said["origin"] == self.node and said["completeness"] not in (wire.PARTIAL, wire.MORE):
            self._question_ends(said["id"], said["completeness"])

    def _on_anycast(self, link: Link, said: dict[str, Any]) -> None:
        """Answers a question with what is held, and gives it back."""
        if said["returned"]:
            if [hop["node"] for hop in said["path"]] == [self.node]:
                doubtful = said["doubtful"] or not self.rooted
                self._question_ends(said["id"], wire.UNKNOWN if doubtful else wire.EXHAUSTED)
            return
        asked = wire.read_question(said["question"])
        if asked and self.version(asked[0]) > asked[1]:
            answer = {name: said[name] for name in ("id", "origin", "tag")}
            route = [hop["node"] for hop in reversed(said["path"][:-1])]
            records = [self.held[asked[0]].raw]
            answer.update(answerer=self.node, completeness=wire.PARTIAL, route=route, records=records)
            link.send("anycast_answer", answer)
        link.send("anycast", {**said, "returned": True})

    # --- Tasks, and leaving ---

    def _on_dispatch(self, link: Link, said: dict[str, Any]) -> None:
        if said["returned"]:
            self._task_done(said, b"")
            return
        link.tasks_seen += 1
        link.send("dispatch", {**said, "returned": True})

    def _on_task_result(self, link: Link, said: dict[str, Any]) -> None:
        self._task_done(said, said["result"])

    def _task_done(self, said: dict[str, Any], result: bytes) -> None:
        task = self._tasks_given.pop(said["id"], None) if said["origin"] == self.node else None
        if task and not task.done():
            task.set_result(result)

    async def _hand_over(self) -> list[str]:
        """Finds for each key that was written here somebody who keeps it. The keys for which there is nobody."""
        deadline, lost = time.monotonic() + HAND_OVER_FOR, []
        for key in list(self._mine):
            kept = await self.ask(key, wire.LEAVING, give_up_after=1)
            while not kept and key in self._mine and not (kept := await self._keep_elsewhere(self.held[key])):
                if time.monotonic() >= deadline:
                    lost.append(key)
                    break
                await asyncio.sleep(0.2)
        return lost

    async def _keep_elsewhere(self, record: Record) -> bool:
        """Has another worker keep a record; false if that did not work."""
        self._dispatch_id += 1
        result: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._tasks_given[self._dispatch_id] = result
        task = {"id": self._dispatch_id, "origin": self.node, "path": [self.node], "elsewhere": True}
        self.link.send("dispatch", {**task, "task": wire.parcel(record)})
        try:
            return await asyncio.wait_for(result, 4) == b"\1"
        except asyncio.TimeoutError:
            return False


# --- The command line ---------------------------------------------------------------------------------------------------


def show(record: Record) -> None:
    value = "(deleted)" if record.value is None else record.value.decode(errors="replace")
    print(f"{record.key} = {value}", flush=True)


def log(line: str) -> None:
    print(f"banyan_client: {line}", file=sys.stderr, flush=True)


async def perform(client: Client, args: argparse.Namespace) -> int:
    """One command, once the client is in the tree."""
    try:
        await asyncio.wait_for(client.attached.wait(), args.timeout)
    except asyncio.TimeoutError:
        raise BanyanError(f"not in the tree within {args.timeout:g} s: {client.trouble}") from None
    if args.command == "get":
        value = await client.get(args.key)
        if value is None:
            log(f"no such key: {args.key}")
            return 3
        sys.stdout.buffer.write(value)
        if sys.stdout.isatty():
            print()
    elif args.command == "delete":
        await client.put(args.key, None)
    elif args.command in ("put", "serve"):
        await client.put(args.key, sys.stdin.buffer.read() if args.value == "-" else args.value.encode())
    if args.command in ("watch", "serve"):
        client.on_update = show
        if args.key in client.held:
            show(client.held[args.key])
        await client.ask(args.key)
        await asyncio.Event().wait()
    return 0


async def command(args: argparse.Namespace) -> int:
    """Joins, performs the command until it is done or stopped by a signal, and leaves."""
    tags = Tags(args.tag_key or Tags.default_key(args.tree), args.prefix_levels)
    client, stopped = Client(args.root, args.tree, tags, args.tombstone_millis, log), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    run, work = asyncio.create_task(client.run()), asyncio.create_task(perform(client, args))
    stop = asyncio.create_task(stopped.wait())
    await asyncio.wait({run, work, stop}, return_when=asyncio.FIRST_COMPLETED)
    try:
        code = run.result() if run.done() else work.result() if work.done() else 0
    finally:
        lost = await client.leave() if client.attached.is_set() else []
        for task in (run, work, stop):
            task.cancel()
    if lost:
        log(f"nobody else keeps {len(lost)} key(s) written here, such as {lost[0]}")
        return 5
    return code


def address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"HOST:PORT, not {text}")
    return host.strip("[]"), int(port)


def hexadecimal(text: str) -> str:
    if len(text) != 32 or not set(text.lower()) <= set("0123456789abcdef"):
        raise argparse.ArgumentTypeError("a tag key has 32 hexadecimal digits")
    return text


def main() -> int:
    parser = argparse.ArgumentParser(description="A small client of Banyan.")
    parser.add_argument("--root", type=address, action="append", required=True, help="HOST:PORT; of several, repeat it")
    parser.add_argument("--tree", default="main", help="the tree's name")
    parser.add_argument("--tag-key", type=hexadecimal, help="32 hexadecimal digits")
    parser.add_argument("--prefix-levels", type=int, default=3, help="as the tree's workers have it")
    parser.add_argument("--tombstone-millis", type=int, default=DAY_MILLIS, help="as the tree's workers have it")
    parser.add_argument("--timeout", type=float, default=10, help="seconds to join within")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what, has_value in (
        ("get", "print the value of a key", False),
        ("put", "write a key", True),
        ("delete", "delete a key", False),
        ("watch", "print each newer value of a key", False),
        ("serve", "write a key, then stay and answer for it", True),
    ):
        sub = commands.add_parser(name, help=what)
        sub.add_argument("key")
        if has_value:
            sub.add_argument("value", help="- to read it from standard input")
    args = parser.parse_args()
    try:
        return asyncio.run(command(args))
    except BanyanError as e:
        log(str(e))
        return 1


if __name__ == "__main__":
    sys.exit(main())
