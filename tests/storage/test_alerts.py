"""An alert is open once, and closed by its own key."""

from datetime import UTC, datetime

import pytest

from syndication.storage import alerts
from syndication.storage.database import Database

NOW = datetime(2026, 5, 7, 6, 30, tzinfo=UTC)


def test_an_alert_is_open_once_until_it_is_resolved(database: Database) -> None:
    with database.write() as connection:
        alerts.raise_alert(connection, "late:1", "late", NOW)
        alerts.raise_alert(connection, "late:1", "later still", NOW)
        assert [one.text for one in alerts.open_alerts(connection)] == ["late"]
        alerts.resolve(connection, "late:1", NOW)
        assert alerts.open_alerts(connection) == []
        alerts.raise_alert(connection, "late:1", "again", NOW)
        assert [one.text for one in alerts.open_alerts(connection)] == ["again"]


@pytest.mark.parametrize(
    ("key", "left"),
    [
        ("late:1", {"late:12", "late:1_", "source:bay:gone", "source:bayou:gone"}),
        ("source:bay", {"late:1", "late:12", "late:1_", "source:bayou:gone"}),
        ("source:bay:", {"late:1", "late:12", "late:1_", "source:bayou:gone"}),
        ("late", {"source:bay:gone", "source:bayou:gone"}),
        ("late:%", {"late:1", "late:12", "late:1_", "source:bay:gone", "source:bayou:gone"}),
    ],
)
def test_resolving_closes_what_is_of_that_key(database: Database, key: str, left: set[str]) -> None:
    with database.write() as connection:
        for one in ("late:1", "late:12", "late:1_", "source:bay:gone", "source:bayou:gone"):
            alerts.raise_alert(connection, one, "", NOW)
        alerts.resolve(connection, key, NOW)
        assert {one.key for one in alerts.open_alerts(connection)} == left
