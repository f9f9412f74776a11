"""`status` on one screen."""

from datetime import UTC, datetime
from pathlib import Path

from syndication.engine.lock import DirectoryLock
from syndication.model.route import ALL, Reserved
from syndication.storage import routes, schema
from syndication.wiring import House


def test_the_counts_of_everything_on_both_engines(on_both):
    on_both.has_news(readers=1, newsletter="approval = true")
    on_both("edition", "build", "morning")
    told = on_both("status", "--json").json
    assert told["service"] is None
    assert told["sources"] == {"idle": 1}
    assert told["articles"] == {"live": 3}
    assert told["subscriptions"] == {"confirmed": 1}
    assert told["open_editions"] == {"review": 1}
    assert [alert["key"] for alert in told["alerts"]] == ["review:1"]
    shown = on_both("status").out
    for words in ("does not run", "3 live", "1 review", "waits for a person", "waits for approval"):
        assert words in shown


def test_an_empty_house_has_the_same_keys(operator):
    operator.sets_up()
    empty = operator("status", "--json").json
    assert empty["batches"] == {}
    operator.has_news(readers=1)
    operator("edition", "build", "morning")
    assert operator("status", "--json").json.keys() == empty.keys()
    assert "nothing waits for a person" in operator("status").err


def test_sto_04_a_service_that_runs_is_named(operator):
    operator.sets_up()
    lock = DirectoryLock(Path("data"))
    lock.take(datetime.now(UTC))
    told = operator("status", "--json").json
    shown = operator("status").out
    lock.release()
    assert told["service"].keys() == {"pid", "started", "host"}
    assert f"process {told['service']['pid']} on " in shown


def test_who_waits_and_why_stands_there_with_each_transport(on_both):
    on_both.settings('[mail]\ntransport = "spool"\n')
    on_both.has_news(readers=3)
    assert on_both("status", "--json").json["transports"] == ["spool: takes mail"]
    assert on_both("status", "--json").json["not_offered_yet"] == "nobody"
    on_both("edition", "build", "morning")
    with House.open().database.write() as connection:
        later = {"state": "planned", "detail": "waits: spool has sent its 2 of today"}
        until = datetime(2126, 5, 8, tzinfo=UTC)
        connection.execute(schema.batch.update().values(next_try_at=until, **later))
        connection.execute(schema.edition.update().values(state="sending"))
        routes.rest(connection, "spool", 1, until, "429 too many requests")
        routes.reserve(connection, Reserved("spool", "2026-05-07", {ALL: 2}))
    told = on_both("status", "--json").json
    (waiting,) = told["not_offered_yet"]
    assert waiting.startswith("edition 1, due 2") and ": 3 readers in 1 batches until 2126-05-0" in waiting
    assert waiting.endswith(": spool has sent its 2 of today")
    (way,) = told["transports"]
    assert way.startswith("spool: takes nothing until 2126") and way.endswith("spool rests: 429 too many requests")
    assert "429 too many requests" in on_both("status").out
