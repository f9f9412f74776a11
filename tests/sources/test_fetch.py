"""Conditional requests, and answers judged."""

from datetime import UTC, datetime

import pytest

from syndication.model.exchange import Answer, Hop
from syndication.model.source import Fetched, FetchOutcome, Partner, Source, Validators
from syndication.sources import fetch

URL = "https://harbour.example/feed"
BODY = b'<rss version="2.0"><channel><title>H</title></channel></rss>'
KNOWN = Validators('"v1"', "Mon, 02 Mar 2026 10:00:00 GMT", fetch.body_hash(BODY))
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def a_source() -> Source:
    return Source(7, "harbour", Partner("harbour", "Harbour Daily", "https://harbour.example/"), URL)


def an_answer(
    status: int = 200, body: bytes = BODY, url: str = URL, hops: tuple[Hop, ...] = (), **headers: str
) -> Answer:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Answer(url, status, named, body, peer="192.0.2.1", hops=hops)


def read(answer: Answer, validators: Validators = KNOWN, now: datetime | None = NOW) -> Fetched:
    return fetch.read(answer, validators, asked=URL, now=now)


@pytest.mark.parametrize("etag", ['"v1"', 'W/"v1"', "bare", '"with ""quotes"'])
def test_col_14_validators_are_echoed_as_they_came(etag: str) -> None:
    future = "Fri, 31 Dec 2999 23:59:59 GMT"
    request = fetch.request_for(a_source(), Validators(etag, future), unconditional=False)
    headers = dict(request.headers)
    assert headers["If-None-Match"] == etag
    assert headers["If-Modified-Since"] == future
    assert headers["A-IM"] == "feed"
    assert (request.method, request.url, request.key) == ("GET", URL, 7)


def test_col_14_an_unconditional_request_has_no_condition() -> None:
    headers = dict(fetch.request_for(a_source(), KNOWN, unconditional=True).headers)
    assert set(headers) == {"Accept"}


def test_a_date_alone_asks_for_no_delta() -> None:
    headers = dict(fetch.request_for(a_source(), Validators(None, "x"), unconditional=False).headers)
    assert set(headers) == {"Accept", "If-Modified-Since"}


def test_col_14_a_new_body_brings_its_validators() -> None:
    fetched = read(an_answer(body=BODY + b" ", etag='"v2"', content_type="application/rss+xml"))
    assert fetched.outcome is FetchOutcome.FRESH
    assert fetched.document is not None
    assert fetched.document.content_type == "application/rss+xml"
    assert fetched.validators == Validators('"v2"', None, fetch.body_hash(BODY + b" "))


def test_col_14_unchanged_may_bring_new_validators_and_keeps_the_rest() -> None:
    fetched = read(an_answer(304, b"", etag='W/"v2"'))
    assert (fetched.outcome, fetched.document) == (FetchOutcome.UNCHANGED, None)
    assert fetched.validators == Validators('W/"v2"', KNOWN.last_modified, KNOWN.body_hash)


def test_col_14_a_tag_that_changes_on_every_reply_is_still_the_same_body() -> None:
    fetched = read(an_answer(etag='"v3"', last_modified="Tue, 03 Mar 2026 10:00:00 GMT"))
    assert (fetched.outcome, fetched.document) == (FetchOutcome.SAME_BODY, None)
    assert fetched.validators == Validators('"v3"', "Tue, 03 Mar 2026 10:00:00 GMT", KNOWN.body_hash)


def test_col_14_unchanged_without_a_condition_is_no_answer() -> None:
    assert read(an_answer(304, b""), Validators()).outcome is FetchOutcome.FAILED


@pytest.mark.parametrize("etag", ["a\r\nX: y", "é", "x" * 2000, ""])
def test_a_validator_that_could_not_be_sent_back_is_not_kept(etag: str) -> None:
    assert read(an_answer(body=b"<rss/>", etag=etag)).validators.etag is None


def test_a_delta_is_a_document() -> None:
    assert read(an_answer(226, b"<rss></rss>", im="feed")).outcome is FetchOutcome.FRESH


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("-5", None),
        ("315360000", 86_400),  # ten years
        ("9" * 400, 86_400),
        ("Mon, 02 Mar 2026 12:01:00 GMT", 60),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0),
        ("Fri, 31 Dec 2999 23:59:59 GMT", 86_400),
        ("Mon, 99 Mar 2026 11:00:00 GMT", None),
        ("soon", None),
        ("", None),
        ("٣", None),
    ],
)
def test_col_15_retry_after_is_honoured_and_capped_at_a_day(
    status: int, retry_after: str, seconds: float | None
) -> None:
    assert read(an_answer(status, b"", retry_after=retry_after)).retry_after_seconds == seconds


