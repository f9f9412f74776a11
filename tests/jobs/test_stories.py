"""One story once, as its tellings come over weeks: copies, old stories published again, excerpts that become whole."""

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from syndication.articles.permit import may
from syndication.editions.plan import is_stale
from syndication.model.choice import Cadence
from syndication.model.rights import Channel, Rights, TextRight
from syndication.model.source import ArticleFrom, Source, SourceKind, Validators
from syndication.sources.fetch import request_for
from syndication.storage import editions
from syndication.storage.database import Database
from syndication.storage.schema import edition, edition_item, newsletter, quarantine
from tests.builders import NOW, a_partner, a_source
from tests.jobs.test_collect import House
from tests.world import item, rss

WORDS = (
    "The bell of the old ferry rang again on the quay, where two hundred people had waited since the morning. It "
    "had lain in a shed behind the school for thirty years until a teacher found it under a tarpaulin. The smith "
    "of the village made a new clapper, and the council paid for the oak beam that carries it. “It sounds as it "
    "did when I was a boy,” said the last master of the ferry, who is ninety-one. From now on it is to be rung "
    "when the first boat of the day leaves for the islands, and once a year for those who did not come home."
)
TEXT = f"{WORDS} Nobody who stood there went home before it had grown dark, and the baker gave away her last loaves."


def a_house(database: Database, *sources: Source) -> House:
    house = House(database)
    house.declare(*sources)
    return house


def of(name: str, **given: Any) -> Source:
    home = f"https://{name}.example/"
    partner = a_partner(slug=name, name=name.title(), homepage=home)
    return a_source(id=0, slug=name, url=f"{home}feed", partner=partner, **given)


def tell(house: House, name: str, text: str, *, n: int = 1, date: str = "", **given: str) -> None:
    written = item(
        f"{name}-{n}",
        text=text,
        link=f"https://{name}.example/news/{n}",
        guid=f"{name}-{n}",
        title=given.get("title", f"The bell, by {name}"),
        date=date or f"{house.now:%a, %d %b %Y %H:%M:%S} GMT",
    )
    house.world.puts(f"https://{name}.example/feed", rss(written))


def both(house: House) -> dict[str, Any]:
    return {one.partner.slug: one for one in house.stored(leaders_only=False)}


def test_a_copy_twenty_days_later_is_the_same_story_and_keeps_its_first_date(database: Database) -> None:
    house = a_house(database, of("harbour"), of("courier"))
    tell(house, "harbour", TEXT)
    house.collect()
    house.now += timedelta(days=20)
    tell(house, "courier", TEXT)
    assert house.later().new == 1
    found = both(house)
    assert found["courier"].story_id == found["harbour"].story_id and found["harbour"].leads
    again = found["courier"].article
    assert again.published_at == found["harbour"].article.published_at == NOW
    assert again.republished_at == NOW + timedelta(days=20)
    assert is_stale(found["courier"]), "were it to lead, no edition would call it news"


def test_a_copy_of_the_same_day_keeps_its_own_date(database: Database) -> None:
    house = a_house(database, of("harbour"), of("courier"))
    tell(house, "harbour", TEXT)
    house.collect()
    house.now += timedelta(hours=5)
    tell(house, "courier", TEXT)
    house.later()
    assert both(house)["courier"].article.published_at == NOW + timedelta(hours=5)
    assert both(house)["courier"].article.republished_at is None


def test_a_partner_that_dates_an_old_entry_today_moves_nothing(database: Database) -> None:
    house = a_house(database, of("harbour"))
    tell(house, "harbour", TEXT)
    house.collect()
    house.now += timedelta(days=30)
    tell(house, "harbour", f"{TEXT} The bell is to be painted in spring.")
    house.later()
    (one,) = house.stored()
    assert (one.rev, one.article.published_at) == (2, NOW)
    assert one.article.republished_at == NOW + timedelta(days=30)


