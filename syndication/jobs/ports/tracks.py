"""What became of each reader's mail."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from syndication.model.event import BitKind
from syndication.model.track import Roll, Said


class Tracks(Protocol):
    def told(self, edition_id: int) -> Mapping[BitKind, int]:
        """How many of its readers events told each thing of."""
        ...

    def rolls(self, edition_id: int) -> Iterator[tuple[Sequence[Roll], Mapping[int, Sequence[Said]]]]:
        """Batches in order, some at a time, with the exceptions of their readers."""
        ...

    def left_out(self, edition_id: int) -> Mapping[int, Sequence[Said]]:
        """Exceptions of readers in no batch, among them those who were left out at plan."""
        ...

    def addresses(self, ids: Collection[int]) -> Mapping[int, str]: ...
