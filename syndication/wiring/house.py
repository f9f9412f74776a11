"""A House is what one process has of the service: the two parts of `run` have one each, every command has one. What
touches the world on being opened (the database, the journal, the key) is opened late, so that a command that needs
less can work with less. The parts themselves are imported late too: a listing has no need of a mail builder, and a
command that answers at once is used more often.
"""

import hmac
import logging
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from syndication import __version__, logs
from syndication.errors import SettingsError, StoreError
from syndication.settings import service
from syndication.settings.given import given
from syndication.settings.service import Settings
from syndication.wiring.clock import now
from syndication.wiring.key import KEY_LENGTH_MIN, kept_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syndication.deliveries.returns import Returns
    from syndication.engine.assistant import Assistant
    from syndication.engine.local import LocalEngine
    from syndication.engine.wake import Waker
    from syndication.jobs.compose import Desk
    from syndication.jobs.doubt import Vigil
    from syndication.jobs.drain import Drain
    from syndication.jobs.letterhead import Letterhead
    from syndication.jobs.notify import Notifier
    from syndication.jobs.ports.bell import Way
    from syndication.jobs.ports.doubts import Witness
    from syndication.jobs.ports.outbox import Outbox
    from syndication.jobs.ports.tasks import TaskPort
    from syndication.jobs.returned import Postman
    from syndication.jobs.send import Mailroom
    from syndication.model.credential import Credential
    from syndication.model.delivery import Sender
    from syndication.model.feed import Publication
    from syndication.model.newsletter import Newsletter
    from syndication.model.publication import Declared
    from syndication.outbound.address import AddressPolicy
    from syndication.outbound.transport import Transport
    from syndication.rendering import Renderer
    from syndication.schedule import AlarmClock
    from syndication.senders.sendgrid_events import Keys
    from syndication.senders.spool import Spool
    from syndication.settings.publication import PublicationFile
    from syndication.storage.archive import Archive
    from syndication.storage.batches import Ledger
    from syndication.storage.database import Database
    from syndication.storage.doubts import Doubts
    from syndication.storage.hub import Hubs
    from syndication.storage.image_files import ImageFiles
    from syndication.storage.images import Gallery
    from syndication.storage.journal import Journal
    from syndication.storage.library import Library
    from syndication.storage.manners import StoredManners
    from syndication.storage.notices import StoredNotices
    from syndication.storage.press import Press
    from syndication.storage.reserve import Reserve
    from syndication.storage.shelf import StoredShelf
    from syndication.storage.subscribers import Registry
    from syndication.subscribers.sign import Signer


TRANSPORT_SECRETS = ("sendgrid_api_key", "smtp_password")


