"""Dates as publishers write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.sources.dates import parse_date

MARCH = datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", datetime(2004, 7, 11, 17, tzinfo=UTC)),
        ("Δευ, 02 Μαρ 2026 15:04:05 GMT", MARCH),
        ("Δευτέρα, 02 Μαρτίου 2026 15:04:05 GMT", MARCH),
        ("2004-július-13T9:15-05:00", datetime(2004, 7, 13, 14, 15, tzinfo=UTC)),
        ("2026-március-2T16:04:05+01:00", MARCH),
        ("2026년 03월 03일 00:04:05", MARCH),  # Korean software means Korean time
        ("2026-03-03 오전 0:04:05", MARCH),
        ("2026-03-03 오후 0:04:05", MARCH + timedelta(hours=12)),
        ("2026-03-02 15:04:05.0", MARCH),  # a database's
        ("2026/03/02 15:04:05", MARCH),
        ("20260302150405", MARCH),
        ("2026-061", MIDNIGHT),
        ("2026061", MIDNIGHT),
        ("Mon, 02 Mar 2026 15:4:5 GMT", MARCH),
        ("Mon, 02 Mar 2026 15:04:05 Etc/GMT", MARCH),
        ("Mon, 2026/03/02 10:04:05 EST", MARCH),  # a version control's
        ("Mon Mar  2 10:04:05 -0500 2026", MARCH),
        ("Mon Mar  2 10:04:05 EST 2026", MARCH),  # the zone before the year, as `date` prints it
        ("2026-003-02T15:04:05Z", MARCH),
        ("26-03-02", MIDNIGHT),
        ("-26-03", datetime(2026, 3, 1, tzinfo=UTC)),
        ("260302", MIDNIGHT),
        ("26061", MIDNIGHT),
        ("02.03.2026", MIDNIGHT),
        ("Mo, 2. 3. 2026, 16:04:05 CET", MARCH),
        ("02.03.2026 - 15:04:05 Uhr", MARCH),
        ("lun., 02 mars 2026 15:04:05 +0000", MARCH),
        ("lun, 02 fév 2026 15:04:05 +0000", datetime(2026, 2, 2, 15, 4, 5, tzinfo=UTC)),
        ("mer., 02 juil. 2026 00:00:00 GMT", datetime(2026, 7, 2, tzinfo=UTC)),
        ("Mo, 02 Mär 2026 15:04:05 +0000", MARCH),
        ("Fr, 02 Okt 2026 00:00:00 GMT", datetime(2026, 10, 2, tzinfo=UTC)),
        ("vie, 02 ene 2026 00:00:00 GMT", datetime(2026, 1, 2, tzinfo=UTC)),
        ("ven, 02 ott 2026 00:00:00 GMT", datetime(2026, 10, 2, tzinfo=UTC)),
        ("qua, 02 dez 2026 00:00:00 GMT", datetime(2026, 12, 2, tzinfo=UTC)),
        ("Пн, 02 мар 2026 15:04:05 +0000", MARCH),
        ("Сб, 02 мая 2026 00:00:00 +0000", datetime(2026, 5, 2, tzinfo=UTC)),
    ],
)
def test_a_date_of_elsewhere_is_read(text: str, moment: datetime) -> None:
    assert parse_date(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 02 Mar 2026 15:04:05 GMT",
        "Mon, 02 Mar 2026 15:04:05 +0000",
        "Mon, 2 Mar 2026 15:04:05 +0000",
        "2 Mar 2026 15:04:05 UT",
        "Mon, 02 Mar 26 15:04:05 Z",
        "Mon, 02 Mar 2026 10:04:05 EST",
        "Mon, 02 Mar 2026 16:04:05 CET",
        "Mon, 02 Mar 2026 16:04:05 MET",
        "Mon, 02 Mar 2026 17:04:05 MEST",
        "Mon, 02 Mar 2026 10:04:05 ET",
        "Mon, 02 Mar 2026 07:04:05 PT",
        "Mon, 02 Mar 2026 11:04:05 AST",
        "Mon, 02 Mar 2026 16:04:05 +01:00",
        "Mon, 02 Mar 2026 16:04:05 +1",
        "Mon, 02 Mar 2026 20:34:05 +0530",
        "Mon, 02 Mar 2026 15:04:05",  # no zone counts as UTC (RFC 5322, section 4.3)
        "Mon, 02 Mar 2026 15:04:05 NOWHR",
        "Mon, 02 Mar 2026 15:04:05 -0000 (UTC)",
        "Monday, 2 March 2026, 15:04:05 GMT",
        "Mo, 02 Mar 2026 15:04:05 +0000",
        "02-Mar-2026 15:04:05 GMT",
        "Mon,02 Mar 2026 15:04:05 GMT",
        "Mon, 02 Mar 2026 3:04:05 PM",
        "March 2, 2026 3:04:05 pm",
        "Mon Mar  2 15:04:05 2026",
        "Mon Mar  2 15:04:05 UTC 2026",
        "2026-03-02T15:04:05Z",
        "2026-03-02T15:04:05+00:00",
        "2026-03-02T16:04:05+01:00",
        "2026-03-02T16:04:05+0100",
        "2026-03-02t15:04:05z",
        "2026-03-02 15:04:05",
        "2026-03-02T15:04:05",
        "20260302T150405Z",
        "  2026-03-02T15:04:05Z\n",
    ],
)
def test_a_date_is_read(text: str) -> None:
    assert parse_date(text) == MARCH


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02T15:04Z", MARCH.replace(second=0)),
        ("2026-03-02T15:04:05.25Z", MARCH.replace(microsecond=250_000)),
        ("2026-03-02T15:04:05.00000", MARCH),
        ("2026-03-02", MIDNIGHT),
        ("2026-03", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 24:00:00 GMT", MIDNIGHT),
        ("2026-03-02T15:04:60Z", MARCH.replace(second=59)),  # a leap second
        ("1 Jan 49 00:00 GMT", datetime(2049, 1, 1, tzinfo=UTC)),
        ("1 Jan 99 00:00 GMT", datetime(1999, 1, 1, tzinfo=UTC)),
        ("2026-03-02T12:00:00 am", MIDNIGHT),
    ],
)
def test_par_09_a_date_at_an_edge(text: str, moment: datetime) -> None:
    assert parse_date(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        None,
        "yesterday",
        "03/04/2026",  # two days, and nobody can say which
        "Mon, 32 Mar 2026 10:00:00 GMT",
        "Mon, 02 Foo 2026 10:00:00 GMT",
        "2026-13-01T00:00:00Z",
        "2026-02-30",
        "31.02.2026",
        "26-13-01",
        "26999",
        "Mon, 02 Mar 2026 25:00:00 GMT",
        "0001-01-01T00:00:00+14:00",  # before the first instant there is
        "9999-12-31T23:59:59-14:00",
        "2026-03-02T10:00:00+99:99",
        "0000-01-01",
        "1772463845",
        "x" * 1_000_000,
    ],
)
def test_par_09_what_cannot_be_read_is_none(text: str | None) -> None:
    assert parse_date(text) is None


@given(st.text(max_size=120))
def test_no_text_raises(text: str) -> None:
    moment = parse_date(text)
    assert moment is None or moment.tzinfo is UTC


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(9000, 1, 1), timezones=ZONES))
def test_a_date_as_rfc_3339_writes_it_comes_back(moment: datetime) -> None:
    assert parse_date(moment.isoformat()) == moment.astimezone(UTC)
