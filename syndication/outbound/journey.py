"""A request from its first hop to its last answer: what each hop asks, under one deadline. Used by `fetch` and
`fetch_all` alike.

It makes no connection itself. For each hop in turn: `target` (spelling judged), `begin`, `question` (addresses
judged), and `take` what came of it.
"""

import re
from concurrent.futures import Future
from dataclasses import replace
from time import monotonic

from syndication.model.exchange import Answer, Failure, FailureKind, Hop, Phase, Request
from syndication.outbound.handle import Policy, Question
from syndication.outbound.redirect import Refusal, follow
from syndication.outbound.url import Target, read_url

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110, section 5.6.2
_BREAKS_A_LINE = re.compile(r"[\r\n\0]")


class Journey:
    """`asked` is the caller's own request. The clock starts with the first hop, not while a turn is waited for."""

    def __init__(self, asked: Request, policy: Policy) -> None:
        self.asked = asked
        self._policy = policy
        self._request = asked
        self._seen: list[str] = []
        self._hops: list[Hop] = []
        self._begun: float | None = None
        self._hop_begun = 0.0
        self._http2 = True

    def target(self) -> Target | Failure:
        """Where the coming hop goes, or why it goes nowhere."""
        try:
            _check_fields(self._request)
            return read_url(self._request.url)
        except ValueError as error:
            return self.fail(FailureKind.REFUSED, Phase.JUDGED, str(error))

    def begin(self) -> Failure | None:
        """The hop begins now. A Failure when the time for the whole journey is over."""
        self._hop_begun = monotonic()
        self._begun = self._begun or self._hop_begun
        if self._total_left() <= 0:
            return self.fail(FailureKind.TIMEOUT, Phase.CONNECT, f"{self.asked.total_seconds:g} s are over")
        return None

    def connect_left(self) -> float:
        """Seconds until this hop must be connected."""
        hop_left = self._hop_begun + self.asked.connect_seconds - monotonic()
        return max(0.0, min(hop_left, self._total_left()))

    def question(self, target: Target, found: "Future[tuple[str, ...]]") -> Question | Failure:
        """What to ask, now that the look-up has ended or its time has. Only allowed addresses are kept."""
        if not found.done():
            found.cancel()
            return self.fail(FailureKind.TIMEOUT, Phase.CONNECT, f"no answer to the look-up of {target.host}")
        error = found.exception()
        if error is not None:
            return self.fail(FailureKind.UNREACHABLE, Phase.CONNECT, f"{target.host} was not found: {error}")
        addresses = found.result()
        faults = {address: self._policy.judge(address, target.port) for address in addresses}
        allowed = tuple(address for address, fault in faults.items() if fault is None)
        if not allowed:
            why = "; ".join(fault for fault in faults.values() if fault) or f"{target.host} has no address"
            return self.fail(FailureKind.REFUSED, Phase.JUDGED, why)
        return Question(
            self._request, target, allowed, self.connect_left(), self._total_left(), self._http2, fresh=not self._http2
        )

    def take(self, outcome: Answer | Failure, *, misspoke: bool = False) -> Answer | Failure | None:
        """What the caller gets, or None when another hop is to be made: elsewhere, or here once more in HTTP/1.1."""
        if misspoke and self._http2 and self._total_left() > 0:
            self._http2 = False
            return None
        if isinstance(outcome, Failure):
            return replace(outcome, detail=self._named(outcome.detail), hops=tuple(self._hops), seconds=self._seconds())
        self._seen.append(outcome.url)
        following = follow(self._request, outcome, self._seen)
        if following is None:
            return replace(outcome, hops=tuple(self._hops), seconds=self._seconds())
        if isinstance(following, Refusal):
            self._hops.append(Hop(outcome.status, following.url))
            self._request = replace(self._request, url=following.url)
            return self.fail(FailureKind.REFUSED, Phase.JUDGED, following.reason)
        self._hops.append(Hop(outcome.status, following.url))
        self._request = following
        self._http2 = True
        return None

    def fail(self, kind: FailureKind, phase: Phase, detail: str) -> Failure:
        """A Failure of the present hop."""
        return Failure(
            url=self._request.url,
            kind=kind,
            phase=phase,
            detail=self._named(detail),
            hops=tuple(self._hops),
            seconds=self._seconds(),
        )

    def _named(self, detail: str) -> str:
        """The detail with the hop's number, and where it led, when it is not the first."""
        if not self._hops:
            return detail
        return f"hop {len(self._hops)} ({self._hops[-1].status} to {self._hops[-1].url[:200]}): {detail}"

    def _total_left(self) -> float:
        return (self._begun or monotonic()) + self.asked.total_seconds - monotonic()

    def _seconds(self) -> float:
        return monotonic() - self._begun if self._begun else 0.0


def _check_fields(request: Request) -> None:
    """Refuse what would end a line early and begin another. Raises ValueError."""
    if not _TOKEN.fullmatch(request.method):
        raise ValueError(f"{request.method!r} is not a method")
    for name, value in (*request.headers, *request.credentials):
        if not _TOKEN.fullmatch(name):
            raise ValueError(f"{name!r} is not a header's name")
        if _BREAKS_A_LINE.search(value):
            raise ValueError(f"the value of the header {name} breaks its line")
