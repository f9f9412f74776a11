"""Keep the pace that operator and provider ask for: which transport takes a batch, and what its answer means for it.

Within the transaction that claims: readers of a batch who go different ways part, and what is taken of a day's quota is
counted. Within the one that records: what was definitely not accepted is given back, and a transport that put us off
rests, so that no other batch is offered to it meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syndication.deliveries import manifest, pace, route, settle
from syndication.jobs.ports.ledger import LedgerPage
from syndication.jobs.ports.outbox import Outbox
from syndication.model.carrying import Fared, Fate
from syndication.model.delivery import Claim, Outcome, Verdict
from syndication.model.ledger import OpenBatch, Parcel, Standing
from syndication.model.route import Placed, Reserved, Route

NOT_BEGUN = "not begun"
"""The phase of an attempt whose call was never made: it says nothing of the transport."""


@dataclass(frozen=True, slots=True)
class WayOut:
    """A transport, and how much its operator lets it take."""

    outbox: Outbox
    route: Route


def alone(outbox: Outbox) -> tuple[WayOut, ...]:
    """The only transport, which takes everything."""
    return (WayOut(outbox, Route(outbox.name)),)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A batch that goes this way, and who of it."""

    way: WayOut
    readers: tuple[Standing, ...]
    ids: tuple[int, ...]
    """Its manifest by now."""
    reserved: Reserved | None
    rest_times: int


class Switchboard:
    """Which way each batch goes, as things stand in one transaction."""

    def __init__(self, page: LedgerPage, ways: Sequence[WayOut], now: datetime) -> None:
        self._page, self._now = page, now
        self._ways = {way.route.name: way for way in ways}
        self._routes = [way.route for way in ways]
        self._counted = any(route.limited for route in self._routes)
        self._usages = page.usages(tuple(self._ways), route.day_of(now), counted=self._counted)

    @property
    def closed(self) -> str:
        """Why none of them takes anything now; empty when one does."""
        found = [route.opening(one, self._usages[one.name], self._now) for one in self._routes]
        return "; ".join(one.why for one in found) if all(one.until for one in found) else ""

    @property
    def _takes_everybody(self) -> bool:
        """One transport that nothing narrows: nobody has to be looked at."""
        return len(self._routes) == 1 and not self._routes[0].choosy and not self.closed

    def choose(self, batch: OpenBatch, readers: Sequence[Standing]) -> Chosen | None:
        """Part the batch, which is locked, as far as needed. None: all that is left of it waits."""
        if self._takes_everybody:
            (way,) = self._ways.values()
            rest_times = self._usages[way.route.name].rest_times
            return Chosen(way, tuple(readers), manifest.decode(batch.manifest), None, rest_times)
        of = {reader.subscriber_id: reader for reader in readers}
        domains = ((reader.subscriber_id, reader.address.domain) for reader in readers)
        first, *others = route.place(domains, self._routes, self._usages, self._now)
        ids = list(manifest.decode(batch.manifest))
        for other in others:
            ids = self._part(batch, ids, other)
        if not first.route:
            self._wait(batch.edition_id, batch.n, first)
            return None
        way = self._ways[first.route]
        going = tuple(of[id] for id in first.ids)
        reserved = self._reserve(way.route, going) if self._counted else None
        return Chosen(way, going, tuple(ids), reserved, self._usages[first.route].rest_times)

    def _part(self, batch: OpenBatch, ids: Sequence[int], placed: Placed) -> list[int]:
        leaving = set(placed.ids)
        staying = [id for id in ids if id not in leaving]
        moved = [id for id in ids if id in leaving]
        n = self._page.split(batch.edition_id, batch.n, _parcel(staying), _parcel(moved), moved, self._now)
        if placed.until is not None:
            self._wait(batch.edition_id, n, placed)
        return staying

    def _wait(self, edition_id: int, n: int, placed: Placed) -> None:
        self._page.wait(edition_id, n, placed.until or self._now, f"waits: {placed.why}", self._now)

    def _reserve(self, taking: Route, readers: Sequence[Standing]) -> Reserved:
        counts = route.reserved(taking, (reader.address.domain for reader in readers))
        reserved = Reserved(taking.name, route.day_of(self._now), counts)
        self._page.reserve(reserved)
        return reserved


def keep(page: LedgerPage, claim: Claim, outcome: Outcome, now: datetime, *, jitter: float) -> None:
    """What the answer to a call means for its transport."""
    if claim.reserved is not None and outcome.verdict in settle.NOT_ACCEPTED:
        page.give_back(claim.reserved)
    if outcome.verdict is Verdict.DEFERRED and outcome.phase != NOT_BEGUN:
        _rest(page, claim, outcome.detail, outcome.retry_after_seconds, now, jitter)
    elif outcome.verdict is Verdict.ACCEPTED and claim.rest_times:
        page.transport_rested(claim.transport)


def keep_carried(
    page: LedgerPage,
    claim: Claim,
    fared: Mapping[int, Fared],
    put_off: str,
    readers: Sequence[Standing],
    now: datetime,
    *,
    jitter: float,
) -> None:
    """The same for a batch that was offered message by message. `fared` by subscriber, `readers` are those claimed."""
    taken = {id for id, one in fared.items() if one.fate in (Fate.ACCEPTED, Fate.UNCERTAIN)}
    if claim.reserved is not None:
        back = [reader.address.domain for reader in readers if reader.subscriber_id not in taken]
        page.give_back(replace(claim.reserved, counts=_counted(claim.reserved, back)))
    if put_off:
        _rest(page, claim, put_off, None, now, jitter)
    elif taken and claim.rest_times:
        page.transport_rested(claim.transport)


def _counted(reserved: Reserved, domains: Sequence[str]) -> dict[str, int]:
    """Of readers with these domains, as much as was counted of them."""
    return {one: len(domains) if not one else domains.count(one) for one in reserved.counts}


def _rest(page: LedgerPage, claim: Claim, why: str, asked_seconds: float | None, now: datetime, jitter: float) -> None:
    times = claim.rest_times + 1
    page.rest_transport(claim.transport, times, pace.next_try(times, asked_seconds, now, jitter=jitter), why)


def _parcel(ids: Sequence[int]) -> Parcel:
    return Parcel(manifest.encode(ids), len(ids))
