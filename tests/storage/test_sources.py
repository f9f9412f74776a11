"""Who is due, who holds it, and what a late holder may not do."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from syndication.errors import NotFoundError, PolicyError
from syndication.model.collecting import DueSource, Poll
from syndication.model.source import SourceState, Validators
from syndication.storage import alerts, meta, sources
from syndication.storage.database import Database
from syndication.storage.schema import fetch_log
from syndication.storage.schema import source as source_rows
from tests.builders import NOW, a_partner, a_source, put_article, put_publication

HOUR = timedelta(hours=1)


@pytest.fixture
def filled(database: Database) -> Database:
    """Ten sources, `s0` to `s9`, due at once."""
    with database.write() as connection:
        put_publication(connection, sources=[a_source(id=0, slug=f"s{n}", partner=a_partner()) for n in range(10)])
    return database


def claim(database: Database, now: datetime = NOW, *, limit: int = 100, only: str | None = None) -> list[DueSource]:
    with database.write() as connection:
        return sources.claim(connection, now, limit=limit, lease_seconds=300, only=only)


def a_poll(due: DueSource, **given: object) -> Poll:
    usual = {
        "at": NOW,
        "outcome": "fresh",
        "state": SourceState.IDLE,
        "next_poll_at": NOW + HOUR,
        "failures": 0,
        "validators": Validators(etag='W/"1"', body_hash="b"),
        "ok": True,
        "full": True,
        "settled": True,
    }
    return Poll(due=due, **usual | given)  # type: ignore[arg-type]


def finish(database: Database, *polls: Poll) -> frozenset[int]:
    with database.write() as connection:
        return sources.finish(connection, polls)


def test_a_claim_takes_each_source_once(filled: Database) -> None:
    taken = [claim(filled, limit=4) for _ in range(4)]
    assert [len(part) for part in taken] == [4, 4, 2, 0]
    assert len({due.source.slug for part in taken for due in part}) == 10


def test_del_02_workers_at_once_share_what_is_due_and_none_is_taken_twice(filled: Database) -> None:
    taken: list[DueSource] = []
    guard = threading.Lock()

    def work() -> None:
        while part := claim(filled, limit=2):
            with guard:
                taken.extend(part)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(due.source.slug for due in taken) == [f"s{n}" for n in range(10)]


def test_what_was_said_last_time_comes_with_the_next_claim(filled: Database) -> None:
    (due, *_) = claim(filled)
    assert due.first
    assert finish(filled, a_poll(due)) == {due.source.id}
    assert claim(filled, NOW + HOUR - timedelta(seconds=1), only="unknown") == []
    (again,) = [each for each in claim(filled, NOW + HOUR) if each.source.id == due.source.id]
    assert again.validators == Validators(etag='W/"1"', body_hash="b")
    assert (again.first, again.last_full_at, again.token) == (False, NOW, 2)


def test_a_lease_that_ran_out_is_taken_over_and_the_late_holder_writes_nothing(filled: Database) -> None:
    late = claim(filled, limit=1)[0]
    taken = claim(filled, NOW + timedelta(seconds=300), only=late.source.slug)[0]
    assert taken.token == late.token + 1
    assert finish(filled, a_poll(late, validators=Validators(etag="stale"))) == frozenset()
    assert finish(filled, a_poll(taken)) == {taken.source.id}
    assert finish(filled, a_poll(taken)) == frozenset()  # a lease ends with its poll
    with filled.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(fetch_log)) == 1
        assert connection.scalar(sa.select(source_rows.c.etag).where(source_rows.c.id == taken.source.id)) == 'W/"1"'


def test_those_that_failed_come_alone_after_all_others(filled: Database) -> None:
    for n, due in enumerate(claim(filled)):
        state = SourceState.BACKOFF if n < 3 else SourceState.IDLE
        finish(filled, a_poll(due, state=state, failures=n < 3, next_poll_at=NOW + timedelta(seconds=n)))
    later = NOW + HOUR
    assert [due.source.slug for due in claim(filled, later)] == [f"s{n}" for n in range(3, 10)]
    assert [due.source.slug for due in claim(filled, later)] == ["s0", "s1", "s2"]


def test_a_source_paused_while_it_was_polled_stays_paused(filled: Database) -> None:
    due = claim(filled, limit=1)[0]
    with filled.write() as connection:
        connection.execute(source_rows.update().values(state=SourceState.PAUSED.value, lease_until=None))
    assert finish(filled, a_poll(due)) == frozenset()
    assert claim(filled, NOW + HOUR) == []


def test_an_alert_stays_until_the_source_is_well_again(filled: Database) -> None:
    due = claim(filled, limit=1)[0]
    told = (("moved away", "it moved"),)
    finish(filled, a_poll(due, outcome="moved away", ok=False, failures=1, state=SourceState.BACKOFF, alerts=told))
    with filled.read() as connection:
        assert [alert.text for alert in alerts.open_alerts(connection)] == ["it moved"]
    again = claim(filled, NOW + HOUR, only=due.source.slug)[0]
    assert again.failures == 1
    finish(filled, a_poll(again, over=("moved away",)))
    with filled.read() as connection:
        assert alerts.open_alerts(connection) == []


def test_made_due_is_polled_next(filled: Database) -> None:
    finish(filled, *(a_poll(due) for due in claim(filled)))
    with filled.write() as connection:
        sources.make_due(connection, "s4", NOW)
        with pytest.raises(NotFoundError, match="there is no source 's44'"):
            sources.make_due(connection, "s44", NOW)
    assert [due.source.slug for due in claim(filled)] == ["s4"]


def test_what_is_paused_or_gone_is_not_made_due(filled: Database) -> None:
    due = claim(filled, limit=1)[0]
    finish(filled, a_poll(due, outcome="gone", ok=False, failures=1, state=SourceState.GONE))
    with filled.write() as connection, pytest.raises(PolicyError, match="'s0' is gone"):
        sources.make_due(connection, "s0", NOW)
    assert claim(filled, NOW + HOUR, only="s0") == []


@pytest.mark.parametrize(
    ("url", "slowed"),
    [
        ("https://busy.example/a", True),
        ("http://busy.example", True),
        ("https://busy.example?feed=1", True),
        ("https://busy.example:8443/a", True),
        ("https://not-busy.example/a", False),
        ("https://busyXexample/a", False),  # the dot is no wildcard
        ("https://other.example/busy.example/", False),
    ],
)
def test_a_slow_host_is_all_of_that_host_and_no_other(database: Database, url: str, slowed: bool) -> None:
    with database.write() as connection:
        put_publication(connection, sources=[a_source(id=0, url=url)])
        sources.slow_host(connection, "busy.example", NOW + HOUR)
        (row,) = sources.listing(connection)
    assert (row.next_poll_at == NOW + HOUR) is slowed


def test_a_host_asked_to_wait_twice_waits_for_the_later(database: Database) -> None:
    with database.write() as connection:
        put_publication(connection, sources=[a_source(id=0, url="https://busy.example/a")])
        for wait in (2, 1):
            sources.slow_host(connection, "busy.example", NOW + wait * HOUR)
        (row,) = sources.listing(connection)
    assert row.next_poll_at == NOW + 2 * HOUR


def test_the_list_counts_articles(filled: Database) -> None:
    with filled.write() as connection:
        for source_id in (1, 1, 3):
            put_article(connection, source_id=source_id)
    with filled.read() as connection:
        assert [row.articles for row in sources.listing(connection)][:4] == [2, 0, 1, 0]


def test_what_is_usual_is_the_mean_of_polls_that_brought_something(filled: Database) -> None:
    with filled.read() as connection:
        assert sources.usual_new(connection, 1) == 0
    for hour, new in enumerate((50, 0, 2, 0, 4)):
        now = NOW + hour * HOUR
        (due,) = claim(filled, now, only="s0")
        finish(filled, replace(a_poll(due), at=now, new=new))
    with filled.read() as connection:
        assert sources.usual_new(connection, 1) == 3  # the first fifty were the feed's past


def test_a_fact_is_kept_and_replaced(database: Database) -> None:
    with database.write() as connection:
        assert meta.read(connection, "journal") is None
        for value in ("1", "2"):
            meta.write(connection, "journal", value)
        assert meta.read(connection, "journal") == "2"