def news(house: House) -> list[str]:
    """Whose telling the next daily edition would have."""
    day = timedelta(days=1)
    with house.database.read() as connection:
        found = editions.candidates(
            connection, 1, Cadence.DAILY, seen_since=house.now - day, seen_before=house.now + day, limit=9
        )
    return [one.partner.slug for one in found]


def test_a_copy_in_another_sources_first_list_may_lead_and_takes_no_news_away(database: Database) -> None:
    house = a_house(database, of("harbour"), of("courier"))
    tell(house, "harbour", "Nothing else happened on the quay today.", n=9)
    house.world.down.add("courier.example")
    house.collect()
    tell(house, "harbour", TEXT)
    house.later()
    assert news(house) == ["harbour"]
    house.world.down.clear()
    tell(house, "courier", TEXT, date="Thu, 07 May 2026 05:00:00 GMT")
    house.later(hours=12)
    found = both(house)
    assert found["courier"].leads and found["courier"].backfill
    assert news(house) == ["courier"], "the story is told, by whoever leads it"


def test_a_later_copy_makes_no_news_of_a_first_list(database: Database) -> None:
    house = a_house(database, of("harbour"), of("courier"))
    tell(house, "harbour", TEXT)
    tell(house, "courier", "Nothing else happened on the quay today.", n=9)
    house.collect()
    tell(house, "courier", TEXT)
    house.later()
    tellings = [one.story_id for one in house.stored(leaders_only=False) if one.article.text.startswith(TEXT[:40])]
    assert len(tellings) == 2 and len(set(tellings)) == 1
    assert news(house) == []


OURS = "https://news.example.org"


def test_our_own_story_comes_back_through_no_list_of_a_partners(database: Database) -> None:
    source = of("harbour", kind=SourceKind.WORDPRESS)
    house = a_house(database, source)
    posts = [
        {
            "id": n,
            "guid": {"rendered": link},
            "link": link,
            "date_gmt": "2026-05-07T05:00:00",
            "title": {"rendered": f"The bell rings, part {n}"},
            "content": {"rendered": f"<p>{TEXT}</p>"},
        }
        for n, link in ((1, "https://harbour.example/the-bell/"), (2, f"{OURS}/articles/7"))
    ]
    asked = request_for(source, Validators(), unconditional=True).url
    house.world.puts(asked, json.dumps(posts), type="application/json")
    assert house.collect(base_url=OURS).new == 1
    assert [one.article.url for one in house.stored()] == ["https://harbour.example/the-bell/"]
    (row,) = house.rows(sa.select(quarantine.c.reason))
    assert "link" in row.reason


# -- an excerpt that becomes whole -------------------------------------------------------------------------------------


def test_an_excerpt_that_becomes_whole_leads_the_story_that_it_is_in(database: Database) -> None:
    house = a_house(database, of("harbour"), of("courier"))
    tell(house, "courier", TEXT)
    house.collect()
    tell(house, "harbour", " ".join(TEXT.split()[:55]) + " […]", date="Thu, 07 May 2026 05:00:00 GMT")
    house.later()
    assert not both(house)["harbour"].leads, "an excerpt does not lead a whole text"
    tell(house, "harbour", TEXT, date="Thu, 07 May 2026 05:00:00 GMT")
    house.later()
    found = both(house)
    assert found["harbour"].rev == 2 and found["harbour"].leads and not found["courier"].leads
    assert found["harbour"].story_id == found["courier"].story_id


SHORT = "A bell rings again on the quay."


def apart(database: Database) -> House:
    """A whole text, and one sentence of another partner that nothing tells for the same story."""
    house = a_house(database, of("courier"), of("harbour"))
    tell(house, "courier", TEXT)
    house.collect()
    tell(house, "harbour", SHORT)
    house.later()
    assert both(house)["harbour"].story_id != both(house)["courier"].story_id
    return house


def test_an_excerpt_that_turns_out_to_be_a_copy_joins_its_story(database: Database) -> None:
    house = apart(database)
    tell(house, "harbour", TEXT)
    house.later()
    found = both(house)
    assert found["harbour"].story_id == found["courier"].story_id
    assert [one.leads for one in (found["courier"], found["harbour"])] == [True, False]
    assert [link.partner for link in found["courier"].also_in] == ["Harbour"]
    assert len(house.stored()) == 1, "a story once"


