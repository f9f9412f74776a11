"""The roll of sources, as those who add to it need it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from syndication.model.enrol import Applicant


class Roll(Protocol):
    def addresses(self) -> Sequence[tuple[str, str]]:
        """Each source's address and name."""
        ...

    def topics(self) -> Mapping[str, str]:
        """The publication's topics: slug by slug, and by title in small letters."""
        ...

    def add(self, applicants: Sequence[Applicant], now: datetime) -> Sequence[str]:
        """Add them all or none, and answer their names. Raises PolicyError, NotFoundError."""
        ...
