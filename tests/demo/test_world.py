"""The two files of the demo: they load, and say what the partners have agreed to."""

import pytest

from syndication.articles.topics import decide
from syndication.demo import world
from syndication.demo.partners import Partners
from syndication.model.choice import Cadence
from syndication.model.rights import ImageRight, TextRight
from syndication.outbound.address import AddressPolicy
from syndication.settings import publication, service
from syndication.settings.service import Transport
from syndication.sources.parse import parse_feed
from tests.builders import an_article
from tests.demo.conftest import get


@pytest.fixture
def files(whole: Partners, tmp_path):
    """Settings and publication, as the service reads them."""
    text = world.syndication_toml(
        listen="127.0.0.1:18080",
        private_listen="127.0.0.1:18081",
        base_url="http://127.0.0.1:18080",
        allow=whole.addresses,
    )
    (tmp_path / "syndication.toml").write_text(text)
    (tmp_path / "publication.toml").write_text(world.publication_toml(whole))
    settings = service.load(tmp_path / "syndication.toml", tmp_path / "data", {})
    return settings, publication.load(settings.publication_file, base_url=settings.service.base_url)


def test_mail_goes_to_the_outbox_and_only_partners_may_be_reached(files, whole):
    settings, _ = files
    assert settings.mail.transport is Transport.SPOOL
    assert settings.mail.from_address == "desk@example.org"
    assert settings.service.private_listen == "127.0.0.1:18081"
    policy = AddressPolicy(settings.outbound.allow)
    for address in whole.addresses:
        host, _, port = address.partition(":")
        assert policy.judge(host, int(port)) is None
        assert policy.judge(host, 1) is not None


def test_the_publication_has_all_that_a_mail_must_carry(files):
    _, found = files
    about = found.publication
    assert about.title == "The Long Shore"
    assert about.publisher and about.description
    assert len(about.address.splitlines()) == 3
    assert about.privacy_url == "https://news.example.org/privacy"
    assert about.contact == "desk@example.org"


def test_four_sources_are_declared_with_what_was_agreed(files, whole):
    _, found = files
    sources = {one.value.slug: one.value for one in found.declared.sources}
    assert {slug: source.url for slug, source in sources.items()} == dict(whole.feed_urls)
    assert {source.poll_seconds for source in sources.values()} == {60}
    agreed = {slug: (source.rights.text, source.rights.images) for slug, source in sources.items()}
    assert agreed == {
        "harbour-daily": (TextRight.FULL, ImageRight.OWN_CREDIT),
        "hill-post": (TextRight.EXCERPT, ImageRight.OWN_CREDIT),
        "valley-letter": (TextRight.FULL, ImageRight.ALL),
        "coast-courier": (TextRight.FULL, ImageRight.OWN_CREDIT),
    }


def test_feeds_and_newsletters(files):
    _, found = files
    topics = [one.value.slug for one in found.declared.topics]
    assert [one.value.slug for one in found.declared.feeds] == ["all", *topics]
    letters = {one.value.slug: one.value for one in found.declared.newsletters}
    assert {slug: letter.schedules[0].cadence for slug, letter in letters.items()} == {
        "morning": Cadence.DAILY,
        "weekly": Cadence.WEEKLY,
    }
    assert f"{letters['morning'].schedules[0].at:%H:%M}" == "07:00"


def test_every_story_has_a_topic_and_every_topic_has_stories(files):
    _, found = files
    topics = [one.value for one in found.declared.topics]
    told = set()
    for source in (one.value for one in found.declared.sources):
        for entry in parse_feed(get(source.url), url=source.url).entries:
            article = an_article(title=entry.title, excerpt=entry.summary_html or "", categories=entry.categories)
            decided = [slug for slug, _ in decide(article, source, topics)]
            assert 1 <= len(decided) <= 3, entry.title
            told.update(decided)
    assert told == {topic.slug for topic in topics}
