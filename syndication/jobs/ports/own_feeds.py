"""Feeds of one reader each, at addresses that only they know."""

from datetime import datetime
from typing import Protocol

from syndication.model.choice import Choice
from syndication.model.newsletter import Newsletter


class OwnFeeds(Protocol):
    """Raises StoreError when it cannot be reached."""

    def give(self, subscription_id: int, token_hash: str, now: datetime) -> None:
        """Write a new one; earlier ones of the subscription are no longer good."""
        ...

    def revoke(self, subscription_id: int, now: datetime) -> int:
        """None of the subscription's is good any more. How many were."""
        ...

    def asked_by(self, token_hash: str) -> tuple[Newsletter, Choice] | None:
        """The newsletter and the reader's own choice. None when it was revoked, or the reader has left."""
        ...
