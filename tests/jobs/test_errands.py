"""With an assistant or without, whatever becomes of what it had: the same rows are stored."""

import pickle
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from syndication.jobs import assess as assessing
from syndication.jobs import collect as collecting
from syndication.jobs import errands
from syndication.jobs.assess import Assessed, Task, assess
from syndication.jobs.collect import collect
from syndication.model.collecting import DueSource
from syndication.model.feed import Topic
from syndication.model.source import ArticleFrom, SourceKind, Validators
from syndication.storage import migrate
from syndication.storage.database import Database
from syndication.storage.library import Library
from tests.builders import NOW, a_partner, a_source, an_entry, put_publication
from tests.world import World, item, rss

SOURCES = 4
TABLES = ("article", "article_revision", "article_topic", "article_shingle", "story", "quarantine", "fetch_log")


class Handed:
    """A lot that an assistant has, and what comes of each task."""

    def __init__(self, found: Sequence[Assessed | None] | None, *, done: bool) -> None:
        self._found, self._done = found, done

    def done(self) -> bool:
        return self._done

    def result(self) -> Sequence[Assessed | None] | None:
        return self._found


class Prompt:
    """Works as another process would: on copies."""

    lots = 0

    def begin(self, tasks: Sequence[Task], topics: Sequence[Topic]) -> Handed | None:
        self.lots += 1
        found = [assess(task, topics) for task in pickle.loads(pickle.dumps(tasks))]
        return self.handed(pickle.loads(pickle.dumps(found)))

    def handed(self, found: list[Assessed | None]) -> Handed | None:
        return Handed(found, done=True)


class Slow(Prompt):
    def handed(self, found: list[Assessed | None]) -> Handed | None:
        return Handed(found, done=False)


class Lost(Prompt):
    def handed(self, found: list[Assessed | None]) -> Handed | None:
        return Handed(None, done=False)


class Forgetful(Prompt):
    def handed(self, found: list[Assessed | None]) -> Handed | None:
        return Handed([one if n % 2 else None for n, one in enumerate(found)], done=True)


class Muddled(Prompt):
    def handed(self, found: list[Assessed | None]) -> Handed | None:
        return Handed(found[1:], done=True)


class Busy(Prompt):
    def handed(self, found: list[Assessed | None]) -> Handed | None:
        return None


def world_of(round: int) -> World:
    """Two stories a source, then one more, with one corrected and one that cannot be cleaned for its size."""
    world = World()
    for n in range(SOURCES):
        first = item(10 * n + 1, text=f"The ferry sails on day {round}.")
        more = [item(10 * n + 3 + k) for k in range(round)]
        world.puts(f"https://s{n}.example/feed", rss(first, item(10 * n + 2), *more))
    return world


def stored(path: Path, assistant: Prompt | None) -> dict[str, list[str]]:
    """What two rounds leave in the database."""
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    partners = [a_partner(slug=f"p{n}", name=f"P {n}", homepage=f"https://s{n}.example/") for n in range(SOURCES)]
    sources = [
        a_source(id=0, slug=f"s{n}", partner=partners[n], url=f"https://s{n}.example/feed") for n in range(SOURCES)
    ]
    with database.write() as connection:
        put_publication(connection, sources=sources)
    for round in range(2):
        given: dict[str, Any] = {"exchange": world_of(round), "library": Library(database), "assistant": assistant}
        collect(**given, clock=lambda: NOW.replace(hour=8 + 2 * round), jitter=lambda: 0.0)  # noqa: B023
    with database.read() as connection:
        rows = {name: connection.execute(sa.text(f"SELECT * FROM {name}")).all() for name in TABLES}
    database.close()
    return {name: sorted(map(repr, found)) for name, found in rows.items()}


@pytest.mark.parametrize("each_min", [1, 3])  # in the first round two entries come of each source
@pytest.mark.parametrize("kind", [Prompt, Slow, Lost, Forgetful, Muddled, Busy])
def test_with_any_assistant_the_same_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Prompt], each_min: int
) -> None:
    monkeypatch.setattr(collecting, "LARGE_CLAIM", 1)
    monkeypatch.setattr(errands, "ENTRIES_MIN", 1)
    monkeypatch.setattr(errands, "ENTRIES_EACH_MIN", each_min)
    assistant = kind()
    alone, helped = stored(tmp_path / "alone.db", None), stored(tmp_path / "helped.db", assistant)
    assert bool(assistant.lots) is (each_min == 1)
    assert {name: len(rows) for name, rows in alone.items()}["article"] == 3 * SOURCES
    assert helped == alone


def test_a_small_claim_needs_nobody(tmp_path: Path) -> None:
    assistant = Prompt()
    stored(tmp_path / "house.db", assistant)
    assert not assistant.lots


def a_due(**given: Any) -> DueSource:
    return DueSource(a_source(**given), Validators(), token=1, failures=0, first=True, last_full_at=None)


def test_an_entry_that_cannot_be_cleaned_brings_its_source_home(monkeypatch: pytest.MonkeyPatch) -> None:
    task = Task(a_due(), NOW, {"a": (an_entry(id="a"),), "b": (an_entry(id="b"),)}, {})
    assert assess(task, ()) is not None
    clean = assessing.settle.__globals__["clean"]

    def slips(entry: Any, *rest: Any, **named: Any) -> Any:
        if entry.id == "b":
            raise ValueError("no")
        return clean(entry, *rest, **named)

    monkeypatch.setitem(assessing.settle.__globals__, "clean", slips)
    assert assess(task, ()) is None


def test_what_pages_told_stays_at_home() -> None:
    answer = assessing._NO_ANSWER
    gathered = assessing.Gathered(a_due(), NOW, answer, answer, entries={"a": (an_entry(id="a"),)})
    assert assessing.may_be_sent(gathered)
    assert not assessing.may_be_sent(replace(gathered, entries={}))
    assert not assessing.may_be_sent(replace(gathered, waiting={"a"}))
    assert not assessing.may_be_sent(replace(gathered, left={"a"}))
    assert not assessing.may_be_sent(replace(gathered, again=frozenset("a")))
    listing = replace(gathered, due=a_due(kind=SourceKind.LISTING, article_from=ArticleFrom.PAGE))
    assert not assessing.may_be_sent(listing)


def test_polls_that_bring_nothing_share_a_larger_transaction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing waits in the world of this test, and its clock stands still: only the count ends a group."""
    database = Database(f"sqlite:///{tmp_path / 'house.db'}")
    migrate.upgrade(database)
    world, library, count = World(), Library(database), collecting.GROUP_MAX + 10
    sources = [a_source(id=0, slug=f"s{n}", url=f"https://s{n}.example/feed") for n in range(count)]
    with database.write() as connection:
        put_publication(connection, sources=sources)
    for source in sources:
        world.puts(source.url, rss(item(1)))
    written: list[int] = []
    writing = library.writing
    monkeypatch.setattr(library, "writing", lambda: written.append(1) or writing())
    monkeypatch.setattr(collecting, "with_lulls", lambda items, _: (each for each in items))
    monkeypatch.setattr(collecting, "monotonic", lambda: 0.0)
    for hour, groups in ((8, 2), (10, 1)):
        now = NOW.replace(hour=hour)
        collect(exchange=world, library=library, clock=lambda: now, jitter=lambda: 0.0)  # noqa: B023
        assert len(written) == groups
        written.clear()
    database.close()
