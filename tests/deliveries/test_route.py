"""By which transport readers go, and how many now: order, share, domains, quotas, warm-up, hours, rests."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.deliveries.route import allowance, day_of, next_day, opening, opens_at, place, reserved
from syndication.model.route import ALL, OTHERS, Hours, Route, Usage

NOW = datetime(2026, 5, 7, 10, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
TOMORROW = datetime(2026, 5, 8, tzinfo=UTC)


def readers(*domains: str) -> list[tuple[int, str]]:
    return list(enumerate(domains, start=1))


def ways(placed) -> dict[str, tuple[int, ...]]:
    return {one.route or f"waits until {one.until:%d %H:%M}": one.ids for one in placed}


def test_the_first_takes_all_that_it_can() -> None:
    assert ways(place(readers("a.example", "b.example"), [Route("one"), Route("two")], {}, NOW)) == {"one": (1, 2)}


@pytest.mark.parametrize(
    "usage",
    [
        Usage(rest_until=NOW + timedelta(minutes=1), rest_times=1, rest_why="429 too many requests"),
        Usage(used={ALL: 100}),
    ],
    ids=["it rests", "its day is used up"],
)
def test_del_15_the_next_takes_what_the_first_cannot(usage: Usage) -> None:
    routes = [Route("one", daily=100), Route("two")]
    assert ways(place(readers("a.example"), routes, {"one": usage}, NOW)) == {"two": (1,)}


def test_a_batch_parts_where_a_day_s_quota_ends() -> None:
    routes = [Route("one", daily=100), Route("two", daily=1)]
    found = place(readers(*["a.example"] * 4), routes, {"one": Usage(used={ALL: 98})}, NOW)
    assert ways(found) == {"one": (1, 2), "two": (3,), "waits until 08 00:00": (4,)}
    assert found[-1].why == "one has sent its 100 of today; two has sent its 1 of today"


def test_a_domain_has_a_quota_of_its_own() -> None:
    route = Route("one", domain_daily={"bay.example": 2, OTHERS: 1})
    found = place(readers("bay.example", "bay.example", "bay.example", "sea.example", "sea.example"), [route], {}, NOW)
    assert ways(found)["one"] == (1, 2, 4)
    assert {one.why: one.ids for one in found if one.why} == {
        "one has sent its 2 of today to bay.example": (3,),
        "one has sent its 1 of today to sea.example": (5,),
    }
    assert reserved(route, ["bay.example", "bay.example", "sea.example"]) == {
        ALL: 3,
        "bay.example": 2,
        "sea.example": 1,
    }
    assert reserved(Route("one", daily=5), ["bay.example"]) == {ALL: 1}


def test_a_route_for_domains_takes_them_first_and_no_others() -> None:
    routes = [Route("one"), Route("bay", domains=frozenset({"bay.example"}))]
    assert ways(place(readers("bay.example", "sea.example"), routes, {}, NOW)) == {"bay": (1,), "one": (2,)}
    resting = {"bay": Usage(rest_until=TOMORROW, rest_why="503")}
    assert ways(place(readers("bay.example", "sea.example"), routes, resting, NOW)) == {"one": (1, 2)}


def test_a_reader_for_whom_there_is_no_route_waits_and_says_so() -> None:
    (found,) = place(readers("sea.example"), [Route("bay", domains=frozenset({"bay.example"}))], {}, NOW)
    assert (found.until, found.why) == (TOMORROW, "no transport takes mail to sea.example")


@pytest.mark.parametrize(
    ("used", "goes"),
    [({"one": 0, "two": 0}, "one"), ({"one": 300, "two": 0}, "two"), ({"one": 300, "two": 100}, "one")],
)
def test_shares_are_kept_by_what_was_sent_today(used: dict[str, int], goes: str) -> None:
    routes = [Route("spare"), Route("one", share=3), Route("two", share=1)]
    usages = {name: Usage(used={ALL: count}) for name, count in used.items()}
    assert ways(place(readers("a.example"), routes, usages, NOW)) == {goes: (1,)}


def test_a_route_without_a_share_is_the_last_resort() -> None:
    routes = [Route("spare"), Route("one", share=3, daily=1)]
    assert ways(place(readers("a.example", "a.example"), routes, {}, NOW)) == {"one": (1,), "spare": (2,)}


@pytest.mark.parametrize(
    ("route", "days", "most"),
    [
        (Route("one"), 0, None),
        (Route("one", daily=50), 9, 50),
        (Route("one", warm_up=200, growth=2), 0, 200),
        (Route("one", warm_up=200, growth=2), 3, 1600),
        (Route("one", warm_up=200, growth=2, daily=1000), 3, 1000),
        (Route("one", warm_up=1000, growth=10), 10_000, 1000 * 10**60),
    ],
)
def test_a_warm_up_grows_with_each_day_of_use(route: Route, days: int, most: int | None) -> None:
    found = allowance(route, days)
    assert found == most or (found is not None and most is not None and abs(found - most) < most / 1000)


@pytest.mark.parametrize(
    ("start", "end", "now", "opens"),
    [
        (time(6), time(22), NOW, None),
        (time(6), time(22), NOW.replace(hour=3), NOW.replace(hour=4)),  # 05:00 in Berlin
        (time(6), time(22), NOW.replace(hour=21), datetime(2026, 5, 8, 4, tzinfo=UTC)),
        (time(22), time(6), NOW.replace(hour=2), None),  # across midnight
        (time(22), time(6), NOW, NOW.replace(hour=20)),
        (time(2, 30), time(4), datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    ],
    ids=["open", "not yet", "over for today", "open at night", "closed by day", "the hour that spring skips"],
)
def test_hours_are_by_the_clock_of_their_zone(start: time, end: time, now: datetime, opens: datetime | None) -> None:
    assert opens_at(Hours(start, end, BERLIN), now) == opens


def test_hours_say_when_and_why() -> None:
    found = opening(Route("one", hours=Hours(time(11), time(12), ZoneInfo("UTC"))), Usage(), NOW)
    assert (found.until, found.why) == (NOW.replace(hour=11), "one sends from 11:00 to 12:00 only")


def test_a_day_is_one_of_utc() -> None:
    late = datetime(2026, 5, 8, 1, tzinfo=BERLIN)
    assert (day_of(late), next_day(late)) == ("2026-05-07", TOMORROW)


DOMAINS = st.sampled_from(["a.example", "b.example", "c.example"])
ROUTES = st.builds(
    Route,
    name=st.sampled_from(["one", "two", "three"]),
    share=st.integers(0, 3),
    domains=st.frozensets(DOMAINS, max_size=2),
    daily=st.integers(0, 8),
    domain_daily=st.dictionaries(st.one_of(DOMAINS, st.just(OTHERS)), st.integers(1, 5), max_size=2),
    warm_up=st.integers(0, 5),
)


@given(
    st.lists(DOMAINS, max_size=25),
    st.lists(ROUTES, max_size=3, unique_by=lambda route: route.name),
    st.dictionaries(st.sampled_from(["one", "two"]), st.builds(Usage, used=st.just({ALL: 2}), days=st.integers(0, 3))),
)
def test_everybody_has_one_place_and_no_limit_is_passed(domains, routes, usages) -> None:
    given_, of = readers(*domains), dict(readers(*domains))
    placed = place(given_, routes, usages, NOW)
    assert sorted(id for one in placed for id in one.ids) == sorted(of)
    assert all(bool(one.route) != bool(one.until) for one in placed)
    for one in placed:
        if not one.route:
            assert one.until > NOW and one.why
            continue
        route = next(route for route in routes if route.name == one.route)
        usage = usages.get(one.route, Usage())
        most = allowance(route, usage.days)
        assert most is None or len(one.ids) + usage.used.get(ALL, 0) <= max(most, usage.used.get(ALL, 0))
        for domain, count in Counter(of[id] for id in one.ids).items():
            limit = route.domain_daily.get(domain, route.domain_daily.get(OTHERS, 0))
            assert not limit or count <= limit
            assert not route.domains or domain in route.domains
