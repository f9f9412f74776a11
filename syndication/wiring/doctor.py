"""Looks at what a running installation hangs on, beyond its own settings: names, clocks, doors, disk, records.

In: a House, a way to look up DNS records. Out: Findings, those of `check` first. Nothing is changed, nobody is mailed.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from syndication.deliveries import authentic
from syndication.deliveries.authentic import LookUp, Remark
from syndication.errors import FetchError, SyndicationError
from syndication.model.exchange import Answer, Failure, Request
from syndication.settings.sendgrid import SendGridSection
from syndication.settings.service import Transport
from syndication.storage import diagnosis, meta
from syndication.wiring import check
from syndication.wiring.clock import now
from syndication.wiring.finding import Finding, good, note, told, wrong
from syndication.wiring.house import House
from syndication.wiring.keeping import LAST

CLOCK_NOTED, CLOCK_WRONG = timedelta(seconds=5), timedelta(seconds=60)
BACKUP_DAYS = 7
PROVIDER_SELECTORS = ("s1", "s2")
"""What SendGrid names its keys, unless told otherwise."""
HOOK_REFUSED = 403
"""What our own door answers to whoever has no signature."""
ASK_SECONDS = 15.0

Look = Callable[[House], list[Finding]]


def examine(house: House, look_up: LookUp) -> list[Finding]:
    """All findings. A look that fails hides no other."""
    looks: tuple[tuple[str, Look], ...] = (
        ("spf", lambda house: _names(house, look_up)),
        ("clock", _clock),
        ("public address", _door),
        ("webhook", _webhook),
        ("database settings", _database),
        ("journal", _journal),
        ("reserve", _reserve),
        ("backup", _backup),
    )
    found = check.check_house(house)
    for name, look in looks:
        try:
            found += look(house)
        except SyndicationError as error:
            found.append(told(name, error))
    return list(dict.fromkeys(found))


def _live(house: House) -> bool:
    return house.settings.mail.transport is not Transport.SPOOL


# -- whether receivers can tell that our mail is ours


def _names(house: House, look_up: LookUp) -> list[Finding]:
    if not _live(house):
        return [good("spf", "mail goes to files: no record of a domain is asked for")]
    sender = house.sender.address.domain
    bounces, by_provider = _return_domain(house)
    looks = [lambda: _signature(house, look_up, sender), lambda: _policy(house, look_up, sender, bounces, by_provider)]
    if bounces:
        looks.insert(0, lambda: authentic.spf(bounces, look_up))
    return [_finding(one) for one in looks]


def _return_domain(house: House) -> tuple[str, bool]:
    """Where bounces go; empty, and True, when a provider takes them."""
    by_provider = any(isinstance(placed.section, SendGridSection) for placed in house.settings.transports)
    if by_provider:
        return "", True
    address = house.settings.returns.bounce_address or house.sender.address.text
    return address.rpartition("@")[2].lower(), False


def _signature(house: House, look_up: LookUp, sender: str) -> Remark:
    from syndication.senders.dkim import public_key

    section = house.settings.dkim
    if section.domain:
        key = public_key(house.settings.secret("dkim_key").encode())
        return authentic.dkim(section.domain, section.selector, key, look_up)
    if _return_domain(house)[1]:
        return authentic.signed_elsewhere(sender, PROVIDER_SELECTORS, look_up)
    return Remark("dkim", "mail is not signed here", "let the relay sign it, or fill [dkim]")


def _policy(house: House, look_up: LookUp, sender: str, bounces: str, by_provider: bool) -> Remark:
    # A provider that has authenticated the domain signs for it; whether it has, the look at its keys tells.
    signed = house.settings.dkim.domain or (sender if by_provider else "")
    return authentic.dmarc(sender, bounces, signed, look_up)


def _finding(look: Callable[[], Remark]) -> Finding:
    try:
        remark = look()
    except FetchError as error:
        return told("dns", error)
    if not remark.fix:
        return good(remark.what, remark.said)
    return wrong(remark.what, remark.said, remark.fix) if remark.grave else note(remark.what, remark.said, remark.fix)


# -- clocks and doors


def _clock(house: House) -> list[Finding]:
    """Ours beside another: a provider's, the web's before us, the database's."""
    for url in _clocks(house):
        began = now()
        answer = house.exchange.fetch(_request(url, "HEAD"))
        if isinstance(answer, Answer) and (theirs := _date(answer)) is not None:
            return [_compared(theirs - (began + (now() - began) / 2), urlsplit(url).hostname or url)]
    if not house.bare_database.is_sqlite:
        with house.database.read() as connection:
            return [_compared(diagnosis.server_time(connection) - now(), "the database")]
    return [note("clock", "no other clock could be asked", "keep it set (chrony, systemd-timesyncd)")]


def _clocks(house: House) -> list[str]:
    hosts = [one.section.host for one in house.settings.transports if isinstance(one.section, SendGridSection)]
    base = house.settings.service.base_url
    return [*hosts, *([base] if urlsplit(base).scheme == "https" else [])]


