"""Looks at everything the service needs before it starts. In: a House. Out: Findings, each with what to do.

Each look is on its own: one that fails hides no other. Here is what configuration can get wrong, and the way out;
`machine` looks at what lies on this machine. Nothing is changed, and nobody is mailed.
"""

from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from syndication.errors import SyndicationError
from syndication.model.doubt import OnUncertain
from syndication.senders.smtp import Smtp
from syndication.settings.relay import SmtpSection, Tls
from syndication.settings.sendgrid import SendGridSection
from syndication.settings.service import Transport
from syndication.settings.transports import Placed
from syndication.wiring import machine
from syndication.wiring.finding import Finding, Level, good, note, told, wrong
from syndication.wiring.house import House
from syndication.wiring.machine import secrets_kept

__all__ = ["Finding", "Level", "check_house", "secrets_kept"]

NOBODYS = (".example", ".test", ".invalid", ".localhost", "example.org", "example.com", "example.net")
"""Ends of host names that nobody can have (RFC 2606)."""

Look = Callable[[House], list[Finding]]


def check_house(house: House) -> list[Finding]:
    """All findings, in the order in which an operator would mend them."""
    looks: tuple[tuple[str, Look], ...] = (
        ("settings", _settings),
        ("publication", _publication),
        ("identity", _identity),
        ("sender", _sender),
        ("base address", _base),
        ("listeners", machine.listeners),
        ("templates", _templates),
        ("outbound", _outbound),
        ("data directory", machine.data_directory),
        ("secrets", secrets_kept),
        ("database", machine.database),
        ("clock", machine.clock),
        ("transport", _transport),
    )
    return _each_once([finding for name, look in looks for finding in _one(name, look, house)])


def _one(name: str, look: Look, house: House) -> list[Finding]:
    try:
        return look(house)
    except SyndicationError as error:
        return [told(name, error)]


def _each_once(findings: list[Finding]) -> list[Finding]:
    """A publication file that cannot be read stands in the way of several looks, and is told of once."""
    return list({(finding.said, finding.fix): finding for finding in reversed(findings)}.values())[::-1]


def _live(house: House) -> bool:
    return house.settings.mail.transport is not Transport.SPOOL


def _settings(house: House) -> list[Finding]:
    return [good("settings", str(house.settings.config_file))]


def _publication(house: House) -> list[Finding]:
    declared = house.declared
    counts = f"{len(declared.sources)} sources, {len(declared.feeds)} feeds, {len(declared.newsletters)} newsletters"
    found = [good("publication", f"{house.settings.publication_file}: {counts}")]
    if not declared.sources:
        found.append(note("publication", "no source yet", "declare a [source.…] and apply"))
    return found


def _identity(house: House) -> list[Finding]:
    """What every mail must say of its sender. A live transport without it is refused; a spool is told."""
    publication = house.publication
    missing = [name for name in ("publisher", "address", "privacy_url", "contact") if not getattr(publication, name)]
    if not missing:
        return [good("identity", f"{publication.publisher}, {publication.address.splitlines()[0]}")]
    said = f"mails do not carry {', '.join(missing)}"
    fix = f"set {', '.join(missing)} under [publication]: readers and the law ask for them"
    return [wrong("identity", said, fix, configuration=True) if _live(house) else note("identity", said, fix)]


def _sender(house: House) -> list[Finding]:
    sender = house.sender
    if _live(house) and f".{sender.address.domain}".endswith(NOBODYS):
        said = f"mail is from {sender.address}, which nobody can answer"
        return [wrong("sender", said, "set from_address under [mail]", configuration=True)]
    return [good("sender", f"{sender.name} <{sender.address}>")]


def _base(house: House) -> list[Finding]:
    """Where the links of mails, feeds and pages lead."""
    url = house.settings.service.base_url
    base = urlsplit(url)
    host = base.hostname or ""
    found: list[Finding] = []
    if _live(house) and (_is_local(host) or host.endswith(NOBODYS)):
        said = f"links in mails lead to {host}, which readers cannot reach"
        found.append(wrong("base address", said, "set base_url under [service]", configuration=True))
    elif not _is_local(host):
        found += _name(host, live=_live(house))
    if base.scheme != "https":
        said = "links in mails are not https, and mail programs offer one-click unsubscribe for https only"
        fix = "put it behind a proxy with a certificate and set base_url to https://…"
        found.append(
            wrong("base address", said, fix, configuration=True) if _live(house) else note("base address", said, fix)
        )
    return found or [good("base address", url)]


