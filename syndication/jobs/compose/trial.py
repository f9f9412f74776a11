"""A test of an edition to a few addresses, marked as one. No ledger is touched; the audit log counts how often."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from syndication.deliveries import personalize
from syndication.errors import NotFoundError, PolicyError
from syndication.jobs.letterhead import Letterhead
from syndication.jobs.ports.outbox import Outbox
from syndication.jobs.ports.press import Press
from syndication.model.delivery import Outcome, Submission
from syndication.model.edition import Rendered
from syndication.model.newsletter import Newsletter
from syndication.model.subscriber import EmailAddress

ADDRESSES_MAX = 10
TESTS_A_MINUTE = 10
"""Mails, over all newsletters."""
ACTION = "edition.test"
MARK = "[Test] "
HEADER = ("X-Test", "This is a test; nobody else got it")


def rendered_of(edition_id: int, press: Press) -> tuple[Newsletter, Rendered]:
    """What an edition that is assembled says. Raises NotFoundError."""
    with press.reading() as sheet:
        edition = sheet.edition(edition_id)
        contents = sheet.contents(edition_id)
        if edition is None or not contents:
            raise NotFoundError(f"there is no edition {edition_id} with a content", fix="assemble it, or preview one")
        return sheet.newsletter(edition.newsletter_id), contents[0][1]


def test_send(
    newsletter: Newsletter,
    rendered: Rendered,
    addresses: Sequence[EmailAddress],
    *,
    press: Press,
    outbox: Outbox,
    letterhead: Letterhead,
    address_hash: Callable[[EmailAddress], str],
    now: datetime,
    actor: str,
) -> Outcome:
    """Offer it once. Raises PolicyError: too many addresses, too often, or one that must not be mailed."""
    wanted = list({address.norm: address for address in addresses}.values())
    if not 1 <= len(wanted) <= ADDRESSES_MAX:
        raise PolicyError(f"a test goes to 1 to {ADDRESSES_MAX} addresses", why=f"{len(wanted)} were given")
    _count(newsletter, wanted, press, address_hash, now, actor)
    trial = uuid.uuid4().hex
    content = replace(rendered, subject=MARK + rendered.subject)
    return outbox.submit(
        Submission(
            attempt_id=f"test-{trial}",
            sender=letterhead.sender_of(newsletter),
            content=content,
            recipients=tuple(
                personalize.recipient(
                    subscriber_id=0,
                    address=address,
                    delivery_id=personalize.delivery_id(letterhead.key + trial.encode(), 0, number),
                    message_id_domain=letterhead.message_id_domain,
                    unsubscribe_url=f"{letterhead.publication.base_url}/unsubscribe/test",
                    tags=personalize.Tags(content.nonce),
                )
                for number, address in enumerate(wanted)
            ),
            headers=(*letterhead.headers(newsletter, 0), HEADER),
            category=newsletter.slug,
            date=now,
        )
    )


test_send.__test__ = False  # type: ignore[attr-defined]  # a verb of ours, not a test of pytest's


def _count(
    newsletter: Newsletter,
    addresses: Sequence[EmailAddress],
    press: Press,
    address_hash: Callable[[EmailAddress], str],
    now: datetime,
    actor: str,
) -> None:
    with press.writing() as sheet:
        hashes = {address_hash(address): address for address in addresses}
        refusing = sheet.refusing(newsletter.id, list(hashes))
        if refusing:
            raise PolicyError(
                f"{len(refusing)} of these addresses must not be mailed", why="they left, or are suppressed"
            )
        sheet.turnstile()
        if sheet.times(ACTION, now - timedelta(minutes=1)) + len(addresses) > TESTS_A_MINUTE:
            raise PolicyError(f"at most {TESTS_A_MINUTE} test mails go out in a minute", fix="wait a little")
        for _ in addresses:
            sheet.audit(actor, ACTION, f"newsletter {newsletter.slug}", "", now)
