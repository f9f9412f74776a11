"""Every job, then every job again: the second round changes nothing and mails nobody. And what one round makes.

The rounds run in this process, on each database, with real partners over HTTP and a clock that can be set: a morning
is a jump. What readers and feed readers see of it is asked of the real service, over HTTP.
"""

import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import feedparser
import pytest
import time_machine

from syndication.demo import world
from syndication.demo.partners import Partners
from syndication.demo.readers import sample_readers
from syndication.demo.stories import STORIES
from syndication.demo.story import Story
from syndication.engine.local import LocalEngine
from syndication.jobs import subscribe
from syndication.jobs.reconcile import reconcile
from syndication.model.subscriber import Consent
from syndication.storage import publication, schema
from syndication.storage.due import Agenda
from syndication.wiring import House, now
from tests.conftest import free_port
from tests.journeys.service import Service, make_all_due, quiet_zone, until

pytestmark = pytest.mark.timeout(300)

EVENING = datetime(2026, 5, 6, 18, 0, tzinfo=UTC)
SLOT = datetime(2026, 5, 7, 6, 0, tzinfo=UTC)
"""Seven in the morning in London."""

DIARY = {"source": {"next_poll_at", "token", "last_ok_at", "last_outcome", "rhythm"}}
"""Columns about our asking: when, what came of it, what of a partner's rhythm has faded since. Each round moves them.

So does `fetch_log`, a line for each time we asked.
"""

PASSES_MAX = 20


# -- rounds


@dataclass
class Day:
    house: House
    partners: Partners
    engine: LocalEngine
    clock: time_machine.Traveller

    def round(self) -> None:
        """Every job once, in the order of the flow; then whatever the rows say is due, until they say nothing."""
        make_all_due(self.house, now())
        for task in ("collect", "publish", "open-slots", "notify", "tidy"):
            self.engine.wake(task)
            assert self.engine.rest(120), task
        for _ in range(PASSES_MAX):
            due = reconcile(Agenda(self.house.database), self.engine, now())
            assert self.engine.rest(120)
            if not any(asdict(due).values()):
                return
        raise AssertionError(f"something is always due: {due}")

    def dump(self) -> dict[str, list[str]]:
        """All that is known: every row of every table, and the outbox."""
        found = {"outbox": sorted(path.name for path in (self.house.settings.data / "outbox").glob("*.eml"))}
        with self.house.database.read() as connection:
            for table in schema.metadata.sorted_tables:
                if table.name != "fetch_log":
                    columns = [column for column in table.c if column.name not in DIARY.get(table.name, ())]
                    found[table.name] = sorted(
                        map(repr, connection.execute(table.select().with_only_columns(*columns)))
                    )
        return found

    def rows(self, table: str) -> list[dict[str, Any]]:
        with self.house.database.read() as connection:
            found = getattr(schema, table)
            return [dict(row._mapping) for row in connection.execute(found.select().order_by(found.c.id))]

    def mails(self) -> Counter[str]:
        """Mails in the outbox by address and subject's first words."""
        files = (self.house.settings.data / "outbox").glob("*.eml")
        mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
        return Counter(f"{mail['To']}: {mail['Subject'].partition(':')[0]}" for mail in mails)


@pytest.fixture
def day(database_url: str, tmp_path: Path) -> Iterator[Day]:
    with time_machine.travel(EVENING) as clock, Partners() as partners:
        house = a_house(tmp_path, partners, database_url)
        with house.database.write() as connection:
            publication.apply(connection, house.declared, now())
        engine = house.engine()
        engine.start()
        yield Day(house, partners, engine, clock)
        assert engine.stop(60)
        house.close()


def a_house(directory: Path, partners: Partners, database_url: str) -> House:
    config = directory / "config"
    config.mkdir()
    listen = f"127.0.0.1:{free_port()}"
    settings = world.syndication_toml(
        listen=listen, private_listen=listen, base_url=f"http://{listen}", allow=partners.addresses
    )
    (config / "syndication.toml").write_text(f'{settings}\n[database]\nurl = "{database_url}"\n', encoding="utf-8")
    (config / "publication.toml").write_text(world.publication_toml(partners), encoding="utf-8")
    return House.open(config / "syndication.toml", directory / "data")


