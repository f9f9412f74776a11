"""Read what came back by mail: bounces, complaints, wishes to leave. Act, then take the mail away. Twice is once.

A mail is done with only after what it says is on disk, so a kill between means that it is read again, which changes
nothing. What is not understood is left for a person, and nobody is answered.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from syndication.deliveries import bounces, returned
from syndication.deliveries.returned import Returned, ReturnedKind
from syndication.deliveries.returns import Returns
from syndication.errors import StoreError
from syndication.jobs import setbacks, subscribe
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.journal import Journal
from syndication.jobs.ports.mailbox import Mailbox
from syndication.jobs.ports.registry import Registry
from syndication.jobs.ports.setbacks import Setbacks
from syndication.model.setback import Setback, SetbackKind

log = logging.getLogger(__name__)

MAILS_MAX = 500
"""As many are read in one round."""


@dataclass(frozen=True, slots=True)
class Postman:
    """`address_key` hashes addresses; `own_lists` is how the List-Id of our own mail ends."""

    mailbox: Mailbox
    returns: Returns
    setbacks: Setbacks
    registry: Registry
    journal: Journal
    address_key: bytes
    clock: Clock
    own_lists: str = ""

    def run(self, *, stopping: Callable[[], bool] = lambda: False) -> Counter[str]:
        """One round; answers how many of each kind came. Raises StoreError when records or mailbox fail."""
        counts: Counter[str] = Counter()
        try:
            for name, mail in self.mailbox.waiting(MAILS_MAX):
                if stopping():
                    break
                kind = self._take(name, mail)
                self.mailbox.done(name, understood=kind is not ReturnedKind.OTHER)
                counts[kind.value] += 1
        finally:
            self.mailbox.close()
        if counts:
            log.info("returned %s", dict(counts))
        return counts

    def _take(self, name: str, mail: bytes) -> ReturnedKind:
        """One mail. Whatever is wrong with it, the others behind it do not wait for that."""
        try:
            found = returned.read(mail, self.returns, self.own_lists)
            self._act(found, self.clock())
        except StoreError:
            raise
        except Exception:
            log.exception("a returned mail is left for a person name=%s", name)
            return ReturnedKind.OTHER
        return found.kind

    def _act(self, found: Returned, now: datetime) -> None:
        if found.token is None or found.kind is ReturnedKind.OTHER:
            return
        if found.kind is ReturnedKind.LEAVE:
            # It may have waited for us: whoever said yes again since then has not left.
            subscribe.unsubscribe(
                found.token.first,
                registry=self.registry,
                journal=self.journal,
                key=self.address_key,
                now=now,
                wished_at=min(found.at or now, now),
            )
            return
        kind = SetbackKind.COMPLAINT
        if found.kind is ReturnedKind.BOUNCE:
            kind = bounces.kind_of(found.status, found.text)
        detail = bounces.told(f"{found.status} {found.text}".strip())
        setbacks.take(
            self.setbacks,
            self.journal,
            found.token.second,
            Setback(kind, now, f"edition:{found.token.first}", detail),
            newsletter_id=None,
            now=now,
            actor="mail",
        )
