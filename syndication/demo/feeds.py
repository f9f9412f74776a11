"""What the sample partners syndicate: stories as told -> the bytes of RSS 2.0, Atom 1.0 or JSON Feed 1.1.

Plain text templates on purpose: a sample partner must not be built from the parts that it tries out.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from syndication.demo.house import House
from syndication.demo.story import Told

EXCERPT_WORDS = 55

_RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
     xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">
<channel>
<title>{title}</title>
<link>{home}</link>
<atom:link href="{feed}" rel="self" type="application/rss+xml"/>
<description>{description}</description>
<language>en-GB</language>
<lastBuildDate>{updated}</lastBuildDate>
{items}
</channel>
</rss>
"""
_ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB">
<title>{title}</title>
<subtitle>{description}</subtitle>
<id>{id}</id>
<updated>{updated}</updated>
<link rel="alternate" type="text/html" href="{home}"/>
<link rel="self" type="application/atom+xml" href="{feed}"/>
{items}
</feed>
"""


def rss_in_full(house: House, told: Sequence[Told]) -> bytes:
    """Standfirst as description, the whole story and its picture in content:encoded."""
    return _rss(house, told, lambda one: (one.story.summary, house.body_html(one)))


def rss_cut_short(house: House, told: Sequence[Told]) -> bytes:
    """What blog software makes of a story by itself: 55 words, "[…]", and a link back."""
    return _rss(house, told, lambda one: (_cut(house, one), ""))


def automatic_excerpt(told: Told) -> str:
    """The first 55 words, wherever that is, and "[…]"."""
    return " ".join(" ".join(told.paragraphs).split()[:EXCERPT_WORDS]) + " […]"


def atom_of_summaries(house: House, told: Sequence[Told]) -> bytes:
    items = "\n".join(_atom_entry(house, one) for one in told)
    return _ATOM.format(**_about(house), id=house.tag("feed"), updated=_changed(told).isoformat(), items=items).encode()


def json_feed(house: House, told: Sequence[Told]) -> bytes:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": house.name,
        "home_page_url": house.home,
        "feed_url": house.feed_url,
        "description": house.motto,
        "language": "en-GB",
        "items": [_json_item(house, one) for one in told],
    }
    return json.dumps(feed, ensure_ascii=False, indent=2).encode()


def _about(house: House) -> dict[str, str]:
    about = {"title": house.name, "description": house.motto, "home": house.home, "feed": house.feed_url}
    return {name: escape(text) for name, text in about.items()}


def _changed(told: Sequence[Told]) -> datetime:
    return max(one.updated for one in told)


def _rss(house: House, told: Sequence[Told], texts: Callable[[Told], tuple[str, str]]) -> bytes:
    items = "\n".join(_rss_item(house, one, *texts(one)) for one in told)
    return _RSS.format(**_about(house), updated=format_datetime(_changed(told)), items=items).encode()


def _rss_item(house: House, told: Told, description: str, content: str) -> str:
    story = told.story
    lines = [
        f"<title>{escape(story.title)}</title>",
        f"<link>{escape(house.url_of(story))}</link>",
        f"<dc:creator>{escape(story.byline)}</dc:creator>",
        f"<pubDate>{format_datetime(told.published)}</pubDate>",
        *(f"<category>{escape(category)}</category>" for category in story.categories),
        f'<guid isPermaLink="false">{escape(house.guid_of(story))}</guid>',
        f"<description>{_cdata(description)}</description>",
    ]
    if told.updated > told.published:
        lines.append(f"<atom:updated>{told.updated.isoformat()}</atom:updated>")
    if content:
        lines.append(f"<content:encoded>{_cdata(content)}</content:encoded>")
    if content and story.picture:
        lines.append(
            f'<media:content url={quoteattr(house.picture_url(story))} medium="image" type="image/png">'
            f"<media:description>{escape(story.picture.caption)}</media:description>"
            f"<media:credit>{escape(story.picture.credit)}</media:credit></media:content>"
        )
    return "<item>\n" + "\n".join(lines) + "\n</item>"


def _cut(house: House, told: Told) -> str:
    link, home = (quoteattr(address) for address in (house.url_of(told.story), house.home))
    return (
        f"<p>{escape(automatic_excerpt(told))}</p>\n<p>The post <a href={link}>{escape(told.story.title)}</a> "
        f"appeared first on <a href={home}>{escape(house.name)}</a>.</p>"
    )


def _cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _atom_entry(house: House, told: Told) -> str:
    story = told.story
    categories = "\n".join(f"<category term={quoteattr(category)}/>" for category in story.categories)
    return f"""<entry>
<title>{escape(story.title)}</title>
<id>{escape(house.guid_of(story))}</id>
<link rel="alternate" type="text/html" href={quoteattr(house.url_of(story))}/>
<published>{told.published.isoformat()}</published>
<updated>{told.updated.isoformat()}</updated>
<author><name>{escape(story.byline)}</name></author>
{categories}
<summary>{escape(story.summary)}</summary>
</entry>"""


def _json_item(house: House, told: Told) -> dict[str, object]:
    story = told.story
    item: dict[str, object] = {
        "id": house.guid_of(story),
        "url": house.url_of(story),
        "title": story.title,
        "summary": story.summary,
        "content_html": house.body_html(told),
        "date_published": told.published.isoformat(),
        "authors": [{"name": story.byline}],
        "tags": list(story.categories),
    }
    if told.updated > told.published:
        item["date_modified"] = told.updated.isoformat()
    if story.picture:
        item["image"] = house.picture_url(story)
    return item
