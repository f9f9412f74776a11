"""The transports as the settings name them, in their order. In: a House. Out: outboxes, ways out, witnesses.

What cannot work is a SettingsError at once, and says which transport it is about.
"""

from typing import TYPE_CHECKING

from syndication.errors import PolicyError
from syndication.model.doubt import OnUncertain
from syndication.settings.relay import SmtpSection
from syndication.settings.sendgrid import SendGridSection
from syndication.settings.transports import Placed

if TYPE_CHECKING:
    from syndication.jobs.pacing import WayOut
    from syndication.jobs.ports.doubts import Witness
    from syndication.jobs.ports.outbox import Outbox
    from syndication.senders.sendgrid import SendGrid
    from syndication.wiring.house import House


def outbox_of(house: "House", placed: Placed) -> "Outbox":
    if isinstance(placed.section, SendGridSection):
        return sendgrid_of(house, placed, placed.section)
    if isinstance(placed.section, SmtpSection):
        from syndication.wiring.relay import smtp_of

        return smtp_of(house.settings, placed, placed.section)
    return house.spool


def sendgrid_of(house: "House", placed: Placed, section: SendGridSection, *, sandbox: bool = False) -> "SendGrid":
    """`sandbox`: each call is only checked, whatever the settings say."""
    from syndication.senders.sendgrid import SendGrid

    mail = house.settings.mail
    return SendGrid(
        house.settings.secret(placed.secret("sendgrid_api_key")),
        exchange=house.exchange,
        host=section.host,
        batch_size=mail.batch_size,
        calls_at_once=section.calls_at_once,
        connect_seconds=section.connect_seconds,
        total_seconds=section.total_seconds,
        sandbox=sandbox or section.sandbox,
        ip_pool=section.ip_pool,
        fence_minutes=section.fence_minutes if mail.on_uncertain is OnUncertain.FENCED else 0,
        name=placed.ledger_name,
    )


def sandbox_of(house: "House") -> "SendGrid":
    for placed in house.settings.transports:
        if isinstance(placed.section, SendGridSection):
            return sendgrid_of(house, placed, placed.section, sandbox=True)
    raise PolicyError(
        "no transport checks mails without sending them",
        why="only SendGrid has a sandbox",
        fix="send a test to your own address instead",
    )


def ways_of(house: "House") -> "tuple[WayOut, ...]":
    from syndication.jobs.pacing import WayOut

    found = zip(house.settings.transports, house.outboxes, strict=True)
    return tuple(WayOut(outbox, placed.section.route(outbox.name)) for placed, outbox in found)


def witnesses_of(house: "House") -> "dict[str, Witness]":
    """Accounts that can be asked about a call in doubt, by the name of their transport."""
    from syndication.senders.sendgrid import SendGrid
    from syndication.senders.sendgrid_witness import SendGridWitness

    found: dict[str, Witness] = {}
    for placed, outbox in zip(house.settings.transports, house.outboxes, strict=True):
        section = placed.section
        if not isinstance(outbox, SendGrid) or not isinstance(section, SendGridSection):
            continue
        if outbox.fenced or section.activity:
            found[outbox.name] = SendGridWitness(outbox, activity=section.activity)
    return found
