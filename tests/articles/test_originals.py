"""A story that is published again keeps its first date, from whatever says it; a few days are one date."""

from datetime import UTC, datetime, timedelta

import pytest

from syndication.articles.clean import clean
from syndication.articles.originals import dated_as, first_published
from syndication.model.article import Extract
from tests.builders import NOW, a_source, an_article, an_entry

MARCH = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "said",
    [
        {"of_page": MARCH},
        {"url": "https://harbour.example/2026/03/03/the-bell"},
        {"lines": ["This story was first published on 3 March 2026 in the Coast Courier."]},
        {"lines": ["Originally published by Coast Courier, March 3, 2026"]},
        {"text": "The bell rang.\n\nA longer story.\n\nFirst appeared in print on 3 March 2026."},
        {"text": "Zuerst erschienen am 2026-03-03.\n\nDie Glocke."},
        {"of_page": MARCH, "url": "https://harbour.example/2026/05/01/the-bell"},
    ],
)
def test_the_first_date_is_known_by_page_address_or_line(said: dict[str, object]) -> None:
    assert first_published(NOW, **said) == MARCH  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"of_page": NOW - timedelta(days=2)},
        {"of_page": NOW + timedelta(days=20)},
        {"url": "https://harbour.example/2026/02/31/the-bell"},
        {"url": "https://harbour.example/1234/56/78/"},
        {"text": "The first edition of 3 March 2026 was published again."},
        {"lines": ["First published by the Coast Courier"]},
    ],
)
def test_what_says_nothing_of_another_date_changes_none(said: dict[str, object]) -> None:
    assert first_published(NOW, **said) is None  # type: ignore[arg-type]


def test_both_dates_are_kept() -> None:
    entry = an_entry(published=NOW - timedelta(hours=1))
    article = clean(entry, a_source(), NOW, extract=Extract(date=MARCH))
    assert (article.published_at, article.republished_at) == (MARCH, NOW - timedelta(hours=1))
    assert "published-again" in article.flags
    plain = clean(entry, a_source(), NOW, extract=Extract(date=NOW - timedelta(days=1)))
    assert (plain.published_at, plain.republished_at) == (NOW - timedelta(hours=1), None)


def test_an_article_takes_an_earlier_date_and_never_a_later_one() -> None:
    article = an_article(published_at=NOW)
    old = dated_as(article, MARCH)
    assert (old.published_at, old.republished_at) == (MARCH, NOW)
    assert dated_as(old, NOW) is old and dated_as(article, NOW) is article
    assert dated_as(article, NOW - timedelta(days=1)).republished_at is None
