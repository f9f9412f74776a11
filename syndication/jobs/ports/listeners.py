"""Who is told when a document changes: listeners of our own hub, and hubs of others."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from syndication.model.feed import FeedDocument
from syndication.model.listener import Ask, Listener


class Listeners(Protocol):
    """Raises StoreError when it cannot be reached."""

    def waits(self, hubs: Sequence[str], now: datetime) -> bool:
        """Whether anybody is to be verified, told or forgotten, or one of these hubs of others to be told."""
        ...

    def ask(self, ask: Ask, *, host: str, now: datetime) -> bool:
        """Write it down to be verified. False: too many wait already, of this host or of all."""
        ...

    def document(self, topic: str) -> FeedDocument | None:
        """The document of ours that goes by this name, as it stands."""
        ...

    def to_verify(self, now: datetime, *, limit: int, lease_seconds: float) -> Sequence[Listener]:
        """Take those whose wish is to be verified: nobody else takes them meanwhile."""
        ...

    def verified(self, listener: Listener, *, lease_until: datetime, now: datetime) -> None:
        """What was asked holds: told until then, or told no more."""
        ...

    def refused(self, listener: Listener, *, again_at: datetime | None, now: datetime) -> None:
        """The callback did not say yes. Asked again then; None: what was asked is forgotten, what held before holds."""
        ...

    def to_tell(self, now: datetime, *, limit: int, lease_seconds: float) -> Sequence[Listener]:
        """Take those who have not been told of their document as it stands."""
        ...

    def told(self, listener: Listener, etag: str, now: datetime) -> None: ...

    def failed(self, listener: Listener, *, again_at: datetime | None, now: datetime) -> None:
        """Told again then; None: the listener is forgotten."""
        ...

    def expire(self, now: datetime) -> int:
        """Forget listeners whose lease is over. How many."""
        ...

    def to_ping(self, hub: str, now: datetime, *, limit: int, lease_seconds: float) -> Sequence[tuple[str, str, int]]:
        """Take documents that a hub of others was not told of as they stand: topic, etag, failures in a row."""
        ...

    def pinged(self, hub: str, topic: str, etag: str, *, again_at: datetime | None) -> None:
        """The hub knows it as it stands; or it failed, and is told again then."""
        ...
