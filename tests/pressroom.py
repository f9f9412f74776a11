"""A whole press room of real parts for tests: stories, readers, press, ledger, journal, and an outbox that behaves.

`Provider` keeps what it accepted, as a provider does, and can be told to answer otherwise.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from syndication.jobs import compose
from syndication.jobs.compose import Desk
from syndication.jobs.letterhead import Letterhead
from syndication.jobs.send import Mailroom
from syndication.model.choice import Cadence
from syndication.model.delivery import Outcome, Sender, Submission, Verdict
from syndication.model.edition import Edition, EditionState
from syndication.model.subscriber import EmailAddress
from syndication.rendering import Renderer
from syndication.storage import editions
from syndication.storage.batches import Ledger
from syndication.storage.database import Database
from syndication.storage.journal import Journal
from syndication.storage.press import Press
from syndication.storage.schema import subscriber, subscription, suppression
from tests.builders import NOW, a_publication, put_article, put_publication

KEY = b"a key for tests"
START = NOW + timedelta(hours=12)
TEMPLATES = Path(__file__).parent.parent / "templates"


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


Answer = Callable[[Submission], Outcome]


@dataclass
class Provider:
    """Accepts whatever it is offered, once `answers` (one for each call) are used up, and keeps who it was for."""

    batch_size: int = 3
    calls_at_once: int = 1
    repeatable: bool = False
    total_seconds: float = 60.0
    name: str = "provider"
    answers: list[Answer] = field(default_factory=list)
    accepted: list[Submission] = field(default_factory=list)
    before: Callable[[Submission], None] = lambda submission: None

    def submit(self, submission: Submission) -> Outcome:
        self.before(submission)
        answer = self.answers.pop(0) if self.answers else self.accept
        return answer(submission)

    def accept(self, submission: Submission) -> Outcome:
        self.accepted.append(submission)
        return Outcome(Verdict.ACCEPTED, provider_ref=f"ref-{len(self.accepted)}", status=202)

    def accept_in_silence(self, submission: Submission) -> Outcome:
        self.accepted.append(submission)
        return Outcome(Verdict.UNCERTAIN, detail="the connection was cut", phase="awaiting-status")

    @property
    def got(self) -> Counter[int]:
        """How often each subscriber was mailed."""
        return Counter(one.subscriber_id for submission in self.accepted for one in submission.recipients)


def refuse(verdict: Verdict, **given: Any) -> Answer:
    return lambda submission: Outcome(
        verdict, detail=given.pop("detail", f"so answers the provider: {verdict}"), **given
    )


class PressRoom:
    """One newsletter "morning" with stories and readers, on the database given."""

    def __init__(self, database: Database, directory: Path, *, readers: int = 0, stories: int = 2, **newsletter: Any):
        self.database = database
        self.clock = Clock()
        self.press = Press(database)
        self.ledger = Ledger(database)
        self.journal = Journal(directory / "journal")
        self.provider = Provider()
        self.publication = a_publication()
        self.letterhead = Letterhead(
            sender=Sender("Sound & Shore", EmailAddress.parse("desk@example.org")),
            publication=self.publication,
            key=KEY,
            unsubscribe_url=lambda id: f"https://news.example.org/unsubscribe/{id}",
            message_id_domain="news.example.org",
        )
        self.desk = Desk(self.press, Renderer([TEMPLATES]).email, self.publication, self.clock)
        self._publish(newsletter)
        self.stories = [self.story() for _ in range(stories)]
        self.readers = self.subscribe(readers)

    def _publish(self, newsletter: dict[str, Any]) -> None:
        from tests.builders import a_newsletter

        with self.database.write() as connection:
            put_publication(connection, newsletters=[a_newsletter(id=0, **newsletter)])

    def story(self, **given: Any) -> int:
        given.setdefault("first_seen_at", self.clock() - timedelta(seconds=1))
        with self.database.write() as connection:
            return put_article(connection, **given)

    def subscribe(self, number: int, **given: Any) -> list[int]:
        """So many confirmed readers of the daily stream; answers their ids."""
        usual = {"state": "confirmed", "cadence": Cadence.DAILY.value, "confirmed_at": self.clock()}
        ids = []
        with self.database.write() as connection:
            first = connection.scalar(sa.select(sa.func.count()).select_from(subscriber)) or 0
            for n in range(first + 1, first + number + 1):
                address = EmailAddress.parse(f"reader{n}@readers.example")
                row = subscriber.insert().values(
                    address=address.text,
                    address_norm=address.norm,
                    address_hash=address.keyed_hash(KEY),
                    locale="en",
                    zone="UTC",
                    created_at=self.clock(),
                )
                id = connection.execute(row.returning(subscriber.c.id)).scalar_one()
                connection.execute(
                    subscription.insert().values(
                        subscriber_id=id,
                        newsletter_id=1,
                        choice={},
                        consent={},
                        requested_at=self.clock(),
                        **usual | given,
                    )
                )
                ids.append(id)
        return ids

    def leave(self, *ids: int) -> None:
        with self.database.write() as connection:
            connection.execute(
                subscription.update()
                .where(subscription.c.subscriber_id.in_(ids))
                .values(state="unsubscribed", unsubscribed_at=self.clock())
            )

    def suppress(self, *ids: int, reason: str = "complaint", scope: int = 0) -> None:
        with self.database.write() as connection:
            for hash in connection.scalars(sa.select(subscriber.c.address_hash).where(subscriber.c.id.in_(ids))).all():
                connection.execute(
                    suppression.insert().values(address_hash=hash, scope=scope, reason=reason, at=self.clock())
                )

    def planned(self) -> int:
        """An edition, assembled and planned; answers its id."""
        edition_id = compose.build_now("morning", self.desk)
        if self.state(edition_id) is EditionState.FROZEN:
            self.plan(edition_id)
        return edition_id

    def plan(self, edition_id: int) -> bool:
        return compose.plan(edition_id, self.press, self.clock, batch_size=self.provider.batch_size)

    @property
    def mailroom(self) -> Mailroom:
        return Mailroom(
            self.ledger,
            self.journal,
            self.provider,
            self.letterhead,
            self.clock,
            draw=lambda: 0.0,
            pause=lambda seconds: self.clock.forward(seconds=seconds),
        )

    def edition(self, edition_id: int) -> Edition:
        with self.database.read() as connection:
            found = editions.get(connection, edition_id)
        assert found is not None
        return found

    def state(self, edition_id: int) -> EditionState:
        return self.edition(edition_id).state

    def rows(self, query: sa.Select[Any]) -> Sequence[Any]:
        with self.database.read() as connection:
            return connection.execute(query).all()