def test_col_15_a_retry_after_date_is_measured_by_the_hosts_own_clock() -> None:
    answer = an_answer(503, b"", retry_after="Mon, 02 Mar 2026 09:10:00 GMT", date="Mon, 02 Mar 2026 09:00:00 GMT")
    assert read(answer).retry_after_seconds == 600
    assert read(an_answer(503, b"", retry_after="Mon, 02 Mar 2026 09:10:00 GMT"), now=None).retry_after_seconds is None


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (410, FetchOutcome.GONE),
        (404, FetchOutcome.MISSING),
        (401, FetchOutcome.DENIED),
        (403, FetchOutcome.DENIED),
        (429, FetchOutcome.BUSY),
        (503, FetchOutcome.UNAVAILABLE),
        (500, FetchOutcome.FAILED),
        (204, FetchOutcome.FAILED),
        (301, FetchOutcome.FAILED),  # a redirect that led nowhere
    ],
)
def test_col_16_a_status_has_one_meaning_and_leaves_the_validators(status: int, outcome: FetchOutcome) -> None:
    fetched = read(an_answer(status, b"sorry", etag='"error"'))
    assert (fetched.outcome, fetched.document, fetched.validators) == (outcome, None, KNOWN)
    assert str(status) in fetched.detail
    assert not fetched.outcome.ok


@pytest.mark.parametrize(
    ("hops", "outcome", "moved_to"),
    [
        ([(301, "https://harbour.example/new")], FetchOutcome.SAME_BODY, "https://harbour.example/new"),
        ([(308, "https://www.harbour.example/feed")], FetchOutcome.SAME_BODY, "https://www.harbour.example/feed"),
        ([(301, "https://quay.example/feed")], FetchOutcome.MOVED_AWAY, "https://quay.example/feed"),
        ([(302, "https://quay.example/feed")], FetchOutcome.SAME_BODY, None),
        ([(302, "https://quay.example/a"), (301, "https://else.example/b")], FetchOutcome.SAME_BODY, None),
        ([(301, "https://harbour.example/a"), (302, "https://cdn.example/b")], FetchOutcome.SAME_BODY, "https://harbour.example/a"),
        ([(301, "https://harbour.example/a"), (308, "https://quay.example/b")], FetchOutcome.MOVED_AWAY, "https://quay.example/b"),
    ],
)  # fmt: skip
def test_col_16_a_permanent_redirect_is_reported_and_to_another_host_nothing_is_taken(
    hops: list[tuple[int, str]], outcome: FetchOutcome, moved_to: str | None
) -> None:
    fetched = read(an_answer(url=hops[-1][1], hops=tuple(Hop(*hop) for hop in hops)))
    assert (fetched.outcome, fetched.moved_to) == (outcome, moved_to)
    if outcome is FetchOutcome.MOVED_AWAY:
        assert fetched.document is None
        assert fetched.validators == KNOWN


@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html><html><body>Error establishing a database connection</body></html>",
        b"\n  <HTML><head></head></HTML>",
        b"<!-- cached --><html></html>",
        b"<script>location=1</script>",
        "\ufeff<!doctype html>".encode("utf-16-le"),
        b"",
        b"  \n",
    ],
)
def test_col_17_a_page_in_place_of_the_feed_is_kept_for_quarantine_and_stores_no_validator(page: bytes) -> None:
    fetched = read(an_answer(body=page, etag='"error"', content_type="text/html"))
    assert (fetched.outcome, fetched.validators) == (FetchOutcome.NOT_A_FEED, KNOWN)
    assert fetched.document is not None
    assert fetched.document.data == page


def test_a_feed_that_calls_itself_html_is_a_feed() -> None:
    assert read(an_answer(body=BODY + b"\n", content_type="text/html")).outcome is FetchOutcome.FRESH


@pytest.mark.parametrize(
    ("cache_control", "seconds"),
    [
        ("max-age=3600", 3600),
        ("public, max-age=99999999", 86_400),
        ("s-maxage=5", None),
        ("no-store", None),
        ("", None),
    ],
)
def test_max_age_is_a_floor_of_a_day_at_most(cache_control: str, seconds: float | None) -> None:
    assert read(an_answer(cache_control=cache_control)).fresh_seconds == seconds
