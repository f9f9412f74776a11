"""A law over all five outputs: what must stand with a text or a picture stands wherever either goes.

Mail, web page, RSS, Atom and JSON are made of one article by the parts that make them for readers.
"""

import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from syndication.articles.permit import may
from syndication.deliveries.personalize import Tags
from syndication.editions.plan import Selection
from syndication.editions.present import present
from syndication.feeds.build import build
from syndication.model.archive import House
from syndication.model.article import Figure, Permission, Stored
from syndication.model.feed import FeedFormat
from syndication.model.rights import Channel, ImageRight, Rights, Terms, TextRight
from syndication.rendering import Renderer
from syndication.subscribers.sign import Signer
from syndication.web.assets import Assets
from syndication.web.form import Stamps
from syndication.web.pages import Pages
from syndication.web.site import Site
from tests.builders import NOW, a_feed, a_newsletter, a_publication, a_stored
from tests.images import an_image

RENDERER = Renderer([Path(__file__).parents[2] / "templates"])
HOUSE = a_publication()
OUTPUTS = ("mail", "text", "web", *(format.value for format in FeedFormat))
BY = "https://creativecommons.org/licenses/by/4.0/"


def made(stored: Stored, output: str) -> tuple[str, Permission]:
    """The output, as readers get it, and what its channel was allowed."""
    if output in ("mail", "text"):
        permission = may(stored, Channel.MAIL, NOW)
        return (_mail(stored, permission, output) if permission.allowed else ""), permission
    if output == "web":
        permission = may(stored, Channel.WEB, NOW)
        return (_page(stored) if permission.allowed else ""), permission
    permission = may(stored, Channel.FEED, NOW)
    data = build(a_feed(), HOUSE, [(stored, permission)], FeedFormat(output)).data.decode()
    return (json.dumps(json.loads(data), ensure_ascii=False) if output == "json" else html.unescape(data)), permission


def _mail(stored: Stored, permission: Permission, output: str) -> str:
    digest = present(
        Selection(chosen=((stored, permission),)),
        newsletter=a_newsletter(),
        publication=HOUSE,
        topics=(),
        date=NOW.date(),
        web_url=f"{HOUSE.base_url}/editions/1",
    )
    mail = RENDERER.email("digest", digest=digest, tags=Tags("0a0b0c0d"))
    return mail.html if output == "mail" else mail.text


class OneArticle:
    """An archive that holds one article, and nothing beside it."""

    def __init__(self, stored: Stored) -> None:
        self.stored = stored

    def article(self, id: int) -> Stored | None:
        return self.stored if id == self.stored.id else None

    def house(self) -> House:
        return House((), (), (), ())

    def beside(self, *_: object, **__: object) -> tuple[tuple[Stored, ...], tuple[Stored, ...]]:
        return (), ()

    def __getattr__(self, name: str) -> Callable[..., tuple[()]]:
        return lambda *_, **__: ()


def _page(stored: Stored) -> str:
    templates = [Path(__file__).parents[2] / "templates"]
    site = Site(HOUSE, RENDERER.page, Assets(templates), lambda: NOW)
    pages = Pages(site, OneArticle(stored), Stamps(Signer((b"s" * 32,))))  # type: ignore[arg-type]
    scope = {"type": "http", "method": "GET", "headers": [], "path": "/", "path_params": {"id": str(stored.id)}}
    return bytes(pages.article(Request(scope)).body).decode()


def words_of(text: str) -> str:
    """One line, without markup, as its reader reads it."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", html.unescape(text))).replace("\\n", " ").split())


FIGURES = (
    Figure("https://harbour.example/own.jpg", "The quay.", "Lena Holm for Harbour Daily", "A quay"),
    Figure("https://harbour.example/agency.jpg", "The storm.", "Tor Bright/AFP"),
)

_rights = st.builds(
    Rights,
    text=st.sampled_from(TextRight),
    images=st.sampled_from(ImageRight),
    attribution=st.sampled_from(["First published by {publisher}", "Seen first in {publisher} & elsewhere", ""]),
    canonical=st.booleans(),
    noindex=st.booleans(),
    channels=st.lists(st.sampled_from(Channel), min_size=1, unique=True).map(tuple),
    image_channels=st.lists(st.sampled_from(Channel), unique=True).map(tuple),
    no_edit=st.booleans(),
)


@pytest.mark.parametrize("output", OUTPUTS)
@settings(max_examples=25, deadline=None)
@given(rights=_rights, licensed=st.booleans(), kept=st.booleans())
def test_required_lines_stand_wherever_a_text_or_a_picture_goes(output, rights, licensed, kept):
    stored = a_stored(
        rights=rights,
        figures=FIGURES,
        images=tuple(an_image(figure, hash=mark * 32) for figure, mark in zip(FIGURES, "ab", strict=True))
        if kept
        else (),
        terms=Terms(licence=BY if licensed else ""),
        body="<p>A body of its own.</p>",
    )
    told, permission = made(stored, output)
    words = words_of(told)
    if not permission.allowed:
        assert stored.article.title not in words
        return
    if permission.attribution:
        assert " ".join(permission.attribution.split()) in words
    assert (BY in told) or not (licensed and permission.excerpt)
    if stored.article.url:
        assert stored.article.url in told  # the way to the original is never lost
    # No picture without its credit, none that is denied, none from its publisher's address but as a link in words.
    own = "harbour.example/own.jpg" in told or "a" * 32 in told
    if own:
        assert "Lena Holm for Harbour Daily" in words
    assert own <= bool(permission.figures)
    for word in ("agency.jpg", "b" * 32, "Tor Bright"):
        assert word not in told
    assert not re.search(r"<img[^>]*harbour\.example", told)
    if output == "web" and permission.canonical and not permission.noindex:
        assert f'<link rel="canonical" href="{permission.canonical}">' in told
    if output == "web" and permission.noindex:
        assert 'content="noindex' in told
    if output == "json" and permission.noindex:
        assert '"noindex": true' in told


def test_a_mail_without_pictures_has_their_words():
    stored = a_stored(rights=Rights(), figures=FIGURES[:1], images=(an_image(FIGURES[0]),))
    told, _ = made(stored, "mail")
    (image,) = re.findall(r"<img[^>]*>", told)
    assert 'alt="A quay"' in image
    assert re.search(r'width="\d+"', image)
    assert re.search(r'height="\d+"', image)
    assert len(told.encode()) < 60_000
