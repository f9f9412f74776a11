"""Leases at the hubs that tell of partners' changes."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from syndication.model.hub import Lease


class HubDesk(Protocol):
    """The leases inside one transaction."""

    def lease(self, callback: str) -> Lease | None:
        """The one whose address ends so."""
        ...

    def asking(self, lease: Lease, *, next_try_at: datetime) -> None:
        """We are about to ask: one more failure, until the hub calls back. One that is active stays so."""
        ...

    def not_taken(self, lease: Lease, *, for_now: bool) -> None:
        """The hub did not take the request, for now or for a long time."""
        ...

    def granted(self, lease: Lease, *, until: datetime, renew_at: datetime) -> None: ...

    def denied(self, lease: Lease, *, next_try_at: datetime) -> None: ...

    def told(self, lease: Lease, now: datetime) -> bool:
        """Let its source be polled soon; answers whether it was not due already."""
        ...


class Hubs(Protocol):
    def due(self, now: datetime, *, limit: int) -> Sequence[Lease]:
        """Those to be asked for, renewed, or asked for again."""
        ...

    def writing(self) -> AbstractContextManager[HubDesk]: ...
