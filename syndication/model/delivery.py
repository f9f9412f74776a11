"""Batch: up to 1,000 readers offered to a provider in one call. Submission: that call. Outcome: what came of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from syndication.model.edition import Rendered
from syndication.model.route import Reserved
from syndication.model.subscriber import EmailAddress


class BatchState(StrEnum):
    PLANNED = "planned"
    SENDING = "sending"
    ACCEPTED = "accepted"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    HELD = "held"


class ExceptionKind(StrEnum):
    """Why one reader of a batch did not get what the others got; and what was told of it later."""

    SUPPRESSED = "suppressed"  # a suppression, at plan or at an attempt
    UNSUBSCRIBED = "unsubscribed"  # left between plan and attempt; counted as suppressed
    REFUSED = "refused"  # the provider refused this one
    # News, not another place in the ledger: the provider had accepted it.
    BOUNCED = "bounced"
    DROPPED = "dropped"
    COMPLAINED = "complained"


PLACES = (ExceptionKind.SUPPRESSED, ExceptionKind.UNSUBSCRIBED, ExceptionKind.REFUSED)
"""The kinds that are a reader's one place in the ledger."""


class Verdict(StrEnum):
    """What a submission came to, in our words. One call is accepted or refused as a whole."""

    ACCEPTED = "accepted"
    VALIDATED = "validated"  # the provider checked it and queued nothing (sandbox)
    DEFERRED = "deferred"  # definitely not accepted; try again after `retry_after_seconds`
    REFUSED = "refused"  # definitely not accepted, because of the recipients named (none named: unknown which)
    TOO_LARGE = "too large"  # definitely not accepted; smaller parts may be
    STOPPED = "stopped"  # definitely not accepted; our configuration or account is at fault: stop sending for all
    UNCERTAIN = "uncertain"  # may have been accepted


@dataclass(frozen=True, slots=True)
class Outcome:
    """`detail` is for a person; `phase` and `status` are the evidence as far as it goes."""

    verdict: Verdict
    detail: str = ""
    provider_ref: str = ""
    retry_after_seconds: float | None = None
    refused: tuple[tuple[int, str], ...] = ()
    """(position in the submission, the provider's reason), for REFUSED."""
    phase: str = ""
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a mail is from."""

    name: str
    address: EmailAddress
    reply_to: EmailAddress | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """One reader of a submission. `values` maps each whole tag (`{u-7f3a91}`) to its literal replacement."""

    subscriber_id: int
    address: EmailAddress
    delivery_id: str
    """Opaque keyed id of edition and subscriber: the same at every attempt, stored nowhere."""
    values: Mapping[str, str] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()
    """This reader's own: List-Unsubscribe, Message-ID."""
    return_path: str = ""
    """Where bounces of this one mail go, where the transport has a say in that; empty: to the sender's address."""


@dataclass(frozen=True, slots=True)
class Message:
    """What one person gets. Text is Unicode; the bytes are made, and checked, by `senders.mime`."""

    sender: Sender
    to: EmailAddress
    subject: str
    html: str
    text: str
    headers: tuple[tuple[str, str], ...] = ()
    date: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fence:
    """By this name the provider cancels what it was given under it, as long as it keeps that back: until `at`."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Submission:
    """One provider call: one content, one recipient or many, the attempt it belongs to."""

    attempt_id: str
    """Opaque, unique for each attempt; comes back in every event of it."""
    sender: Sender
    content: Rendered
    recipients: tuple[Recipient, ...]
    headers: tuple[tuple[str, str], ...] = ()
    """Common to all: List-Id, List-Unsubscribe-Post, Feedback-ID, Auto-Submitted, Precedence."""
    category: str = ""
    """ASCII, not personal: the newsletter's slug."""
    date: datetime | None = None
    fence: Fence | None = None

    def only(self, subscriber_ids: Collection[int]) -> "Submission":
        """The same call to these recipients and no others."""
        kept = tuple(recipient for recipient in self.recipients if recipient.subscriber_id in subscriber_ids)
        return self if len(kept) == len(self.recipients) else replace(self, recipients=kept)

    def message(self, position: int) -> Message:
        """The mail that the recipient at `position` gets: tags replaced literally, once, headers merged."""
        recipient = self.recipients[position]

        def fill(text: str) -> str:
            for tag, value in recipient.values.items():
                text = text.replace(tag, value)
            return text

        return Message(
            sender=self.sender,
            to=recipient.address,
            subject=fill(self.content.subject),
            html=fill(self.content.html),
            text=fill(self.content.text),
            headers=(*self.headers, *recipient.headers),
            date=self.date,
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """A batch that this worker may send until `lease_until`, under this token and no other."""

    edition_id: int
    n: int
    attempt: int
    attempt_id: str
    token: int
    lease_until: datetime
    content_id: int
    recipient_ids: tuple[int, ...]
    """Subscriber ids, in manifest order, less the exceptions."""
    places: tuple[int, ...] = ()
    """Where each of them stands in the manifest."""
    deferred_since: datetime | None = None
    """When its readers were first put off, message by message; None: they were not."""
    transport: str = ""
    """By which it goes."""
    rest_times: int = 0
    """How often in a row that transport had put us off before."""
    reserved: Reserved | None = None
    """What was counted of the transport's day; None: nothing has to be."""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch as the ledger shows it."""

    edition_id: int
    n: int
    state: BatchState
    count: int
    attempt: int
    provider_ref: str
    detail: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Spooled:
    """A mail in the spool, as a listing shows it: headers decoded, `to` the bare address, `size_bytes` of the file."""

    id: str
    subject: str
    sender: str
    to: str
    date: datetime
    size_bytes: int
