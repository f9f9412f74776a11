"""The relay as the settings name it. In: Settings. Out: an Smtp. What cannot work is a SettingsError at once."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import idna

from syndication.errors import SettingsError
from syndication.jobs.returned import Postman
from syndication.outbound.imap import ImapMailbox
from syndication.outbound.wire import open_wire, tls_context
from syndication.senders.dkim import Dkim
from syndication.senders.maildir import Maildir
from syndication.senders.smtp import Smtp
from syndication.senders.smtp_session import Relay, Tls
from syndication.settings.relay import SmtpSection
from syndication.settings.service import Settings
from syndication.settings.transports import Placed
from syndication.storage.setbacks import Setbacks
from syndication.wiring.clock import now

if TYPE_CHECKING:
    from syndication.wiring.house import House


def smtp_of(settings: Settings, placed: Placed, section: SmtpSection) -> Smtp:
    return Smtp(
        _relay(settings, section, placed),
        name=placed.ledger_name,
        open_wire=open_wire,
        batch_size=settings.mail.batch_size,
        connections=section.connections,
        domain_connections=section.domain_connections,
        total_seconds=section.total_seconds,
        sign=_signing(settings),
    )


def _relay(settings: Settings, section: SmtpSection, placed: Placed) -> Relay:
    table, secret = (f"transport.{placed.name}" if placed.name else "smtp"), placed.secret("smtp_password")
    if not section.host:
        raise SettingsError(
            f"the transport {placed.name or 'smtp'!r} has no relay",
            why=f"host is empty under [{table}]",
            fix='set host = "127.0.0.1", port = 25 and tls = "none" for a Postfix on this machine, or name your relay',
        )
    password = settings.secret(secret)
    if section.user and not password:
        raise SettingsError(
            f"the relay's user {section.user!r} has no password",
            fix=f"set SYNDICATION_{secret.upper()}, or name a file in SYNDICATION_{secret.upper()}_FILE",
        )
    try:
        context = tls_context(section.ca_file, verify=section.verify)
    except OSError as error:
        raise SettingsError(
            f"there is no file of certificate authorities {section.ca_file}",
            why=str(error.strerror or error),
            fix=f"mend ca_file under [{table}]",
        ) from error
    return Relay(
        host=section.host.strip("[]"),
        port=section.port,
        tls=Tls(section.tls.value),
        user=section.user,
        password=password,
        helo=section.ehlo or _own_name(settings.service.base_url),
        connect_seconds=section.connect_seconds,
        reply_seconds=section.reply_seconds,
        messages_max=section.messages_per_connection,
        context=context,
    )


def _own_name(base_url: str) -> str:
    """As we greet: a name, or an address in brackets (RFC 5321, section 4.1.3)."""
    host = urlsplit(base_url).hostname or "localhost"
    if ":" in host:
        return f"[IPv6:{host}]"
    return f"[{host}]" if host.replace(".", "").isdigit() else idna.encode(host, uts46=True).decode("ascii")


def postman_of(house: "House") -> Postman | None:
    """Raises SettingsError for an account without a password."""
    section = house.settings.returns
    mailbox = Maildir(Path(section.maildir)) if section.maildir else _account(house.settings)
    if mailbox is None:
        return None
    return Postman(
        mailbox=mailbox,
        returns=house.returns,
        setbacks=Setbacks(house.database),
        registry=house.registry,
        journal=house.journal,
        address_key=house.address_key,
        clock=now,
        own_lists=urlsplit(house.publication.base_url).hostname or "",
    )


def _account(settings: Settings) -> ImapMailbox | None:
    section = settings.returns
    if not section.imap_host:
        return None
    password = settings.secret("imap_password")
    if not password:
        raise SettingsError(
            f"the mailbox of {section.imap_user!r} has no password",
            fix="set SYNDICATION_IMAP_PASSWORD, or name a file in SYNDICATION_IMAP_PASSWORD_FILE",
        )
    context = tls_context(section.imap_ca_file)
    return ImapMailbox(section.imap_host, section.imap_port, section.imap_user, password, section.imap_folder, context)


def _signing(settings: Settings) -> Callable[[bytes], bytes]:
    section = settings.dkim
    if not section.domain:
        return lambda mail: b""
    key = settings.secret("dkim_key")
    if not key:
        raise SettingsError(
            f"mail is to be signed for {section.domain}, and there is no key",
            fix="name its file in SYNDICATION_DKIM_KEY_FILE, or leave [dkim] empty",
        )
    return Dkim(section.domain, section.selector, key.encode()).sign