def mailed(house: House, *names: str) -> None:
    """As if an edition had told these stories."""
    found = both(house)
    with house.database.write() as connection:
        one = connection.scalar(sa.select(newsletter.c.id))
        row = {"newsletter_id": one, "cadence": "daily", "slot_local": NOW, "due_at": NOW, "state": "settled"}
        named = {column.name for column in edition.c}
        extra = {"cutoff_at": NOW, "created_at": NOW, "reason": "", "slot_zone": "UTC"}
        row |= {name: value for name, value in extra.items() if name in named}
        (id,) = connection.execute(edition.insert().values(row).returning(edition.c.id)).one()
        for place, name in enumerate(names):
            told = {"edition_id": id, "newsletter_id": one, "cadence": "daily", "kind": "new", "rev": 1, "rev_key": 0}
            told |= {"story_id": found[name].story_id, "article_id": found[name].id, "position": place, "reason": ""}
            connection.execute(edition_item.insert().values(told))


@pytest.mark.parametrize("name", ["harbour", "courier"])
def test_the_story_that_was_mailed_is_the_one_that_stays(database: Database, name: str) -> None:
    house = apart(database)
    known = both(house)[name].story_id
    mailed(house, name)
    tell(house, "harbour", TEXT)
    house.later()
    assert {one.story_id for one in both(house).values()} == {known}


def test_two_stories_that_were_both_mailed_stay_apart_and_are_linked(database: Database) -> None:
    house = apart(database)
    before = {name: one.story_id for name, one in both(house).items()}
    mailed(house, "harbour", "courier")
    tell(house, "harbour", TEXT)
    house.later()
    assert {name: one.story_id for name, one in both(house).items()} == before
    (row,) = house.rows(sa.text("SELECT article_id, other_id FROM article_related"))
    assert set(row) == {one.id for one in both(house).values()}


# -- what pages ask of robots ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [SourceKind.FEED, SourceKind.LISTING])
def test_a_page_that_asks_robots_for_something_later_is_heard(database: Database, kind: SourceKind) -> None:
    source = of("harbour", kind=kind, article_from=ArticleFrom.PAGE, rights=Rights(text=TextRight.FULL))
    house = a_house(database, source)
    page, paragraphs = "https://harbour.example/news/1", TEXT.replace(". ", ".</p><p>")

    def put(head: str, stamp: str) -> None:
        body = f"<html><head><title>The bell</title>{head}</head><body><article><h1>The bell rings again</h1>"
        house.world.puts(page, f"{body}<p>{paragraphs}</p></article></body></html>", type="text/html")
        if kind is SourceKind.FEED:
            entry = item(
                1, text="Cut […]", link=page, title="The bell rings again", date="Thu, 07 May 2026 05:00:00 GMT"
            )
            house.world.puts(source.url, rss(entry, title=stamp))
        else:
            title, teaser = '<a href="/news/1">The bell rings again</a>', "It hung in a shed for years."
            linked = f"<article><h2>{title}</h2><p>{teaser}</p></article>"
            other = linked.replace("/news/1", "/news/2").replace("again", "no more")
            list_ = f"<html><body>{linked}{other}<p>{stamp}</p></body></html>"
            house.world.puts(source.url, list_, type="text/html")

    put("", "one")
    house.collect()
    one = next(each for each in house.stored() if each.article.url == page)
    assert not may(one, Channel.WEB, house.now).noindex
    put('<meta name="robots" content="noindex, noarchive">', "two")
    stale = house.stale()
    house.later(hours=25)
    now = next(each for each in house.stored() if each.article.url == page)
    assert (now.rev, now.article.signals.noindex, now.article.signals.noarchive) == (1, True, True)
    assert may(now, Channel.WEB, house.now).noindex
    assert house.stale() > stale
    before = house.everything()
    house.later(hours=2)
    assert house.everything()["article_revision"] == before["article_revision"]
