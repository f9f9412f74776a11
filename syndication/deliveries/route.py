"""By which transport readers go, and how many now. In: Routes, their Usage, readers' domains, now. Out: Placed. Pure.

A route that was set for some domains comes first for them; then those without domains, by share or in their order. One
that rests, is closed at this hour or has used up its day is passed over, and the next one takes what it would have. A
reader for whom none is left waits until the first of theirs takes mail again. Days are counted in UTC.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from syndication.model.route import ALL, OTHERS, Hours, Opening, Placed, Route, Usage

GROWTH_DAYS_MAX = 60
"""By then a warm-up is over, whatever it began with."""


def day_of(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()


def next_day(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def allowance(route: Route, days: int) -> int | None:
    """How many it may take today, `days` after the first. None: any number."""
    limits = [route.daily] * bool(route.daily)
    if route.warm_up:
        limits.append(int(route.warm_up * route.growth ** min(days, GROWTH_DAYS_MAX)))
    return min(limits, default=None)


def opens_at(hours: Hours, now: datetime) -> datetime | None:
    """None: it is open. An hour that a clock skips in spring begins when the clock has skipped it."""
    local = now.astimezone(hours.zone)
    here = local.time()
    begun, over = here >= hours.start, here >= hours.end
    is_open = begun and not over if hours.start <= hours.end else begun or not over
    if is_open:
        return None
    day = local.date() if here < hours.start else local.date() + timedelta(days=1)
    opening = datetime.combine(day, hours.start, tzinfo=hours.zone).astimezone(UTC)
    return opening if opening > now else now + timedelta(hours=1)


def opening(route: Route, usage: Usage, now: datetime) -> Opening:
    """Whether a route takes anything now, and how much of it."""
    if usage.rest_until is not None and usage.rest_until > now:
        return Opening(0, usage.rest_until, f"{route.name} rests: {usage.rest_why}")
    if route.hours is not None and (later := opens_at(route.hours, now)):
        return Opening(0, later, f"{route.name} sends from {route.hours.start:%H:%M} to {route.hours.end:%H:%M} only")
    most = allowance(route, usage.days)
    if most is None:
        return Opening()
    left = max(most - usage.used.get(ALL, 0), 0)
    spent = "" if left else f"{route.name} has sent its {most} of today"
    return Opening(left, None if left else next_day(now), spent)


def place(
    readers: Iterable[tuple[int, str]], routes: Sequence[Route], usages: Mapping[str, Usage], now: datetime
) -> list[Placed]:
    """Each reader, given as an id and a domain, once; those who go before those who wait."""
    openings = {route.name: opening(route, usages.get(route.name, Usage()), now) for route in routes}
    general = _in_turn([route for route in routes if not route.domains], usages)
    going: dict[str, list[int]] = {}
    waiting: dict[tuple[datetime, str], list[int]] = {}
    taken = {route.name: Counter(usages.get(route.name, Usage()).used) for route in routes}
    for id, domain in readers:
        ours = [*(route for route in routes if domain in route.domains), *general]
        reasons: list[tuple[datetime, str]] = []
        for route in ours:
            why = _full(route, openings[route.name], taken[route.name], usages, domain, now)
            if why is None:
                taken[route.name] += Counter({ALL: 1, domain: 1})
                going.setdefault(route.name, []).append(id)
                break
            reasons.append(why)
        else:
            nobody = (next_day(now), f"no transport takes mail to {domain}")
            all_why = "; ".join(dict.fromkeys(said for _, said in reasons))
            waiting.setdefault((min(reasons)[0], all_why) if reasons else nobody, []).append(id)
    placed = [Placed(tuple(ids), route=name) for name, ids in going.items()]
    return placed + [Placed(tuple(ids), until=until, why=why) for (until, why), ids in sorted(waiting.items())]


def reserved(route: Route, domains: Iterable[str]) -> dict[str, int]:
    """What has to be counted of readers with these domains."""
    counts = Counter(domains)
    kept = {domain: count for domain, count in counts.items() if _limit(route, domain)}
    return {ALL: sum(counts.values()), **kept}


def _in_turn(routes: Sequence[Route], usages: Mapping[str, Usage]) -> list[Route]:
    """Whoever is furthest behind its share first; those without a share after them, in their order."""

    def behind(route: Route) -> float:
        return usages.get(route.name, Usage()).used.get(ALL, 0) / route.share

    sharing = sorted((route for route in routes if route.share), key=behind)
    return sharing + [route for route in routes if not route.share]


def _full(
    route: Route, open_: Opening, taken: Mapping[str, int], usages: Mapping[str, Usage], domain: str, now: datetime
) -> tuple[datetime, str] | None:
    """Until when, and why, it does not take this reader. None: it does."""
    if open_.until is not None:
        return open_.until, open_.why
    before = usages.get(route.name, Usage()).used.get(ALL, 0)
    if open_.left is not None and taken.get(ALL, 0) - before >= open_.left:
        return next_day(now), f"{route.name} has sent its {before + open_.left} of today"
    limit = _limit(route, domain)
    if limit and taken.get(domain, 0) >= limit:
        return next_day(now), f"{route.name} has sent its {limit} of today to {domain}"
    return None


def _limit(route: Route, domain: str) -> int:
    return route.domain_daily.get(domain, route.domain_daily.get(OTHERS, 0))
