"""Who reads what, by whose consent, and the service mail that consent needs."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from syndication.model.choice import Cadence
from syndication.model.delivery import BatchState
from syndication.model.newsletter import Newsletter
from syndication.model.service_mail import ServiceMail
from syndication.model.subscriber import Consent, EmailAddress, Subscriber, Subscription, SubscriptionState


class Desk(Protocol):
    """The registry inside one transaction."""

    def newsletters(self) -> Sequence[Newsletter]: ...

    def suppressed(self, address_hash: str) -> frozenset[int]:
        """Ids of the newsletters that this address must not get; 0 among them means all."""
        ...

    def enter(
        self, address: EmailAddress, *, address_hash: str, locale: str, zone: str, now: datetime
    ) -> tuple[Subscriber, bool]:
        """The subscriber of this address, found or made, and whether it was made now."""
        ...

    def subscriptions(self, subscriber_id: int) -> Sequence[Subscription]: ...

    def subscription(self, id: int) -> Subscription | None: ...

    def ask(
        self,
        subscriber_id: int,
        newsletter_id: int,
        *,
        state: SubscriptionState,
        cadence: Cadence,
        consent: Consent,
        now: datetime,
    ) -> Subscription:
        """Write that it was asked for. A confirmed one keeps its cadence and its proof of consent."""
        ...

    def confirm(self, id: int, *, network_hash: str, now: datetime) -> None:
        """Move it to confirmed and add to its proof when, and from where, the mailbox said yes."""
        ...

    def leave(self, id: int, now: datetime) -> bool:
        """Move it to unsubscribed, unless it was confirmed after `now`. True when that changed something."""
        ...

    def post(self, *, purpose: str, kind: str, subscriber_id: int, now: datetime) -> bool:
        """Owe a service mail. False when one of this purpose is written already."""
        ...

    def note(self, action: str, subject: str, now: datetime) -> None:
        """A line in the audit log. Never an address."""
        ...


class Registry(Protocol):
    """Raises StoreError when it cannot be reached."""

    def reading(self) -> AbstractContextManager[Desk]: ...

    def writing(self) -> AbstractContextManager[Desk]:
        """All or nothing: committed on leaving, and on disk then."""
        ...


class Letters(Protocol):
    """Service mail that is owed, with the same states as a batch."""

    def claim(self, now: datetime, lease_seconds: float) -> ServiceMail | None:
        """Take the oldest one due: sending, one attempt more, a new token, a lease. None when nothing is due."""
        ...

    def record(
        self,
        mail: ServiceMail,
        state: BatchState,
        *,
        now: datetime,
        detail: str = "",
        provider_ref: str = "",
        next_try_at: datetime | None = None,
    ) -> bool:
        """Write what came of it. False, and nothing is written, when the claim is no longer ours."""
        ...

    def expire(self, now: datetime, *, repeatable: bool) -> int:
        """Claims whose lease ran out: planned again when a repeat changes nothing, else uncertain. How many."""
        ...
