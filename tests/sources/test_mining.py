"""What a publisher says to robots in headers, in a page, and in tdmrep.json."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndication.model.exchange import Answer, Failure, FailureKind, Phase
from syndication.model.manners import Manners, Reserved
from syndication.model.signals import Signals
from syndication.sources.mining import directives, read, reserved, signals_of
from tests.builders import NOW

HOST = "https://harbour.example"
FILE = f"{HOST}/.well-known/tdmrep.json"


def told(body: object, status: int = 200) -> tuple[Reserved, ...]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read(Answer(FILE, status, (), data, "192.0.2.1"))


@pytest.mark.parametrize(
    ("headers", "metas", "then"),
    [
        ([], [], Signals()),
        ([("x-robots-tag", "noindex, nofollow")], [], Signals(noindex=True)),
        ([("x-robots-tag", "NONE")], [], Signals(noindex=True)),
        ([("x-robots-tag", "otherbot: noindex")], [], Signals()),  # for another robot
        ([("x-robots-tag", "syndication: nosnippet")], [], Signals(nosnippet=True)),
        ([("x-robots-tag", "max-snippet:120"), ("x-robots-tag", "max-snippet: 80")], [], Signals(max_snippet=80)),
        ([("x-robots-tag", "max-snippet:-1")], [], Signals()),
        ([], [("robots", "max-snippet:0")], Signals(nosnippet=True, max_snippet=0)),
        ([], [("robots", "index, follow, noarchive")], Signals(noarchive=True)),
        ([], [("otherbot", "noindex")], Signals()),
        ([("tdm-reservation", "1"), ("tdm-policy", f"{HOST}/terms")], [],
         Signals(tdm_reserved=True, tdm_policy=f"{HOST}/terms")),
        ([("tdm-reservation", "0")], [("tdm-reservation", "1")], Signals(tdm_reserved=True)),  # once is enough
        ([("tdm-reservation", "yes"), ("tdm-policy", "javascript:alert(1)")], [], Signals()),
    ],
)  # fmt: skip
def test_a_page_says_what_it_asks_of_robots(
    headers: list[tuple[str, str]], metas: list[tuple[str, str]], then: Signals
) -> None:
    assert signals_of(headers, metas, None) == then


@pytest.mark.parametrize(
    "text",
    [
        "unavailable_after: 25 Jun 2026 15:00:00 GMT, noindex",
        "noindex, unavailable_after: Thu, 25 Jun 2026 15:00:00 GMT",
        "unavailable_after: 2026-06-25T15:00:00Z, noindex",
    ],
)
def test_an_end_is_a_date_with_commas_and_colons_of_its_own(text: str) -> None:
    found = signals_of([("x-robots-tag", text)], [], None)
    assert (found.unavailable_after, found.noindex) == (datetime(2026, 6, 25, 15, tzinfo=UTC), True)


def test_a_host_reserves_its_places_and_the_longest_that_fits_counts() -> None:
    rules = told(
        [
            {"location": "/", "tdm-reservation": 1, "tdm-policy": "/terms.json"},
            {"location": "/free/*", "tdm-reservation": 0},
            {"location": "/free/*.pdf$", "tdm-reservation": "1"},
        ]
    )
    manners = Manners(HOST, NOW, NOW, mining=rules)
    found = {path: reserved(manners, path) for path in ("/news/1", "/free/a", "/free/a.pdf")}
    assert [one.reserved if one else None for one in found.values()] == [True, False, True]
    assert signals_of([], [], found["/news/1"]) == Signals(tdm_reserved=True, tdm_policy=f"{HOST}/terms.json")
    assert signals_of([("tdm-reservation", "1")], [], found["/free/a"]).tdm_reserved


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[" * 100_000, {"location": "/"}, [3], [{"location": 3, "tdm-reservation": 1}],
     [{"location": "/", "tdm-reservation": True}], [{"location": "", "tdm-reservation": 1}]],
)  # fmt: skip
def test_a_file_that_says_nothing_reserves_nothing(body: object) -> None:
    assert told(body) == ()


def test_without_the_file_nothing_is_reserved() -> None:
    assert told([{"location": "/", "tdm-reservation": 1}], 404) == ()
    assert read(Failure(FILE, FailureKind.TIMEOUT, Phase.CONNECT, "too slow")) == ()
    assert reserved(Manners(HOST, NOW, NOW), "/news") is None


@settings(max_examples=60, deadline=None)  # the machine may be busy
@given(st.text(max_size=200))
def test_no_directive_is_too_much(text: str) -> None:
    assert all(name == name.strip().lower() for name in directives(text))
    signals_of([("x-robots-tag", text)], [("robots", text), ("tdm-policy", text)], None)
