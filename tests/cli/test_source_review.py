"""What a person sees of a source's health, and decides."""

from datetime import timedelta

import sqlalchemy as sa

from syndication.storage.database import Database
from syndication.storage.schema import fetch_log, source
from syndication.wiring import now
from tests.cli.conftest import Operator

MOVED = [f"moved-{n}" for n in range(1, 8)]


def database(operator: Operator) -> Database:
    return Database(f"sqlite:///{operator.folder / 'data' / 'syndication.db'}")


def flooded(operator: Operator) -> None:
    """A source that had seven entries, and a day later lists seven others of the same dates."""
    operator.sets_up()
    operator.partner.lists(*range(1, 8))
    operator("source", "poll", "harbour")
    stories = operator.partner.pages["/feed"][2].decode()
    operator.partner.puts("/feed", stories.replace(">harbour-", ">moved-").replace("/news/", "/2026/"))
    assert operator("source", "poll", "harbour", "--json").json["polled"][0]["held"] == 7


def test_what_is_held_is_seen_everywhere_and_let_out_by_a_person(operator: Operator) -> None:
    flooded(operator)
    row = operator("source", "list", "--json").json[0]
    assert (row["health"], "source release harbour" in row["next_step"]) == ("flooded", True)
    told = operator("status", "--json").json
    assert [one["health"] for one in told["troubles"]] == ["flooded"]
    assert [alert["key"] for alert in told["alerts"]] == ["held:harbour"]
    assert "move of platform" in operator("status").out
    assert len(operator("article", "list", "--state", "held", "--json").json) == 7
    assert operator("source", "release", "harbour", "--dry-run").code == 0
    assert operator("source", "show", "harbour", "--json").json["held"] == 7
    done = operator("source", "release", "harbour", "--mail-last", "2", "--json").json
    assert (done["released"], done["mailed"]) == (7, 2)
    assert operator("source", "list", "--json").json[0]["health"] == "healthy"
    assert operator("status", "--json").json["alerts"] == []
    assert operator("source", "release", "harbour").code == 5


def test_what_is_held_can_be_taken_away(operator: Operator) -> None:
    flooded(operator)
    assert operator("source", "release", "harbour", "--withdraw", "--mail-last", "2").code == 2
    assert operator("source", "release", "harbour", "--withdraw", "--json").json["withdrawn"] == 7
    assert len(operator("article", "list", "--state", "withdrawn", "--json").json) == 7


def test_a_move_is_agreed_to(operator: Operator) -> None:
    operator.sets_up()
    operator("source", "poll", "harbour")
    assert operator("source", "move", "harbour").code == 5
    assert operator("source", "move", "harbr").code == 4
    there = operator.partner.url("/elsewhere")
    with database(operator).write() as connection:
        values = {"moved_to": there, "moved_since": now(), "last_outcome": "moved away"}
        connection.execute(source.update().values(**values))
    row = operator("source", "list", "--json").json[0]
    assert (row["health"], row["next_step"]) == (
        "moved",
        "`syndication source move harbour` agrees to the new address",
    )
    assert operator("source", "move", "harbour", "--json").json["address"] == there
    shown = operator("source", "show", "harbour", "--json").json
    assert (shown["address"], shown["declared_address"]) == (there, operator.partner.url("/feed"))


def test_a_source_is_drawn_with_its_last_polls_and_its_week(operator: Operator) -> None:
    operator.sets_up()
    operator("source", "poll", "harbour")
    at = now()
    with database(operator).write() as connection:
        id = connection.scalar(sa.select(source.c.id))
        outcomes = [("fresh", 2, 0), ("unchanged", 0, 0), ("timeout", 0, 0), ("fresh", 0, 1)]
        for n, (outcome, new, changed) in enumerate(outcomes):
            when = at + timedelta(minutes=n + 1)
            connection.execute(
                fetch_log.insert().values(source_id=id, at=when, outcome=outcome, new=new, changed=changed)
            )
        rhythm = {
            "hours": [0.0] * 8 + [10.0] * 4 + [0.0] * 12,
            "days": [8.0] * 5 + [0.0] * 2,
            "as_of": at.isoformat(),
            "since": (at - timedelta(days=28)).isoformat(),
            "last_at": at.isoformat(),
            "count": 80,
        }
        connection.execute(source.update().values(rhythm=rhythm))
    shown = operator("source", "show", "harbour").out
    assert "+.x~" in shown
    monday, sunday = (next(line for line in shown.splitlines() if line.startswith(f"{day} ")) for day in ("Mon", "Sun"))
    assert "█" in monday
    assert set(sunday[4:].strip()) == set()
    assert "requests a day" in shown
    told = operator("source", "show", "harbour", "--json").json
    assert told["rhythm"]["count"] == 80
    assert told["pace"]["requests_per_day"] > 1