def test_the_second_round_changes_nothing_and_mails_nobody(day: Day) -> None:
    first, *others = sample_readers(5)
    consent = Consent(text="by word of mouth", form="test", asked_at=now())
    house = day.house
    for address in others:
        subscribe.add(address, "morning", consent, registry=house.registry, key=house.address_key, locale="en")
    subscribe.sign_up(
        first, ["morning"], consent, registry=house.registry, key=house.address_key, locale="en", wake=lambda: None
    )

    day.round()  # the first polls, and the mail that asks for a yes
    assert day.mails() == {f"{first}: Please confirm": 1}
    day.round()
    unchanged(day, "the evening")

    day.partners.publish(1)
    day.clock.move_to(SLOT - timedelta(minutes=5))
    day.round()
    unchanged(day, "before the slot")
    assert day.mails().total() == 1

    day.clock.move_to(SLOT + timedelta(seconds=1))
    day.round()
    digests = {f"{address}: The Long Shore, this morning": 1 for address in others}
    assert day.mails() == {f"{first}: Please confirm": 1, **digests}
    unchanged(day, "after the slot")

    day.partners.correct()
    day.clock.shift(timedelta(hours=1))
    day.round()
    assert [row["rev"] for row in day.rows("article")].count(2) == 1
    unchanged(day, "after a correction")
    assert day.mails() == {f"{first}: Please confirm": 1, **digests}, "a correction mails nobody anew"

    day.clock.move_to(SLOT + timedelta(days=1, seconds=1))
    day.round()
    assert day.rows("edition")[-1]["state"] == "settled"
    corrected = {f"{address}: The Long Shore, this morning": 2 for address in others}
    assert day.mails() == {f"{first}: Please confirm": 1, **corrected}, "it is told to those who got the old text"
    unchanged(day, "the next morning")

    day.clock.move_to(SLOT + timedelta(days=2, seconds=1))
    day.round()
    skipped = day.rows("edition")[-1]
    (skipped,) = (row for row in day.rows("edition") if row["slot_local"] == "2026-05-09T07:00")
    assert skipped["state"] == "skipped" and skipped["reason"].startswith("nothing new since")
    assert day.mails().total() == 9


def unchanged(day: Day, when: str) -> None:
    """One more round, and whatever is another than before is named."""
    before = day.dump()
    day.round()
    after = day.dump()
    differ = {name: sorted(set(before[name]) ^ set(after[name]))[:4] for name in before if before[name] != after[name]}
    assert not differ, f"{when}: {differ}"


# -- what one round makes


HILLS = """
[newsletter.hills]
title = "The Long Shore, uphill"
topics = ["hills"]
zone = "{zone}"
"""
READER, WALKER = "reader@readers.example", "walker@readers.example"


@dataclass
class Made:
    """A morning's work of the service: stories collected, published and mailed."""

    service: Service
    partners: Partners

    def feed(self, slug: str) -> Any:
        return feedparser.parse(self.service.get(f"/feeds/{slug}.atom").body)

    def documents(self) -> dict[str, str]:
        """Every feed in every format."""
        slugs = [row["slug"] for row in self.service.rows("feed")]
        paths = [f"/feeds/{slug}.{ending}" for slug in slugs for ending in ("rss", "atom", "json")]
        return {path: self.service.get(path).text for path in paths}

    def article_id(self, title: str) -> int:
        return next(row["article_id"] for row in self.service.rows("article_revision") if row["title"] == title)

    def page(self, title: str) -> str:
        return self.service.get(f"/articles/{self.article_id(title)}").text

    def mail(self, to: str, kind: str = "plain") -> str:
        """The first that they got."""
        *_, mail = self.service.mails(to)
        return text_of(mail, kind)


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    with Partners() as partners:
        publication = world.publication_toml(partners, zone=quiet_zone()) + HILLS.format(zone=quiet_zone())
        with Service(tmp_path_factory.mktemp("made"), partners, publication=publication) as service:
            service.wait_first_polls()
            for address, newsletter in ((READER, "morning"), (WALKER, "hills")):
                service.command("subscriber", "add", address, "--newsletter", newsletter, "--consent", "asked")
            partners.publish(1)
            service.collect(*(story.title for story in STORIES if story.wave == 1))
            service.mail_edition("morning")
            service.mail_edition("hills")
            service.wait_published()
            yield Made(service, partners)


def test_a_partners_copy_is_the_same_story_and_credited_to_its_originator(made: Made) -> None:
    copy = next(story for story in STORIES if story.originator and story.wave == 1)
    original = next(story for story in STORIES if story.slug == "river-gates-close-in-earnest")
    told = [entry.title for entry in made.feed("all").entries]
    assert original.title in told and copy.title not in told, "one story, told by its originator"
    page = made.page(original.title)
    assert "Also in" in page and "Coast Courier" in page.split("Also in")[1]
    for text in (made.mail(READER), made.mail(READER, "html")):
        assert original.title in text and copy.title not in text
        assert "Also in" in text and "Coast Courier" in text


