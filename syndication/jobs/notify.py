"""Send the service mail that is owed: claim, write, offer once, record. The same states as a batch of an edition.

What is owed is decided when a reader asks; what the mail says is decided when it leaves, from what is true then. A mail
with nothing left to say, or to a mailbox that is suppressed by now, is not sent.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syndication.deliveries.personalize import (
    SERVICE_HEADERS,
    Tags,
    recipient,
    service_delivery_id,
)
from syndication.errors import RenderError
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.outbox import Outbox
from syndication.jobs.ports.registry import Letters, Registry
from syndication.jobs.subscribe import Waiting, waiting
from syndication.model.delivery import BatchState, Outcome, Sender, Submission, Verdict
from syndication.model.edition import Rendered
from syndication.model.feed import Publication
from syndication.model.service_mail import ServiceMail
from syndication.model.subscriber import SubscriptionState
from syndication.rendering import Mail
from syndication.subscribers.consent import Letter
from syndication.subscribers.sign import Purpose, Signer

log = logging.getLogger(__name__)

LEASE_SPARE_SECONDS = 60.0
ATTEMPTS_MAX = 12
"""With the waits below, about a day and a half; after that the reader may simply ask again."""
WAIT_SECONDS_FIRST, WAIT_SECONDS_MAX = 30.0, 4 * 3600.0
STOPPED_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Notified:
    """What one round did. `stopped` says why the transport takes no mail at all, empty when it does."""

    accepted: int = 0
    put_off: int = 0
    failed: int = 0
    uncertain: int = 0
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class Notifier:
    """What service mail is made with. `message_id_domain` and `key` as for editions."""

    registry: Registry
    letters: Letters
    outbox: Outbox
    email: Callable[..., Mail]
    signer: Signer
    publication: Publication
    sender: Sender
    key: bytes
    address_key: bytes
    """By which addresses are hashed for suppression."""
    message_id_domain: str

    def run(self, *, clock: Clock, stopping: Callable[[], bool] = lambda: False, limit: int = 1000) -> Notified:
        """Send what is due until nothing is, `stopping` says so or the transport refuses us."""
        self.letters.expire(clock(), repeatable=self.outbox.repeatable)
        done = Notified()
        for _ in range(limit):
            mail = None if stopping() or done.stopped else self.letters.claim(clock(), self._lease_seconds)
            if mail is None:
                break
            done = self._count(done, *self._one(mail, clock))
        return done

    @property
    def _lease_seconds(self) -> float:
        return self.outbox.total_seconds + LEASE_SPARE_SECONDS

    def _one(self, mail: ServiceMail, clock: Clock) -> tuple[BatchState, Outcome]:
        outcome = self._offer(mail, clock())
        now = clock()
        state, wait = after(outcome, attempt=mail.attempt, repeatable=self.outbox.repeatable)
        ours = self.letters.record(
            mail,
            state,
            now=now,
            detail=outcome.detail,
            provider_ref=outcome.provider_ref,
            next_try_at=None if wait is None else now + timedelta(seconds=wait),
        )
        log.info("message=%d attempt=%d state=%s ours=%s", mail.id, mail.attempt, state.value, ours)
        return state, outcome

    def _offer(self, mail: ServiceMail, now: datetime) -> Outcome:
        try:
            submission = self._submission(mail, now)
        except RenderError as error:
            return Outcome(Verdict.DEFERRED, detail=str(error))  # until its template is mended
        if submission is None:
            return Outcome(Verdict.REFUSED, detail="not sent: nothing is left to say to this mailbox")
        return self.outbox.submit(submission)

    def _submission(self, mail: ServiceMail, now: datetime) -> Submission | None:
        subscriber = mail.subscriber
        told = self._told(mail)
        if not told:
            return None
        delivery_id = service_delivery_id(self.key, mail.purpose)
        to = recipient(
            subscriber_id=subscriber.id,
            address=subscriber.address,
            delivery_id=delivery_id,
            message_id_domain=self.message_id_domain,
            unsubscribe_url="",
            tags=Tags(delivery_id[:12]),
        )
        return Submission(
            attempt_id=f"message-{mail.id}-{mail.attempt}",
            sender=self.sender,
            content=self._written(mail, told, nonce=delivery_id[:12]),
            recipients=(to,),
            headers=(*SERVICE_HEADERS, ("Content-Language", self.publication.language)),
            category=mail.kind,
            date=now,
        )

    def _told(self, mail: ServiceMail) -> tuple[Waiting, ...]:
        """What the mail is about: what waits for a yes, or what stands. Nothing, for a suppressed mailbox."""
        wanted = SubscriptionState.PENDING if mail.kind == Letter.CONFIRM else SubscriptionState.CONFIRMED
        with self.registry.reading() as desk:
            closed = desk.suppressed(mail.subscriber.address.keyed_hash(self.address_key))
        return tuple(
            item
            for item in waiting(mail.subscriber.id, registry=self.registry)
            if item.subscription.state is wanted and 0 not in closed and item.newsletter.id not in closed
        )

    def _written(self, mail: ServiceMail, told: tuple[Waiting, ...], *, nonce: str) -> Rendered:
        base = self.publication.base_url
        written = self.email(
            mail.kind,
            publication=self.publication,
            address=mail.subscriber.address.text,
            asked_at=mail.created_at,
            newsletters=[item.newsletter for item in told],
            confirm_url=f"{base}/confirm/{self.signer.token(Purpose.CONFIRM, mail.subscriber.id)}",
            leave_urls=[
                f"{base}/unsubscribe/{self.signer.token(Purpose.UNSUBSCRIBE, item.subscription.id)}" for item in told
            ],
        )
        return Rendered(subject=written.subject, preheader="", html=written.html, text=written.text, nonce=nonce)

    @staticmethod
    def _count(done: Notified, state: BatchState, outcome: Outcome) -> Notified:
        if outcome.verdict is Verdict.STOPPED:
            return replace(done, put_off=done.put_off + 1, stopped=outcome.detail or "the provider refuses our mail")
        name = {
            BatchState.ACCEPTED: "accepted",
            BatchState.PLANNED: "put_off",
            BatchState.UNCERTAIN: "uncertain",
        }.get(state, "failed")
        return replace(done, **{name: getattr(done, name) + 1})


def after(outcome: Outcome, *, attempt: int, repeatable: bool) -> tuple[BatchState, float | None]:
    """The state that an outcome leads to, and how long to wait before the next attempt (None: there is none)."""
    match outcome.verdict:
        case Verdict.ACCEPTED:
            return BatchState.ACCEPTED, None
        case Verdict.VALIDATED:
            return BatchState.HELD, None  # a sandbox looked at it; nobody was mailed, and nobody will be
        case Verdict.STOPPED:
            return BatchState.PLANNED, STOPPED_SECONDS
        case Verdict.DEFERRED:
            return _again(attempt, outcome.retry_after_seconds)
        case Verdict.UNCERTAIN:
            return _again(attempt, None) if repeatable else (BatchState.UNCERTAIN, None)
        case Verdict.REFUSED | Verdict.TOO_LARGE:
            return BatchState.FAILED, None


def _again(attempt: int, asked_seconds: float | None) -> tuple[BatchState, float | None]:
    if attempt >= ATTEMPTS_MAX:
        return BatchState.FAILED, None
    wait = min(WAIT_SECONDS_FIRST * 2 ** (attempt - 1), WAIT_SECONDS_MAX)
    return BatchState.PLANNED, max(wait, asked_seconds or 0.0)