class House:
    """Everything of one installation, by name. Close it when done."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.rehearsal = False
        """True, set before the database is opened: what is written there is undone at once, for `--dry-run`."""

    @classmethod
    def open(cls, config: Path | None = None, data: Path | None = None) -> "House":
        """Raises SettingsError; nothing is opened yet."""
        return cls(service.load(config, data))

    # -- what is declared

    @cached_property
    def declared(self) -> "Declared":
        return self._publication_file.declared

    @cached_property
    def publication(self) -> "Publication":
        return self._publication_file.publication

    @cached_property
    def _publication_file(self) -> "PublicationFile":
        return self._read(self.settings.publication_file)

    def read_publication(self, path: Path) -> None:
        """Take another file than the one that the settings name. Raises SettingsError."""
        self._publication_file = self._read(path)

    def _read(self, path: Path) -> "PublicationFile":
        from syndication.feeds.slices import with_slices
        from syndication.outbound.address import judge_url
        from syndication.settings import publication
        from syndication.sources.discover import own_output

        base_url = self.settings.service.base_url
        found = publication.load(path, base_url=base_url)
        for source in found.declared.sources:
            if why := judge_url(source.value.url) or own_output(source.value.url, base_url):
                what = f"{source.declared}: the address of source {source.value.slug!r} is not accepted"
                raise SettingsError(what, why=why)
        return replace(found, declared=with_slices(found.declared, found.publication.title))

    # -- memory

    def make_data(self) -> None:
        """The data directory, if it is not there: for its owner alone. Raises StoreError."""
        folder = self.settings.data
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"the data directory {folder} cannot be made",
                why=str(error.strerror),
                fix="name another with --data, or make it for the user who runs the service",
            ) from error

    @cached_property
    def database(self) -> "Database":
        """Open and of this version. Raises StoreError."""
        from syndication.storage.migrate import require_current

        require_current(self.bare_database)
        return self.bare_database

    @cached_property
    def bare_database(self) -> "Database":
        """Whatever state it is in: for `migrate` and `check`."""
        from syndication.storage.database import Database

        return Database(self.settings.database_url, rehearsal=self.rehearsal)

    @cached_property
    def journal(self) -> "Journal":
        from syndication.storage.journal import Journal

        return Journal(self.settings.data / "journal", make_room=self.reserve.give_up)

    @cached_property
    def reserve(self) -> "Reserve":
        """Disk space kept back for those who leave."""
        from syndication.storage.reserve import Reserve

        return Reserve(self.settings.data)

    @cached_property
    def key(self) -> bytes:
        """The secret that signs links and hashes addresses, from the environment or the data directory."""
        given_key = self.settings.secret("secret_key")
        if given_key and len(given_key) < KEY_LENGTH_MIN:
            raise SettingsError("the secret key is too short", why=f"it has fewer than {KEY_LENGTH_MIN} characters")
        return given_key.encode() if given_key else kept_key(self.settings.data, make=not self.rehearsal)

    @cached_property
    def signer(self) -> "Signer":
        from syndication.subscribers.sign import Signer

        return Signer((self._derived("links"),))

    @cached_property
    def address_key(self) -> bytes:
        """By this key an address is hashed for suppression and consent; it must outlive every change of the others."""
        return self._derived("addresses")

    def _derived(self, purpose: str) -> bytes:
        return hmac.digest(self.key, purpose.encode(), "sha256")

    # -- the ways out

    def judge_address(self, url: str) -> str | None:
        """Why an address is refused before any look-up, or None. Every connection is judged again."""
        return self._address_policy.judge_spelling(url)

    @cached_property
    def _address_policy(self) -> "AddressPolicy":
        from syndication.outbound.address import AddressPolicy

        return AddressPolicy(self.settings.outbound.allow)

    @cached_property
    def exchange(self) -> "Transport":
        from syndication.outbound.transport import Transport

        outbound = self.settings.outbound
        contact = outbound.contact or self.settings.service.base_url
        return Transport(
            self._address_policy,
            user_agent=f"Syndication/{__version__} (+{contact})",
            concurrency=outbound.concurrency,
            ca_file=outbound.ca_file or None,
            proxy=outbound.proxy or None,
        )

    def credential(self, name: str) -> "Credential":
        """What opens the sources that name it. Raises SettingsError."""
        from syndication.sources.unlock import read_secret

        secret = self.settings.secret(f"feed_{name}".replace("-", "_"))
        if secret:
            return read_secret(secret, name)
        variable = f"SYNDICATION_FEED_{name.upper().replace('-', '_')}"
        raise SettingsError(
            f"the credentials {name!r} are not set",
            fix=f"set {variable}, or {variable}_FILE to a file that holds them",
        )

    @cached_property
    def spool(self) -> "Spool":
        from syndication.senders.spool import Spool

        return Spool(self.settings.data / "outbox", batch_size=self.settings.mail.batch_size)

    @cached_property
    def outboxes(self) -> "tuple[Outbox, ...]":
        """Every transport that is in force, in their order. Raises SettingsError when one cannot work as configured."""
        from syndication.wiring.transports import outbox_of

        return tuple(outbox_of(self, placed) for placed in self.settings.transports)

    @property
    def outbox(self) -> "Outbox":
        """The first of them."""
        return self.outboxes[0]

    @cached_property
    def letterbox(self) -> "Outbox":
        """What service mail leaves by: the first of them that takes it."""
        from syndication.senders.in_turn import InTurn

        return self.outbox if len(self.outboxes) == 1 else InTurn(self.outboxes)

    @property
    def sandbox(self) -> "Outbox":
        """The first account that checks mails without sending them. Raises PolicyError when there is none."""
        from syndication.wiring.transports import sandbox_of

        return sandbox_of(self)

    @cached_property
    def event_keys(self) -> "Keys":
        """By which the provider's events are verified. Raises SettingsError for what is no key."""
        from syndication.senders.sendgrid_events import Keys

        settings = self.settings
        accounts = (settings.sendgrid, *(one for one in settings.transport.values() if one.kind == "sendgrid"))
        return Keys([key for one in accounts for key in one.webhook_keys])

    @cached_property
    def sender(self) -> "Sender":
        from syndication.model.delivery import Sender
        from syndication.model.subscriber import EmailAddress

        mail, house = self.settings.mail, self.publication
        address = mail.from_address or house.contact
        if not address:
            raise SettingsError(
                "mail has no sender",
                why=f"{self.settings.config_file.name} has no [mail] from_address, the publication no contact",
                fix='set from_address = "news@your.domain" under [mail]',
            )
        reply_to = EmailAddress.parse(mail.reply_to) if mail.reply_to else None
        return Sender(mail.from_name or house.title, EmailAddress.parse(address), reply_to)

    # -- what is shown

    @cached_property
    def templates(self) -> tuple[Path, ...]:
        own = self.settings.service.templates
        return (*((Path(own),) if own else ()), given("templates"))

    @cached_property
    def renderer(self) -> "Renderer":
        from syndication.rendering import Renderer

        return Renderer(self.templates)

    @cached_property
    def letterhead(self) -> "Letterhead":
        from syndication.jobs.letterhead import Letterhead

        return Letterhead(
            sender=self.sender,
            publication=self.publication,
            key=self._derived("deliveries"),
            unsubscribe_url=self.unsubscribe_url,
            message_id_domain=self.sender.address.domain,
            returns=self.returns,
        )

    @cached_property
    def returns(self) -> "Returns":
        """The addresses that bounces, and wishes to leave by mail, come to."""
        from syndication.deliveries.returns import Returns

        section = self.settings.returns
        return Returns(self._derived("returns"), section.bounce_address, section.unsubscribe_address, verp=section.verp)

    @cached_property
    def postman(self) -> "Postman | None":
        """Reads what came back by mail; None when no mailbox is named."""
        from syndication.wiring.relay import postman_of

        return postman_of(self)

    def unsubscribe_url(self, subscription_id: int) -> str:
        from syndication.subscribers.sign import Purpose

        token = self.signer.token(Purpose.UNSUBSCRIBE, subscription_id)
        return f"{self.publication.base_url}/unsubscribe/{token}"

    # -- the rows, by role

    @cached_property
    def library(self) -> "Library":
        from syndication.storage.library import Library

        return Library(self.database)

    @cached_property
    def assistant(self) -> "Assistant":
        """A second process, started when a large claim has work for it."""
        from syndication.engine.assistant import Assistant

        return Assistant()

    @cached_property
    def manners(self) -> "StoredManners":
        """What hosts ask of robots."""
        from syndication.storage.manners import StoredManners

        return StoredManners(self.database)

    @cached_property
    def hubs(self) -> "Hubs":
        from syndication.storage.hub import Hubs

        return Hubs(self.database)

    @cached_property
    def press(self) -> "Press":
        from syndication.storage.press import Press

        return Press(self.database)

    @cached_property
    def ledger(self) -> "Ledger":
        from syndication.storage.batches import Ledger

        return Ledger(self.database)

    @cached_property
    def registry(self) -> "Registry":
        from syndication.storage.subscribers import Registry

        return Registry(self.database)

    @cached_property
    def archive(self) -> "Archive":
        from syndication.storage.archive import Archive

        return Archive(self.database)

    @cached_property
    def shelf(self) -> "StoredShelf":
        from syndication.storage.shelf import StoredShelf

        return StoredShelf(self.database)

    @cached_property
    def image_files(self) -> "ImageFiles":
        from syndication.storage.image_files import ImageFiles

        return ImageFiles(self.settings.data / "images")

    @cached_property
    def gallery(self) -> "Gallery":
        from syndication.storage.images import Gallery

        return Gallery(self.database, self.image_files)

    # -- what jobs are handed

    @cached_property
    def desk(self) -> "Desk":
        from syndication.jobs.compose import Desk

        return Desk(self.press, self.renderer.email, self.publication, now)

    def recover(self) -> str:
        """Compare journal and database. Answers why sending is held from now on; empty when it is not."""
        from syndication.jobs import recover
        from syndication.storage.identity import mark_of
        from syndication.storage.recovery import Recovery

        if self.rehearsal:
            return recover.recover(Recovery(self.database), self.journal, now())
        mark = mark_of(self.settings.data / "journal")
        return recover.recover(Recovery(self.database), self.journal, now(), installation=mark)

    @cached_property
    def mailroom(self) -> "Mailroom":
        """What sending needs. The journal is compared first, so that nobody sends from a restored database."""
        from syndication.jobs.send import Mailroom
        from syndication.wiring.transports import ways_of

        self.recover()
        return Mailroom(self.ledger, self.journal, self.outbox, self.letterhead, now, several=ways_of(self))

    @cached_property
    def drain(self) -> "Drain":
        from syndication.jobs.drain import Drain
        from syndication.senders import sendgrid_events
        from syndication.storage.events import Events

        parsers = {sendgrid_events.NAME: sendgrid_events.parse}
        return Drain(Events(self.database), self.journal, parsers, self._derived("deliveries"), now)

    @cached_property
    def doubts(self) -> "Doubts":
        from syndication.storage.doubts import Doubts

        return Doubts(self.database)

    @cached_property
    def witnesses(self) -> "dict[str, Witness]":
        """Accounts that can be asked about a call in doubt."""
        from syndication.wiring.transports import witnesses_of

        return witnesses_of(self)

    @cached_property
    def vigil(self) -> "Vigil":
        from syndication.jobs.doubt import Vigil

        return Vigil(self.doubts, hears=bool(self.event_keys))

    @cached_property
    def notifier(self) -> "Notifier":
        from syndication.jobs.notify import Notifier
        from syndication.storage.messages import Letters

        return Notifier(
            registry=self.registry,
            letters=Letters(self.database),
            outbox=self.letterbox,
            email=self.renderer.email,
            signer=self.signer,
            publication=self.publication,
            sender=self.sender,
            key=self._derived("deliveries"),
            address_key=self.address_key,
            message_id_domain=self.sender.address.domain,
        )

    @cached_property
    def ways_to_tell(self) -> "tuple[Way, ...]":
        """How alerts reach the operator. Raises SettingsError for a webhook that may not be called."""
        from syndication.jobs.tell import ByHook, ByMail
        from syndication.model.subscriber import EmailAddress
        from syndication.outbound.address import judge_url

        alerts, ways = self.settings.alerts, list["Way"]()
        if alerts.mail:
            to, key = EmailAddress.parse(alerts.mail), self._derived("deliveries")
            ways.append(ByMail(to, self.letterbox, self.renderer.email, self.sender, self.publication, key))
        if alerts.webhook:
            if why := judge_url(alerts.webhook):
                raise SettingsError("[alerts] webhook is not accepted", why=why)
            secret = self.settings.secret("alerts_key").encode()
            ways.append(ByHook(alerts.webhook, self.exchange, self.publication, secret))
        return tuple(ways)

    @cached_property
    def notices(self) -> "StoredNotices":
        from syndication.storage.notices import StoredNotices

        return StoredNotices(self.database)

    @cached_property
    def waker(self) -> "Waker":
        """Tells the running service, if there is one, that something is due."""
        from syndication.engine.wake import Waker

        return Waker(self.settings.data)

    def engine(self) -> "LocalEngine":
        """All tasks of the house over bounded pools, not started yet."""
        from syndication.engine.local import LocalEngine
        from syndication.jobs.ports.tasks import Queue
        from syndication.wiring.tasks import tasks_of

        work = self.settings.work
        sizes = {Queue.SEND: work.send, Queue.FETCH: work.fetch, Queue.RENDER: work.render, Queue.MAIL: work.mail}
        engine = LocalEngine(sizes=sizes)
        for task in tasks_of(self, engine, engine.stopping):
            engine.register(task)
        return engine

    def alarm_clock(self, tasks: "TaskPort") -> "AlarmClock":
        from syndication.schedule import AlarmClock, Ticks
        from syndication.storage.due import Agenda

        work = self.settings.work
        ticks = Ticks(reconcile_seconds=work.reconcile_seconds, sources_seconds=work.poll_tick_seconds)
        return AlarmClock(tasks, Agenda(self.database), self.newsletters, now, ticks=ticks)

    def newsletters(self) -> "list[Newsletter]":
        from syndication.storage import publication

        with self.database.read() as connection:
            return publication.newsletters(connection)

    def look_at_disk(self) -> None:
        """Tell people when nothing is sent for want of space, and keep some back again once there is enough."""
        from syndication.storage import alerts

        with suppress(StoreError), self.database.write() as connection:
            if self.reserve.sending_stops:
                text = "The disk is nearly full: nothing is sent until there is room"
                alerts.raise_alert(connection, "disk", text, now())
            else:
                alerts.resolve(connection, "disk", now())
                self.reserve.keep()

    def barred(self) -> tuple[str, ...]:
        """Why nothing is sent at all, until a person lifts it; empty when sending is free."""
        with self.ledger.reading() as page:
            return tuple(page.barred().values())

    def log_to(self, part: str = "") -> None:
        """Set up the log of this process."""
        section = self.settings.log
        level = logging.getLevelName(section.level.upper())
        file = Path(section.file) if section.file else None
        named = [one.secret(base) for one in self.settings.transports for base in TRANSPORT_SECRETS]
        own = map(self.settings.secret, ("alerts_key", "imap_password", *TRANSPORT_SECRETS, *named))
        secrets = [*own, *self._feed_secrets()]
        logs.set_up(part=part, level=level, file=file, stderr=section.terminal, secrets=filter(None, secrets))

    def _feed_secrets(self) -> "Iterator[str]":
        """What a log must not hold. Credentials that cannot be read are no reason to stop: their source will say so."""
        for name in self.settings.secrets("feed_"):
            with suppress(SettingsError):
                yield from self.credential(name.removeprefix("feed_")).words

    def close(self) -> None:
        for outbox in self.__dict__.get("outboxes", ()):
            if hasattr(outbox, "close"):
                outbox.close()
        for name, close in (
            ("exchange", "close"),
            ("assistant", "close"),
            ("journal", "close"),
            ("waker", "close"),
            ("bare_database", "close"),
        ):
            if name in self.__dict__:
                getattr(self.__dict__[name], close)()