def test_a_correction_reaches_feed_and_page_under_the_same_id(made: Made) -> None:
    story = next(story for story in STORIES if story.correction)
    assert story.correction is not None
    wrong, right, note = story.correction.wrong, story.correction.right, story.correction.note
    before = the_entry(made, story)
    assert wrong in before.content[0].value and wrong in made.page(story.title)
    article, count = made.article_id(story.title), len(made.service.mails(READER))
    made.partners.correct()
    made.service.command("source", "poll", "--all")
    until("the correction", lambda: any(row["rev"] == 2 for row in made.service.rows("article")))
    made.service.wait_published()
    entry = the_entry(made, story)
    assert (entry.id, entry.link, entry.published) == (before.id, before.link, before.published)
    assert entry.updated_parsed > before.updated_parsed
    for text in (entry.content[0].value, made.page(story.title)):
        assert right in text and note in text and wrong not in text
    assert made.article_id(story.title) == article and "Corrected on" in made.page(story.title)
    made.service.mail_edition("morning")
    told = [text_of(mail) for mail in made.service.mails(READER)]
    assert len(told) == count + 1, "who has the old text is told once"
    (mail,) = (text for text in told if "Corrected since we mailed it" in text)
    assert note in " ".join(mail.split()) and story.title in mail
    assert len(made.service.mails(WALKER)) == 1 and story.title not in made.mail(WALKER), "and nobody else"


def the_entry(made: Made, story: Story) -> Any:
    (entry,) = (entry for entry in made.feed("all").entries if entry.title == story.title)
    return entry


def test_topics_decide_what_is_in_a_feed_and_in_a_newsletter(made: Made) -> None:
    listed = {row["id"]: row for row in made.service.asked("article", "list", "--limit", "100")}
    titles_of = {
        slug: {row["title"] for row in listed.values() if slug in row["topics"]}
        for slug in ("harbour", "hills", "culture", "town-hall", "weather")
    }
    everything = {entry.title for entry in made.feed("all").entries}
    assert all(titles_of.values()) and len(everything) == 15
    for slug, titles in titles_of.items():
        assert {entry.title for entry in made.feed(slug).entries} == titles & everything, slug
    mailed = made.mail(WALKER)
    news = {story.title for story in STORIES if story.wave == 1}
    assert {title for title in news if title in mailed} == titles_of["hills"] & everything & news
    assert titles_of["hills"] & everything & news


@pytest.mark.parametrize(("edition", "newsletter", "to"), [(1, "morning", READER), (2, "hills", WALKER)])
def test_ren_15_page_feed_and_mails_of_an_edition_have_one_list(
    made: Made, edition: int, newsletter: str, to: str
) -> None:
    made.service.command("feed", "build", "--all")  # feeds of editions look by themselves each quarter of an hour
    page = re.search(r"<main.*</main>", made.service.get(f"/editions/{edition}").text, re.S)
    assert page is not None
    ids = [int(id) for id in re.findall(r'<h[23][^>]*><a href="/articles/(\d+)"', page[0])]
    (listed,) = (
        item["content_html"]
        for item in json.loads(made.service.get(f"/feeds/editions-{newsletter}.json").body)["items"]
        if item["id"].endswith(f"/editions/{edition}")
    )
    assert ids and ids == told_in(made, listed) == told_in(made, made.mail(to)) == told_in(made, made.mail(to, "html"))


def told_in(made: Made, text: str) -> list[int]:
    """The articles whose titles stand in a text, in the order in which they do: not counting a mail's preview line."""
    text = " ".join(html.unescape(text).split())
    places = {row["article_id"]: text.rfind(row["title"]) for row in made.service.rows("article_revision")}
    return sorted((id for id, place in places.items() if place >= 0), key=places.__getitem__)


def test_a_partner_that_granted_an_excerpt_is_nowhere_shown_in_full(made: Made) -> None:
    theirs = [story for story in STORIES if story.partner == "hill-post" and story.wave <= 1]
    everywhere = made.documents()
    everywhere |= {story.title: made.page(story.title) for story in theirs}
    everywhere |= {f"edition {n}": made.service.get(f"/editions/{n}").text for n in (1, 2)}
    everywhere |= {f"mail {to} {kind}": made.mail(to, kind) for to in (READER, WALKER) for kind in ("plain", "html")}
    everywhere["rows"] = json.dumps(made.service.rows("article_revision"), default=str, ensure_ascii=False)
    for story in theirs:
        for paragraph in story.text.strip().split("\n\n"):
            words = " ".join(paragraph.split()[:8])
            assert [where for where, text in everywhere.items() if words in text] == [], words
        assert " ".join(story.summary.split())[:60] in made.page(story.title)
        assert f'href="{house_of(made, story)}' in made.page(story.title)
    full = next(story for story in STORIES if story.partner == "valley-letter" and story.wave == 1)
    words = " ".join(full.text.split()[:8])
    assert words in made.page(full.title) and words in everywhere["/feeds/all.json"], "who granted it is shown in full"


def house_of(made: Made, story: Story) -> str:
    return next(house for house in made.partners.houses if house.slug == story.partner).url_of(story)
