"""The publication's feeds and partners as OPML 2.0, for feed readers. In: Publication, House. Out: bytes. Pure.

Partners are named with their home pages and our feeds of them. The addresses that we collect from stay ours: one may
hold a key.
"""

from xml.sax.saxutils import escape, quoteattr

from syndication.model.archive import House
from syndication.model.feed import Feed, Publication
from syndication.model.source import Partner
from syndication.web.present import feed_for


def opml(publication: Publication, house: House) -> bytes:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"<head><title>{escape(publication.title)}</title></head>",
        "<body>",
        *_group(publication.title, [_feed(publication, feed) for feed in house.feeds]),
        *_group("Partners", [_partner(publication, house, partner) for partner in house.partners]),
        "</body>",
        "</opml>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _group(title: str, outlines: list[str]) -> list[str]:
    return [f"<outline text={quoteattr(title)}>", *outlines, "</outline>"] if outlines else []


def _feed(publication: Publication, feed: Feed, *, title: str = "", home: str = "") -> str:
    url = f"{publication.base_url}/feeds/{feed.slug}"
    name = quoteattr(title or feed.title)
    return (
        f'<outline type="rss" text={name} title={name} description={quoteattr(feed.description)} '
        f"xmlUrl={quoteattr(url + '.atom')} htmlUrl={quoteattr(home or url)}/>"
    )


def _partner(publication: Publication, house: House, partner: Partner) -> str:
    feed = feed_for(house.feeds, partner=partner.slug)
    if feed is not None:
        return _feed(publication, feed, title=partner.name, home=partner.homepage)
    return f'<outline type="link" text={quoteattr(partner.name)} url={quoteattr(partner.homepage)}/>'
