"""Another partner's copy is linked where it may be shown itself: on its story's page, and in a mail."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from syndication.jobs import compose, read, tellings
from syndication.model.article import ArticleState, StoryLink
from syndication.model.rights import Channel, Rights
from syndication.storage import schema, values
from syndication.storage.archive import Archive
from syndication.storage.database import Database
from tests.builders import NOW, a_stored, an_article, put_article
from tests.pressroom import PressRoom

RIGHTS: list[tuple[Rights, set[Channel]]] = [
    (Rights(), {Channel.WEB, Channel.MAIL}),
    (Rights(channels=(Channel.WEB,)), {Channel.WEB}),
    (Rights(channels=(Channel.MAIL,)), {Channel.MAIL}),
    (Rights(embargo_minutes=60 * 24 * 3), set()),
    (Rights(expiry_days=1), set()),
]
NAMES = ["granted", "web alone", "mail alone", "embargo", "ended"]


@pytest.mark.parametrize(("rights", "channels"), RIGHTS, ids=NAMES)
def test_a_copy_is_linked_where_it_may_go_out_itself(
    database: Database, tmp_path: Path, rights: Rights, channels: set[Channel]
) -> None:
    room = PressRoom(database, tmp_path, readers=1, stories=1)
    with database.write() as connection:
        row = dict(connection.execute(schema.source.select().where(schema.source.c.id == 1)).mappings().one())
        partner = schema.partner.insert().values(slug="bay", name="Bay Bugle", homepage="https://bay.example/")
        id = connection.execute(partner.returning(schema.partner.c.id)).scalar_one()
        other = {"partner_id": id, "slug": "bay", "url": "https://bay.example/feed"}
        row = {name: value for name, value in row.items() if name != "id"} | other
        source = schema.source.insert().values(row | {"rights": values.rights_to_json(rights)})
        source_id = connection.execute(source.returning(schema.source.c.id)).scalar_one()
        copy = an_article(source_id=source_id, url="https://bay.example/copy", first_seen_at=NOW - timedelta(days=2))
        put_article(connection, copy, story_id=1, leads=False)
    shown = read.article(Archive(database), room.stories[0], room.clock())
    draft = compose.preview("morning", room.desk)
    assert shown is not None and not isinstance(draft, str)
    assert [link.partner for link in shown.shown.stored.also_in] == ["Bay Bugle"] * (Channel.WEB in channels)
    for text in (draft.rendered.html, draft.rendered.text):
        assert ("https://bay.example/copy" in text) is ("Bay Bugle" in text) is (Channel.MAIL in channels)


def test_what_stands_alone_asks_for_nothing() -> None:
    def read(ids: object) -> list[object]:
        raise AssertionError("asked for")

    stored = a_stored(id=1)
    assert tellings.permitted([stored], read, Channel.WEB, NOW) == [stored]  # type: ignore[arg-type]


def test_each_story_keeps_its_own_links_and_their_order() -> None:
    known = {id: a_stored(id=id) for id in (5, 6, 7)} | {8: a_stored(id=8, state=ArticleState.HELD)}
    links = {id: StoryLink(id, "t", f"https://bay.example/{id}", "Bay Bugle") for id in (5, 6, 7, 8, 9)}
    first, second = a_stored(id=1, also_in=(links[7], links[8], links[5])), a_stored(id=2, also_in=(links[9], links[6]))
    found = tellings.permitted([first, second], lambda ids: [known[id] for id in ids if id in known], Channel.WEB, NOW)
    assert found == [replace(first, also_in=(links[7], links[5])), replace(second, also_in=(links[6],))]
