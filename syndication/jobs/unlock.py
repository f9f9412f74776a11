"""The way out, for sources that need credentials: it adds them to what goes out, and takes them off what comes back.

A source whose credentials cannot be had is not asked at all: its answer is a Failure in words. The others go on.
"""

from collections.abc import Callable, Iterable, Iterator

from syndication.errors import SettingsError
from syndication.jobs.ports.exchange import Exchange
from syndication.model.credential import Credential
from syndication.model.exchange import Answer, Failure, FailureKind, Phase, Request
from syndication.model.source import Source
from syndication.sources.unlock import unlock, veil

Keys = Callable[[str], Credential]
"""The credential of that name. Raises SettingsError when there is none, or none that can be read."""


def no_keys(name: str) -> Credential:
    raise SettingsError(f"the credentials {name!r} are not set")


def unlocked(exchange: Exchange, sources: Iterable[Source], keys: Keys) -> Exchange:
    """`exchange` for requests to these sources: `key` is a source's id, or begins with it."""
    locked = {source.id: source for source in sources if source.credentials}
    return Unlocked(exchange, locked, keys) if locked else exchange


class Unlocked:
    def __init__(self, exchange: Exchange, locked: dict[int, Source], keys: Keys) -> None:
        self._exchange = exchange
        self._locked = locked
        self._keys = keys

    def fetch(self, request: Request) -> Answer | Failure:
        opened = self._open(request)
        if isinstance(opened, Failure):
            return opened
        sent, credential = opened
        return _veiled(self._exchange.fetch(sent), credential)

    def fetch_all(self, requests: Iterable[Request]) -> Iterator[tuple[Request, Answer | Failure]]:
        going: dict[int, tuple[Request, Request, Credential | None]] = {}
        for request in requests:
            opened = self._open(request)
            if isinstance(opened, Failure):
                yield request, opened
            else:
                going[id(opened[0])] = (opened[0], request, opened[1])
        for sent, outcome in self._exchange.fetch_all(sent for sent, _, _ in going.values()):
            _, request, credential = going[id(sent)]
            yield request, _veiled(outcome, credential)

    def _open(self, request: Request) -> tuple[Request, Credential | None] | Failure:
        source = self._locked.get(_source_id(request))
        if source is None:
            return request, None
        try:
            credential = self._keys(source.credentials)
        except SettingsError as error:
            return Failure(request.url, FailureKind.REFUSED, Phase.JUDGED, str(error))
        return unlock(request, credential, source_url=source.url), credential


def _source_id(request: Request) -> int:
    found = request.key[0] if isinstance(request.key, tuple) else request.key
    return found if isinstance(found, int) else 0


def _veiled(outcome: Answer | Failure, credential: Credential | None) -> Answer | Failure:
    return veil(outcome, credential) if credential else outcome