def _compared(ahead: timedelta, whose: str) -> Finding:
    off = abs(ahead)
    said = f"it is {off.total_seconds():.0f} s {'behind' if ahead > timedelta(0) else 'ahead of'} the clock of {whose}"
    fix = "set the clock, and keep it set (chrony, systemd-timesyncd): slots, signatures and links are judged by it"
    if off > CLOCK_WRONG:
        return wrong("clock", said, fix)
    return note("clock", said, fix) if off > CLOCK_NOTED else good("clock", f"as the clock of {whose}")


def _date(answer: Answer) -> datetime | None:
    try:
        found = parsedate_to_datetime(answer.header("date") or "")
    except (ValueError, TypeError, IndexError):
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _door(house: House) -> list[Finding]:
    """Whether the public address leads here."""
    base = house.settings.service.base_url
    if urlsplit(base).scheme != "https":
        return []
    answer = house.exchange.fetch(_request(f"{base}/livez", "GET"))
    if isinstance(answer, Failure):
        fix = "see to its name, its certificate and the proxy; from inside a network it may be hidden from us"
        return [note("public address", f"{base} cannot be reached from here: {answer.detail}", fix)]
    if answer.status != 200:
        said = f"{base}/livez is answered with {answer.status}"
        return [wrong("public address", said, "start the service, and let the proxy pass everything on to it")]
    return [good("public address", f"{base} leads here")]


def _webhook(house: House) -> list[Finding]:
    """Whether the provider's events would reach us: without a signature our own door answers with a refusal."""
    if not any(isinstance(one.section, SendGridSection) for one in house.settings.transports):
        return []
    if not house.event_keys:
        fix = "switch on its signed Event Webhook, and put the verification key into [sendgrid] webhook_keys"
        return [note("webhook", "what becomes of mail is not told to us", fix)]
    url = f"{house.settings.service.base_url}/webhooks/sendgrid"
    answer = house.exchange.fetch(_request(url, "POST", b"[]"))
    if isinstance(answer, Failure):
        fix = "the provider has to reach it over https; from inside a network it may be hidden from us"
        return [note("webhook", f"{url} cannot be reached from here: {answer.detail}", fix)]
    if answer.status != HOOK_REFUSED:
        said = f"{url} is answered with {answer.status}, which is not our own refusal of what is not signed"
        return [wrong("webhook", said, "start the service, and let the proxy pass POST requests on to it unchanged")]
    return [good("webhook", f"{url} is there, and refuses what is not signed")]


def _request(url: str, method: str, body: bytes | None = None) -> Request:
    headers = (("Content-Type", "application/json"),) if body is not None else ()
    return Request(
        url,
        method,
        headers,
        body,
        redirects_max=0,
        wire_bytes_max=2**20,
        body_bytes_max=2**20,
        total_seconds=ASK_SECONDS,
    )


# -- records


def _database(house: House) -> list[Finding]:
    path = house.bare_database.path
    if path is not None and not path.exists():
        return []
    with house.database.read() as connection:
        faults = diagnosis.faults(connection)
    if path is not None:
        faults += diagnosis.damage(path)
    found = [wrong("database settings", fault.said, fault.fix) for fault in faults]
    return found or [good("database settings", "whole, and what is acknowledged is on disk")]


def _journal(house: House) -> list[Finding]:
    """A file is written, synced and taken away where the journal is: nothing is sent without it."""
    folder = house.settings.data / "journal"
    if not folder.exists():
        return [note("journal", f"there is none at {folder} yet", "the first start makes it")]
    try:
        with tempfile.NamedTemporaryFile(prefix=".look-", dir=folder) as file:
            file.write(b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        said = f"nothing can be written at {folder}: {error.strerror or error}"
        return [wrong("journal", said, "see to the disk and the owner of the directory: nothing is sent without it")]
    _ = house.journal
    return [good("journal", f"{folder} takes lines")]


def _reserve(house: House) -> list[Finding]:
    reserve = house.reserve
    if not house.settings.data.exists() or not reserve.whole:
        fix = f"free some space: the next start makes it, {reserve.bytes // 2**20} MiB"
        return [note("reserve", "no space is kept back for those who leave while the disk is full", fix)]
    free = shutil.disk_usage(house.settings.data).free
    if reserve.sending_stops:
        said = f"{free // 2**20} MiB are free: nothing is sent until there is more"
        return [wrong("reserve", said, f"make room on the disk of {house.settings.data}")]
    return [good("reserve", f"{reserve.bytes // 2**20} MiB are kept back, {free // 2**20} MiB are free beside them")]


def _backup(house: House) -> list[Finding]:
    path = house.bare_database.path
    if path is not None and not path.exists():
        return []
    with house.database.read() as connection:
        last = meta.read(connection, LAST)
    if last is None:
        return [note("backup", "there has been none", "`syndication backup --to …` every night, and keep it elsewhere")]
    days = (now() - datetime.fromisoformat(last)).days
    if days >= BACKUP_DAYS:
        return [note("backup", f"the last is {days} days old", "`syndication backup --to …` every night")]
    return [good("backup", f"of {datetime.fromisoformat(last):%Y-%m-%d %H:%M} UTC")]
