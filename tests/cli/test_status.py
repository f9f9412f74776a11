"""`status` on one screen."""

from datetime import UTC, datetime
from pathlib import Path

from syndication.engine.lock import DirectoryLock


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
