"""Alerts that are to be told, and the ways they are told on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from syndication.model.notice import Notice


class Notices(Protocol):
    def claim(self, way: str, now: datetime, *, limit: int, lease_seconds: float) -> Sequence[Notice]:
        """Take what is to be told on this way: alerts that began, and those told before that are over since."""
        ...

    def told(self, way: str, notices: Sequence[Notice], now: datetime) -> None: ...

    def put_off(self, way: str, notices: Sequence[Notice], *, detail: str, until: Sequence[datetime | None]) -> None:
        """They were not told: tried again then, each; None gives one up."""
        ...


class Way(Protocol):
    @property
    def name(self) -> str:
        """As the rows keep it: "mail", "webhook"."""
        ...

    def tell(self, notices: Sequence[Notice], now: datetime) -> str:
        """Tell them all at once; answers why it could not be done, empty when it was. Never raises for the far side."""
        ...
