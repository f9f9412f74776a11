"""Letterhead: what all mail of the house has in common. A claim and its readers become a Submission under it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syndication.deliveries import personalize
from syndication.deliveries.returns import Returns
from syndication.model.delivery import Claim, Recipient, Sender, Submission
from syndication.model.edition import Rendered
from syndication.model.feed import Publication
from syndication.model.ledger import Standing
from syndication.model.newsletter import Newsletter
from syndication.model.subscriber import EmailAddress

NO_RETURNS = Returns(b"")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """`key` makes delivery ids; `unsubscribe_url` answers the link of a subscription's id."""

    sender: Sender
    publication: Publication
    key: bytes
    unsubscribe_url: Callable[[int], str]
    message_id_domain: str
    returns: Returns = NO_RETURNS

    def submission(
        self, claim: Claim, newsletter: Newsletter, content: Rendered, readers: Sequence[Standing], date: datetime
    ) -> Submission:
        tags = personalize.Tags(content.nonce)
        return Submission(
            attempt_id=claim.attempt_id,
            sender=self.sender_of(newsletter),
            content=content,
            recipients=tuple(self._recipient(claim.edition_id, reader, tags) for reader in readers),
            headers=self.headers(newsletter, claim.edition_id),
            category=newsletter.slug,
            date=date,
        )

    def sender_of(self, newsletter: Newsletter) -> Sender:
        """A newsletter may have its own address for replies."""
        if not newsletter.reply_to:
            return self.sender
        return replace(self.sender, reply_to=EmailAddress.parse(newsletter.reply_to))

    def headers(self, newsletter: Newsletter, edition_id: int) -> tuple[tuple[str, str], ...]:
        return personalize.common_headers(
            slug=newsletter.slug, title=newsletter.title, publication=self.publication, edition_id=edition_id
        )

    def _recipient(self, edition_id: int, reader: Standing, tags: personalize.Tags) -> Recipient:
        return personalize.recipient(
            subscriber_id=reader.subscriber_id,
            address=reader.address,
            delivery_id=personalize.delivery_id(self.key, edition_id, reader.subscriber_id),
            message_id_domain=self.message_id_domain,
            unsubscribe_url=self.unsubscribe_url(reader.subscription_id),
            tags=tags,
            leave_address=self.returns.leave_address(reader.subscription_id),
            return_path=self.returns.bounce_address(edition_id, reader.subscriber_id),
        )
