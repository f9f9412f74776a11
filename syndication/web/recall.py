"""Answers that were given from memory, by what was asked word for word. In: a request's words. Out: the same answer.

A program that polls says the same each time, so what it asks need not be judged and read anew each time. Whoever owns
the memory begins a new recall whenever an answer may be another one.
"""

from collections.abc import MutableMapping
from typing import Any

from starlette.types import Scope

Start = MutableMapping[str, Any]
Answer = tuple[Start, Start]
"""The two messages of an answer: status and headers, then the body."""
Asked = tuple[Any, ...]

KEPT_MAX = 4096
HEADERS_MAX = 24
BYTES_MAX = 1024
"""Of the path and all headers of one request: longer ones are not kept, so the whole has a bound of some 8 MB."""


def word_for_word(scope: Scope) -> Asked:
    """All that an answer from memory may depend on."""
    return (scope["method"], scope["raw_path"], *scope["headers"])


class Recall:
    """Filled by one thread, that of the server."""

    def __init__(self) -> None:
        self._given: dict[Asked, Answer] = {}
        self.of = self._given.get

    def keep(self, asked: Asked, answer: Answer) -> None:
        _, path, *headers = asked
        length = len(path) + sum(len(name) + len(value) for name, value in headers)
        if len(self._given) < KEPT_MAX and len(headers) <= HEADERS_MAX and length <= BYTES_MAX:
            self._given[asked] = answer


def answer(status: int, headers: tuple[tuple[bytes, bytes], ...], body: bytes) -> Answer:
    start = {"type": "http.response.start", "status": status, "headers": headers}
    return start, {"type": "http.response.body", "body": body}