def _is_local(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost"


def _name(host: str, *, live: bool) -> list[Finding]:
    """Whether the public name is known. Another host may answer for it, so no more is asked."""
    from syndication.outbound.lookup import system_look_up

    try:
        system_look_up(host, 443)
    except (OSError, UnicodeError) as error:
        said, fix = f"the name {host} has no address: {error}", "mend its DNS record, or base_url under [service]"
        return [wrong("base address", said, fix) if live else note("base address", said, fix)]
    return []


def _templates(house: House) -> list[Finding]:
    missing = [str(folder) for folder in house.templates if not folder.is_dir()]
    if missing:
        fix = "mend templates under [service], or make it"
        return [wrong("templates", f"there is no folder {missing[0]}", fix, configuration=True)]
    found = [good("templates", ", ".join(map(str, house.templates)))]
    for letter in house.declared.newsletters:
        if not any((folder / "email" / letter.value.template / "body.html").is_file() for folder in house.templates):
            said = f"{letter.declared}: there is no mail template {letter.value.template!r}"
            fix = f'mend template under [newsletter.{letter.value.slug}]; "digest" is built in'
            found.append(wrong("templates", said, fix, configuration=True))
    return found


def _outbound(house: House) -> list[Finding]:
    outbound = house.settings.outbound
    _ = house.exchange  # says itself what it cannot work with
    if outbound.ca_file and not Path(outbound.ca_file).is_file():
        said = f"there is no file of certificate authorities {outbound.ca_file}"
        return [wrong("outbound", said, "mend ca_file under [outbound]", configuration=True)]
    if outbound.allow:
        said = f"private addresses that may be reached: {', '.join(outbound.allow)}"
        return [note("outbound", said, "keep that list short")]
    return [good("outbound", "public addresses only")]


def _transport(house: House) -> list[Finding]:
    """Every transport in force: SendGrid's key is asked what it may do; a relay is greeted, and nothing sent."""
    if not _live(house):
        return [good("transport", "spool: mails are written to files, and nothing is sent")]
    found: list[Finding] = []
    for placed, outbox in zip(house.settings.transports, house.outboxes, strict=True):
        if isinstance(placed.section, SendGridSection):
            found += _account(house, placed, placed.section)
        if isinstance(placed.section, SmtpSection) and isinstance(outbox, Smtp):
            found += _relay(house, placed, placed.section, outbox)
    return found


def _account(house: House, placed: Placed, section: SendGridSection) -> list[Finding]:
    from syndication.senders import sendgrid_scopes

    secret = placed.secret("sendgrid_api_key")
    request = sendgrid_scopes.request(house.settings.secret(secret), section.host)
    fenced = house.settings.mail.on_uncertain is OnUncertain.FENCED
    if trouble := sendgrid_scopes.trouble(house.exchange.fetch(request), fenced=fenced):
        where = f"{placed.ledger_name}: " if placed.name else ""
        return [
            wrong("transport", f"{where}{trouble}", f"see the key in SYNDICATION_{secret.upper()}, and its account")
        ]
    return [good("transport", f"{placed.ledger_name}, and its key may send")]


def _relay(house: House, placed: Placed, section: SmtpSection, outbox: Smtp) -> list[Finding]:
    """Connects, secures and logs in, and sends nothing."""
    if trouble := outbox.knock():
        table = f"transport.{placed.name}" if placed.name else "smtp"
        return [wrong("transport", trouble, f"see [{table}], and SYNDICATION_{placed.secret('smtp_password').upper()}")]
    found = [good("transport", f"{placed.ledger_name}: {section.host}:{section.port} takes our mail")]
    if not section.verify and section.tls is not Tls.NONE:
        found.append(note("transport", "the relay's certificate is not verified", "set verify = true, or a ca_file"))
    if section.tls is Tls.NONE and section.user:
        found.append(note("transport", "the password crosses this machine in plain text", "leave user empty"))
    if house.settings.dkim.domain:
        found.append(good("dkim", f"signed for {house.settings.dkim.domain}"))
    return found
