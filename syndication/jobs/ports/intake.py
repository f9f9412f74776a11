"""What taking in a list of readers asks of the store."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from syndication.model.intake import Applicant, Standing


class IntakePage(Protocol):
    """One transaction, with a group of rows in it."""

    newsletter_id: int

    def lay_out(self, rows: Iterable[tuple[Applicant, str, str]]) -> None:
        """Rows with the keyed hash of their address and their proof of consent, to be joined with what is stored."""

    def standings(self, now: datetime) -> Mapping[int, Standing]:
        """By line, of those that are known here or suppressed. `now` is when this list began to be taken in."""

    def strike(self, lines: Sequence[int]) -> None:
        """Let go of rows: nothing is written of them."""

    def write(self, suppressions: Mapping[str, str], now: datetime) -> None:
        """Write what is left: subscribers, subscriptions, and suppressions with a reason for each word."""

    def note(self, actor: str, detail: str, now: datetime) -> None: ...


class Intake(Protocol):
    def writing(self) -> AbstractContextManager[IntakePage]: ...
