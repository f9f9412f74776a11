"""What hosts ask of robots, remembered."""

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from syndication.model.manners import Manners


class Hosts(Protocol):
    def known(self, origins: Collection[str]) -> Mapping[str, Manners]:
        """What was kept of these, old or not."""
        ...

    def keep(self, learned: Iterable[Manners]) -> None: ...
