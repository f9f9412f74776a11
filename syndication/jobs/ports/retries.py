"""Readers who were refused, and their second chance."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from syndication.jobs.ports.ledger import LedgerPage
from syndication.model.edition import Edition
from syndication.model.event import BitKind
from syndication.model.ledger import Parcel
from syndication.model.refusal import Refusal


class RetryPage(LedgerPage, Protocol):
    def refusals(self, edition_id: int) -> Sequence[Refusal]:
        """Who was refused in batches that are over, in order of batch and reader."""
        ...

    def bits(self, edition_id: int, n: int) -> Mapping[BitKind, bytes]:
        """What events told of the batch. Nobody adds to it until this transaction ends."""
        ...

    def shrink(self, edition_id: int, n: int, parcel: Parcel, bits: Mapping[BitKind, bytes]) -> None:
        """The batch keeps these readers, and what was told of them at their new places."""
        ...

    def add_batch(self, edition_id: int, parcel: Parcel, *, like: int, now: datetime) -> int:
        """A new batch, planned, with the content of the batch `like`. Answers its number."""
        ...

    def replan(self, edition_id: int, n: int, now: datetime) -> None:
        """The batch as a whole is offered again."""
        ...

    def forget_refusals(self, edition_id: int, subscriber_ids: Collection[int]) -> None:
        """Their place in the ledger is their batch's again."""
        ...

    def reopen(self, edition: Edition, now: datetime) -> None:
        """settled -> sending."""
        ...


class Retries(Protocol):
    def reading(self) -> AbstractContextManager[RetryPage]: ...

    def writing(self) -> AbstractContextManager[RetryPage]: ...
