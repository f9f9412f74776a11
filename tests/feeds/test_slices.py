"""The feeds that come by themselves, and what a declared one takes the place of."""

from syndication.feeds.slices import with_slices
from syndication.model.choice import Choice
from tests.builders import a_declared, a_feed, a_newsletter, a_topic


def slugs(**given):
    return [feed.value.slug for feed in with_slices(a_declared(**given), "Sound & Shore").feeds]


def test_the_whole_each_topic_partner_newsletter_and_its_editions_has_a_feed():
    made = with_slices(a_declared(feeds=[]), "Sound & Shore").feeds
    assert [feed.value.slug for feed in made] == [
        "all",
        "topic-harbour",
        "partner-harbour-daily",
        "newsletter-morning",
        "editions-morning",
    ]
    assert [feed.value.choice for feed in made][:3] == [
        Choice(),
        Choice(topics=("harbour",)),
        Choice(partners=("harbour-daily",)),
    ]
    assert made[0].value.title == "Sound & Shore"
    assert made[-1].value.newsletter == "morning"
    assert all(feed.declared.startswith("publication.toml:") for feed in made)


def test_a_declared_feed_of_the_same_choice_or_name_stands_in_its_place():
    sea = a_feed(slug="sea", choice=Choice(topics=("harbour",)))
    assert slugs(feeds=[sea]) == ["sea", "all", "partner-harbour-daily", "newsletter-morning", "editions-morning"]
    named = a_feed(slug="topic-harbour", choice=Choice(topics=("harbour", "hills")))
    assert slugs(feeds=[named]).count("topic-harbour") == 1


def test_a_newsletter_of_everything_has_a_feed_under_its_own_name():
    letter = a_newsletter(choice=Choice(topics=("harbour",)))
    made = slugs(feeds=[a_feed()], topics=[a_topic()], newsletters=[letter])
    assert made == ["all", "topic-harbour", "partner-harbour-daily", "newsletter-morning", "editions-morning"]


def test_nothing_declared_nothing_made():
    assert slugs(sources=[], partners=[], topics=[], feeds=[], newsletters=[]) == []
