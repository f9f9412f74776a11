"""Thousands of partners in one process: each address of 127.0.0.0/8 is a host with a feed of its own.

In: a count and a kind of feed, "summaries" or "whole", on the command line. Out: its port, on stdout; then it obeys
lines on stdin. "round K" lets every tenth host (those whose number ends in K), "round all" every host, publish two new
stories; "one N" lets host N. "half" makes the odd hosts dead: of each ten, four cut the connection and one takes the
request and says nothing. Each is answered "ok". "mark" forgets the requests that came; "times" tells when, in seconds
since, those came that got an answer.
"""

import asyncio
import sys
from time import monotonic

from documents import SITE, rss, summaries
from words import Prose

STORIES = 10
SILENT = 9
"""The last digit of hosts that say nothing when half are dead."""


def address(number: int) -> str:
    return f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"


def number_of(host: str) -> int:
    _, high, middle, low = map(int, host.split("."))
    return (high - 1) * 62_500 + middle * 250 + low - 1


class Hosts:
    def __init__(self, count: int, kind: str) -> None:
        self.story = {"summaries": _summary, "whole": _whole}[kind]
        self.version = [0] * count
        self.documents = [self.answer(number) for number in range(count)]
        self.half_dead = False
        self.seen: list[float] = []

    def answer(self, number: int) -> bytes:
        first = self.version[number] * 2
        body = _feed(number, [self.story(number, story) for story in range(first + STORIES - 1, first - 1, -1)])
        return (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml; charset=utf-8\r\nETag: {self.etag(number)}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body

    def etag(self, number: int) -> str:
        return f'"{number}-{self.version[number]}"'

    def publish(self, which: str) -> None:
        for number in range(len(self.version)):
            if which == "all" or number % 10 == int(which):
                self.publish_one(number)

    def publish_one(self, number: int) -> None:
        self.version[number] += 1
        self.documents[number] = self.answer(number)

    def reply(self, head: bytes) -> bytes | None:
        """What to say; None: nothing, ever."""
        number = number_of(_field(head, b"host").partition(":")[0])
        if self.half_dead and number % 10 == SILENT:
            return None
        self.seen.append(monotonic())
        etag = self.etag(number)
        if _field(head, b"if-none-match") == etag:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
        return self.documents[number]


class Host(asyncio.Protocol):
    hosts: Hosts

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.head = b""
        number = number_of(transport.get_extra_info("sockname")[0])
        if self.hosts.half_dead and number % 2 and number % 10 != SILENT:
            transport.abort()  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self.head += data
        if self.head.endswith(b"\r\n\r\n"):
            answer, self.head = self.hosts.reply(self.head), b""
            if answer is not None:
                self.transport.write(answer)  # type: ignore[attr-defined]


def _field(head: bytes, name: bytes) -> str:
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.lower() == name:
            return value.strip().decode()
    return ""


def _feed(number: int, stories: list[bytes]) -> bytes:
    frame = summaries(Prose(number), entries=0, title=f"Paper {number}")
    whole = frame.replace(b"</channel>", b"".join(stories) + b"</channel>")
    return whole.replace(SITE.encode(), f"https://paper-{number}.example".encode())


def _summary(number: int, story: int) -> bytes:
    return _item(summaries(Prose(number * 1000 + story), entries=1))


def _whole(number: int, story: int) -> bytes:
    return _item(rss(Prose(number * 1000 + story), entries=1, characters=3_000))


def _item(feed: bytes) -> bytes:
    return feed[feed.index(b"<item>") : feed.index(b"</channel>")]


async def main(count: int, kind: str) -> None:
    Host.hosts = hosts = Hosts(count, kind)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Host, "0.0.0.0", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        command, _, what = line.strip().partition(" ")
        if command == "round":
            hosts.publish(what)
        elif command == "one":
            hosts.publish_one(int(what))
        elif command == "mark":
            hosts.seen, since = [], monotonic()
        elif command == "times":
            print(" ".join(f"{at - since:.3f}" for at in hosts.seen), flush=True)
            continue
        elif command == "half":
            hosts.half_dead = True
        print("ok", flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
