"""What is declared -> the feeds that come of it: the whole, each topic, partner and newsletter, and its editions.

A feed that is declared with the same choice, or under the same name, takes the place of the one that would be made.
"""

from collections.abc import Iterator
from dataclasses import replace

from syndication.model.choice import Choice
from syndication.model.feed import Feed
from syndication.model.publication import Declaration, Declared


def with_slices(declared: Declared, title: str) -> Declared:
    """`title`: the publication's."""
    slugs = {feed.value.slug for feed in declared.feeds}
    choices = {feed.value.choice for feed in declared.feeds}
    made = [
        feed
        for feed in _slices(declared, title)
        if feed.value.slug not in slugs and (feed.value.choice not in choices or _is_a_newsletters(feed.value))
    ]
    return replace(declared, feeds=(*declared.feeds, *made))


def _is_a_newsletters(feed: Feed) -> bool:
    """Who reads a newsletter looks for its feed under its name, whatever it chooses."""
    return feed.slug.startswith(("newsletter-", "editions-"))


def _slices(declared: Declared, title: str) -> Iterator[Declaration[Feed]]:
    if declared.partners:
        yield Declaration(Feed(0, "all", title, ""), declared.partners[0].declared)
    for topic in declared.topics:
        feed = Feed(0, f"topic-{topic.value.slug}", topic.value.title, "", Choice(topics=(topic.value.slug,)))
        yield Declaration(feed, topic.declared)
    for partner in declared.partners:
        choice = Choice(partners=(partner.value.slug,))
        yield Declaration(Feed(0, f"partner-{partner.value.slug}", partner.value.name, "", choice), partner.declared)
    for letter in declared.newsletters:
        value, told = letter.value, letter.value.description
        yield Declaration(Feed(0, f"newsletter-{value.slug}", value.title, told, value.choice), letter.declared)
        editions = Feed(0, f"editions-{value.slug}", f"{value.title}: editions", told, newsletter=value.slug)
        yield Declaration(editions, letter.declared)
