"""Submissions as the jobs make them, for tests of what becomes of one."""

from dataclasses import replace
from datetime import UTC, datetime

from syndication.deliveries import personalize
from syndication.deliveries.personalize import Tags
from syndication.model.delivery import Sender, Submission
from syndication.model.edition import Rendered
from syndication.model.feed import Publication
from syndication.model.subscriber import EmailAddress

TAGS = Tags("7f3a91")
PUBLICATION = Publication(title="The Tideline", description="", base_url="https://news.tideline.example")
CONTENT = Rendered(
    subject="Fähre zurück – the ferry is back 🎣",
    preheader="",
    html=f'<p>Hej {TAGS.address_html}</p><a href="{TAGS.unsubscribe_html}">Leave</a>',
    text=f"Hej {TAGS.address_text}\nLeave: {TAGS.unsubscribe_text}\n",
    nonce=TAGS.nonce,
)
SENDER = Sender(
    "The Tideline", EmailAddress.parse("news@tideline.example"), EmailAddress.parse("desk@tideline.example")
)
KEY = b"a key for tests, thirty-two long"


def a_reader(n, **changes):
    made = personalize.recipient(
        subscriber_id=n,
        address=EmailAddress.parse(changes.pop("address", f"reader{n}@reader.example")),
        delivery_id=personalize.delivery_id(KEY, 12, n),
        message_id_domain="news.tideline.example",
        unsubscribe_url=f"https://news.tideline.example/unsubscribe/v1.{n}?a=1&b=2",
        tags=TAGS,
    )
    return replace(made, **changes)


def a_batch(count=3, **changes):
    """A Submission to `count` readers, or to those given as `recipients`."""
    made = Submission(
        attempt_id="att-0001",
        sender=SENDER,
        content=CONTENT,
        recipients=tuple(a_reader(n) for n in range(count)),
        headers=personalize.common_headers(slug="morning", title="Morning", publication=PUBLICATION, edition_id=12),
        category="morning",
        date=datetime(2026, 3, 29, 5, 0, tzinfo=UTC),
    )
    return replace(made, **changes)
