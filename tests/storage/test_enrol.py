"""Sources added by hand, paused and resumed."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from syndication.errors import NotFoundError, PolicyError
from syndication.model.enrol import Applicant
from syndication.model.rights import Rights
from syndication.model.source import SourceState
from syndication.storage import alerts, enrol, sources
from syndication.storage.database import Database
from syndication.storage.schema import audit_log, partner
from tests.builders import NOW, a_source, put_publication

LATER = NOW + timedelta(hours=1)


def an_applicant(n: int = 1, **given: object) -> Applicant:
    usual = {"url": f"https://bay.example/feed/{n}", "title": "Bay News", "home": "https://bay.example/"}
    return Applicant(**usual | given)  # type: ignore[arg-type]


@pytest.fixture
def filled(database: Database) -> Database:
    """One declared source, `harbour-daily`."""
    with database.write() as connection:
        put_publication(connection, sources=[a_source(id=0)])
    return database


def add(database: Database, *applicants: Applicant) -> list[str]:
    return enrol.Roll(database, actor="test").add(applicants, NOW)


def state_of(database: Database, slug: str) -> tuple[SourceState, str]:
    with database.read() as connection:
        return next((row.state, row.last_error) for row in sources.listing(connection) if row.source.slug == slug)


def test_what_is_added_by_hand_has_the_safe_rights_and_is_due_at_once(filled: Database) -> None:
    assert add(filled, an_applicant(topics=("harbour",), credentials="bay")) == ["bay-example"]
    with filled.write() as connection:
        due = next(due for due in sources.claim(connection, NOW, limit=9, lease_seconds=60) if due.source.id != 1)
    assert due.source.rights == Rights()
    assert (due.source.topics, due.source.credentials, due.first) == (("harbour",), "bay", True)
    assert (due.source.partner.name, due.source.partner.homepage) == ("Bay News", "https://bay.example/")
    with filled.read() as connection:
        (row,) = connection.execute(sa.select(audit_log))
        assert (row.actor, row.action, row.subject) == ("test", "source add", "bay-example")


def test_a_name_that_is_taken_gets_a_number_and_a_wish_is_made_fit(filled: Database) -> None:
    names = add(filled, an_applicant(1), an_applicant(2), an_applicant(3), an_applicant(4, name="Bäy: The News!"))
    assert names == ["bay-example", "bay-example-2", "bay-example-3", "b-y-the-news"]


def test_feeds_with_one_home_page_are_of_one_partner(filled: Database) -> None:
    add(filled, an_applicant(1), an_applicant(2, home="http://www.bay.example"), an_applicant(3, home=""))
    add(
        filled,
        an_applicant(4),
        an_applicant(5, home="https://harbour.example/"),
        an_applicant(6, partner="harbour-daily"),
    )
    with filled.read() as connection:
        houses = {row.source.slug: row.source.partner.slug for row in sources.listing(connection)}
        assert connection.scalar(sa.select(sa.func.count()).select_from(partner)) == 3
    assert [houses[f"bay-example{end}"] for end in ("", "-2", "-4")] == ["bay-example"] * 3
    assert houses["bay-example-3"] == "bay-example-2"  # no home page is known: it stands for itself
    assert [houses[f"bay-example{end}"] for end in ("-5", "-6")] == ["harbour-daily"] * 2


def test_one_that_cannot_be_added_undoes_all_of_its_group(filled: Database) -> None:
    with pytest.raises(PolicyError, match="it is the source 'bay-example'"):
        add(filled, an_applicant(1), an_applicant(1))
    with pytest.raises(NotFoundError, match="no partner 'nobody'"):
        add(filled, an_applicant(2), an_applicant(3, partner="nobody"))
    assert enrol.Roll(filled, actor="test").addresses() == [("https://harbour-daily.example/feed", "harbour-daily")]


def test_a_paused_source_is_not_polled_until_it_is_resumed(filled: Database) -> None:
    with filled.write() as connection:
        enrol.pause(connection, "harbour-daily", why="they rebuild", actor="test", now=NOW)
        assert sources.claim(connection, LATER, limit=9, lease_seconds=60) == []
    assert state_of(filled, "harbour-daily") == (SourceState.PAUSED, "paused by hand: they rebuild")
    with filled.write() as connection:
        put_publication(connection, sources=[a_source(id=0)])  # applying is no resuming
    assert state_of(filled, "harbour-daily")[0] is SourceState.PAUSED
    with filled.write() as connection:
        enrol.resume(connection, "harbour-daily", actor="test", now=NOW)
        assert len(sources.claim(connection, NOW, limit=9, lease_seconds=60)) == 1


def test_one_that_is_gone_can_be_resumed_and_its_alert_is_over(filled: Database) -> None:
    with filled.write() as connection:
        connection.execute(sa.text("UPDATE source SET state = 'gone', failures = 7, last_error = '410'"))
        alerts.raise_alert(connection, "source:harbour-daily:gone", "gone", NOW)
        enrol.resume(connection, "harbour-daily", actor="test", now=NOW)
        assert alerts.open_alerts(connection) == []
        (due,) = sources.claim(connection, NOW, limit=9, lease_seconds=60)
    assert due.failures == 0


def test_what_cannot_be_paused_or_resumed_says_why(filled: Database) -> None:
    with filled.write() as connection:
        with pytest.raises(NotFoundError, match="no source 'bay'"):
            enrol.pause(connection, "bay", why="", actor="test", now=NOW)
        with pytest.raises(PolicyError, match="neither paused nor gone: it is idle"):
            enrol.resume(connection, "harbour-daily", actor="test", now=NOW)
        enrol.pause(connection, "harbour-daily", why="", actor="test", now=NOW)
        with pytest.raises(PolicyError, match="paused already"):
            enrol.pause(connection, "harbour-daily", why="", actor="test", now=NOW)
