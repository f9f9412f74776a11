"""Open alerts -> the operator, by mail or webhook: once while each lasts, and once more when it is over.

What waits is told together, so that a bad night is one mail and not a hundred. What could not be told is tried again,
ever more rarely; being told twice does no harm, not being told at all does.
"""

import hmac
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from syndication.deliveries.personalize import SERVICE_HEADERS, Tags, recipient, service_delivery_id
from syndication.errors import RenderError
from syndication.jobs.ports.bell import Notices, Way
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.exchange import Exchange
from syndication.jobs.ports.outbox import Outbox
from syndication.model.delivery import Sender, Submission, Verdict
from syndication.model.edition import Rendered
from syndication.model.exchange import Failure, Request
from syndication.model.feed import Publication
from syndication.model.notice import Notice
from syndication.model.subscriber import EmailAddress
from syndication.rendering import Mail

TOGETHER_MAX = 100
LEASE_SECONDS = 180.0
ATTEMPTS_MAX = 24
"""With the waits below, some three days; after that `status` alone shows it."""
WAIT_FIRST, WAIT_MAX = timedelta(minutes=1), timedelta(hours=4)
HOOK_SECONDS = 20.0
SIGNATURE = "Syndication-Signature"

log = logging.getLogger(__name__)


def tell(*, notices: Notices, ways: Sequence[Way], clock: Clock, stopping: Callable[[], bool] = lambda: False) -> int:
    """One round on every way; answers how many notices were told. One way that fails keeps no other waiting."""
    return sum(_tell(notices, way, clock, stopping) for way in ways)


def _tell(notices: Notices, way: Way, clock: Clock, stopping: Callable[[], bool]) -> int:
    told = 0
    while not stopping():
        waiting = notices.claim(way.name, clock(), limit=TOGETHER_MAX, lease_seconds=LEASE_SECONDS)
        if not waiting:
            break
        why = way.tell(waiting, clock())
        if why:
            log.warning("alerts not told", extra={"way": way.name, "count": len(waiting), "error": why})
            notices.put_off(way.name, waiting, detail=why, until=[_again(notice, clock()) for notice in waiting])
            break
        notices.told(way.name, waiting, clock())
        log.info("alerts told", extra={"way": way.name, "count": len(waiting)})
        told += len(waiting)
    return told


def _again(notice: Notice, now: datetime) -> datetime | None:
    if notice.attempt >= ATTEMPTS_MAX:
        return None
    wait: timedelta = min(WAIT_FIRST * 2 ** min(notice.attempt - 1, 20), WAIT_MAX)
    return now + wait


@dataclass(frozen=True, slots=True)
class ByMail:
    """A mail to the operator, over the transport that all mail leaves by."""

    to: EmailAddress
    outbox: Outbox
    email: Callable[..., Mail]
    sender: Sender
    publication: Publication
    key: bytes
    name: str = "mail"

    def tell(self, notices: Sequence[Notice], now: datetime) -> str:
        purpose = "alert:" + ",".join(f"{notice.alert_id}{'x' if notice.over else ''}" for notice in notices)
        delivery_id = service_delivery_id(self.key, purpose)
        try:
            written = self._written(notices)
        except RenderError as error:
            return str(error)
        to = recipient(
            subscriber_id=0,
            address=self.to,
            delivery_id=delivery_id,
            message_id_domain=self.sender.address.domain,
            unsubscribe_url="",
            tags=Tags(delivery_id[:12]),
        )
        outcome = self.outbox.submit(
            Submission(
                attempt_id=f"alert-{notices[0].alert_id}-{notices[0].attempt}",
                sender=self.sender,
                content=Rendered(
                    subject=written.subject,
                    preheader="",
                    html=written.html,
                    text=written.text,
                    nonce=delivery_id[:12],
                ),
                recipients=(to,),
                headers=(*SERVICE_HEADERS, ("Content-Language", "en")),
                category="alert",
                date=now,
            )
        )
        return "" if outcome.verdict in (Verdict.ACCEPTED, Verdict.VALIDATED) else outcome.detail or outcome.verdict

    def _written(self, notices: Sequence[Notice]) -> Mail:
        return self.email(
            "alert",
            publication=self.publication,
            begun=[notice for notice in notices if not notice.over],
            over=[notice for notice in notices if notice.over],
        )


@dataclass(frozen=True, slots=True)
class ByHook:
    """A POST of JSON to the operator's own address, signed when there is a key. It follows no redirect (WEB-09)."""

    url: str
    exchange: Exchange
    publication: Publication
    key: bytes = b""
    name: str = "webhook"

    def tell(self, notices: Sequence[Notice], now: datetime) -> str:
        body = orjson.dumps(
            {
                "publication": self.publication.title,
                "service": self.publication.base_url,
                "at": now,
                "alerts": [_told(notice) for notice in notices],
            }
        )
        answer = self.exchange.fetch(
            Request(
                self.url,
                method="POST",
                headers=(("Content-Type", "application/json"), *self._signed(body)),
                body=body,
                redirects_max=0,
                body_bytes_max=64 * 1024,
                total_seconds=HOOK_SECONDS,
            )
        )
        if isinstance(answer, Failure):
            return f"{answer.kind.value}: {answer.detail}"
        return "" if 200 <= answer.status < 300 else f"the webhook answers with status {answer.status}"

    def _signed(self, body: bytes) -> tuple[tuple[str, str], ...]:
        if not self.key:
            return ()
        return ((SIGNATURE, f"sha256={hmac.digest(self.key, body, 'sha256').hex()}"),)


def _told(notice: Notice) -> dict[str, object]:
    return {
        "key": notice.key,
        "state": "resolved" if notice.over else "open",
        "text": notice.text,
        "since": notice.at,
        "resolved_at": notice.resolved_at,
    }
