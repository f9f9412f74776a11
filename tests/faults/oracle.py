"""Judges a send by the provider's log and by SQL. It reads rows and bytes by their description and no line of ours.

`Oracle` opens a database by URL with the drivers themselves. What it answers are plain dicts, sets and counts; `lost`
and `doubled` are what a storm is about.
"""

import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

PLACE = "kind IN ('suppressed', 'unsubscribed', 'refused')"
"""The exceptions that are a reader's place in the ledger; the other kinds are news of a mail that was taken."""


@dataclass(frozen=True)
class Verdict:
    """Of one edition, by address. All but `reached` and `refused` should be empty at the end."""

    reached: frozenset[str]
    doubled: frozenset[str]
    lost: frozenset[str]
    """In no mail, and neither refused, suppressed, uncertain nor waiting by the ledger."""
    untrue: frozenset[str]
    """The ledger says accepted, the provider never had them."""
    unseen: frozenset[str]
    """The provider has them, the ledger says neither accepted nor uncertain."""
    refused: frozenset[str]
    twice_planned: frozenset[int]


class Oracle:
    def __init__(self, url: str, log: Path) -> None:
        self._url, self._log = url, log

    # -- what the provider did

    def calls(self) -> list[dict[str, Any]]:
        with self._log.open("rb") as file:
            return [json.loads(line) for line in file]

    def reached(self) -> Counter[str]:
        """How often each address was accepted."""
        return Counter(one["email"] for call in self.calls() for one in call["deliveries"])

    def attempts_taken(self) -> set[str]:
        """Ids of the attempts that the provider accepted."""
        return {one["nl_sub"] for call in self.calls() for one in call["deliveries"]}

    # -- what the ledger says

    def states(self) -> Counter[str]:
        """Batches by state."""
        return Counter(dict(self.ask("SELECT state, count(*) FROM batch GROUP BY state")))

    def taken_and_in_doubt(self) -> set[tuple[int, int]]:
        """Batches in doubt of which the provider has accepted an attempt: its events will settle them."""
        taken = self.attempts_taken()
        rows = self.ask(
            "SELECT b.edition_id, b.n, a.attempt_id FROM batch b JOIN batch_attempt a ON a.edition_id = b.edition_id "
            "AND a.n = b.n WHERE b.state = 'uncertain'"
        )
        return {(edition, n) for edition, n, attempt in rows if attempt in taken}

    def in_doubt(self) -> list[dict[str, Any]]:
        """Batches in doubt, with what is shown of them."""
        rows = self.ask(
            "SELECT b.edition_id, b.n, b.detail, max(a.attempt_id), max(a.claimed_at), count(*) FROM batch b "
            "JOIN batch_attempt a ON a.edition_id = b.edition_id AND a.n = b.n AND a.attempt = b.attempt "
            "WHERE b.state = 'uncertain' GROUP BY b.edition_id, b.n, b.detail"
        )
        names = ("edition_id", "n", "detail", "attempt_id", "claimed_at", "attempts")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def accepted_without_an_answer(self) -> int:
        """Batches that are accepted though no answer to any attempt said so: events did."""
        ((found,),) = self.ask(
            "SELECT count(*) FROM batch b WHERE b.state = 'accepted' AND b.attempt > 0 AND NOT EXISTS (SELECT 1 FROM "
            "batch_attempt a WHERE a.edition_id = b.edition_id AND a.n = b.n AND a.verdict = 'accepted')"
        )
        return int(found)

    def verdict(self, edition_id: int) -> Verdict:
        names = dict(self.ask("SELECT id, address FROM subscriber"))
        out = dict(self.ask(f"SELECT subscriber_id, kind FROM delivery_exception {_of(edition_id)} AND {PLACE}"))
        places: Counter[int] = Counter()
        by_state: dict[str, set[str]] = {}
        for state, manifest in self.ask(f"SELECT state, manifest FROM batch {_of(edition_id)}"):
            ids = ids_of(bytes(manifest))
            places.update(ids)
            by_state.setdefault(state, set()).update(names[id] for id in ids if id not in out)
        got = self.reached()
        told = {names[id] for id in out}
        known = told.union(*by_state.values())
        return Verdict(
            reached=frozenset(got),
            doubled=frozenset(address for address, times in got.items() if times > 1),
            lost=frozenset(set(names.values()) - known - set(got)) | (by_state.get("accepted", set()) - set(got)),
            untrue=frozenset(by_state.get("accepted", set()) - set(got)),
            unseen=frozenset(set(got) - by_state.get("accepted", set()) - by_state.get("uncertain", set())),
            refused=frozenset(names[id] for id, kind in out.items() if kind == "refused"),
            twice_planned=frozenset(id for id, times in places.items() if times > 1),
        )

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        if self._url.startswith("sqlite"):
            with sqlite3.connect(self._url.removeprefix("sqlite:///"), timeout=60) as connection:
                return connection.execute(query).fetchall()
        with psycopg.connect(self._url.replace("+psycopg", "")) as connection:
            return connection.execute(query.encode()).fetchall()


def ids_of(manifest: bytes) -> Iterable[int]:
    """A version byte, then zlib over the gaps between rising ids, seven bits a byte, lowest first."""
    assert manifest[0] == 1
    ids, id, gap, shift = [], 0, 0, 0
    for byte in zlib.decompress(manifest[1:]):
        gap |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            id += gap
            ids.append(id)
            gap = shift = 0
    return ids


def _of(edition_id: int) -> str:
    return f"WHERE edition_id = {int(edition_id)}"
