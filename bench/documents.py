"""Feeds as publishers write them. In: a kind, a seed. Out: bytes.

The bodies are what a WordPress theme gives: paragraphs with a link each, emphasis, a heading, a list, a quotation, a
picture with its caption. Nothing is copied from anybody.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from words import Prose

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
SITE = "https://harbour-daily.example"


def body(prose: Prose, characters: int) -> str:
    """HTML of about so many characters."""
    parts: list[str] = []
    length = 0
    while length < characters:
        part = _block(prose, len(parts))
        parts.append(part)
        length += len(part) + 1
    return "\n".join(parts)


def _block(prose: Prose, place: int) -> str:
    if place == 2:
        return _picture(prose)
    if place % 9 == 4:
        return f"<h3>{prose.title()}</h3>"
    if place % 9 == 6:
        return f"<blockquote><p>{prose.paragraph(150)}</p></blockquote>"
    if place % 9 == 8:
        items = "".join(f'<li><a href="{_address(prose)}">{prose.title()}</a></li>' for _ in range(4))
        return f"<ul>{items}</ul>"
    return f"<p>{_with_links(prose, prose.paragraph(380))}</p>"


def _with_links(prose: Prose, text: str) -> str:
    words = text.split()
    at = prose.chance.randrange(1, len(words) - 8)
    words[at] = f'<a href="{_address(prose)}" target="_blank" rel="noopener">{words[at]}'
    words[at + 2] += "</a>"
    words[at + 5] = f"<em>{words[at + 5]}</em>"
    if prose.chance.random() < 0.3:
        words[0] = f"<strong>{words[0]}</strong>"
    return " ".join(words).replace("; ", "&nbsp;&amp; ")


def _picture(prose: Prose) -> str:
    number = prose.chance.randrange(10_000)
    return (
        f'<figure class="wp-block-image size-large"><img loading="lazy" width="1024" height="683" '
        f'src="{SITE}/wp-content/uploads/2026/03/{number}-1024x683.jpg" alt="{prose.title()}" '
        f'class="wp-image-{number}" srcset="{SITE}/wp-content/uploads/2026/03/{number}-1024x683.jpg 1024w, '
        f'{SITE}/wp-content/uploads/2026/03/{number}-300x200.jpg 300w" sizes="(max-width: 1024px) 100vw, 1024px">'
        f'<figcaption class="wp-element-caption">{prose.sentence()}</figcaption></figure>'
    )


def _address(prose: Prose) -> str:
    return f"{SITE}/2026/03/{'-'.join(prose.words(4))}/"


def rss(prose: Prose, *, entries: int, characters: int, title: str = "Harbour Daily") -> bytes:
    """RSS 2.0 with whole texts, as WordPress writes it."""
    items = []
    for number in range(entries):
        html = body(prose, characters)
        items.append(
            f"<item>\n\t\t<title>{escape(prose.title())} &#8211; {escape(prose.title())}</title>\n"
            f"\t\t<link>{_address(prose)}</link>\n\t\t<comments>{_address(prose)}#respond</comments>\n"
            f"\t\t<dc:creator><![CDATA[{prose.title()[:18].strip()}]]></dc:creator>\n"
            f"\t\t<pubDate>{_rfc822(number)}</pubDate>\n"
            f"\t\t<category><![CDATA[{prose.words(1)[0]}]]></category>\n"
            f"\t\t<category><![CDATA[{prose.words(1)[0]}]]></category>\n"
            f'\t\t<guid isPermaLink="false">{SITE}/?p={prose.chance.randrange(10**9)}</guid>\n'
            f"\t\t<description><![CDATA[<p>{prose.paragraph(300)} [&#8230;]</p>\n]]></description>\n"
            f"\t\t<content:encoded><![CDATA[{html}\n]]></content:encoded>\n"
            f"\t\t<slash:comments>0</slash:comments>\n\t</item>\n"
        )
    return _channel(title, "\t".join(items))


def summaries(prose: Prose, *, entries: int, characters: int = 560, title: str = "Harbour Daily") -> bytes:
    """RSS 2.0 with a title, a link and a few sentences for each story."""
    items = []
    for number in range(entries):
        items.append(
            f"<item><title>{escape(prose.title())}</title><link>{_address(prose)}</link>"
            f'<guid isPermaLink="true">{SITE}/stories/{prose.chance.randrange(10**9)}</guid>'
            f"<pubDate>{_rfc822(number)}</pubDate><category>{prose.words(1)[0]}</category>"
            f"<description>{escape(f'<p>{prose.paragraph(characters)}</p>')}</description></item>\n"
        )
    return _channel(title, "".join(items))


def atom(prose: Prose, *, entries: int, characters: int) -> bytes:
    """Atom 1.0, content as escaped HTML."""
    parts = []
    for number in range(entries):
        moment = (START + timedelta(hours=number)).isoformat().replace("+00:00", "Z")
        parts.append(
            f"<entry><title type='html'>{escape(escape(prose.title()))}</title>"
            f"<link rel='alternate' type='text/html' href='{_address(prose)}'/>"
            f"<id>tag:harbour-daily.example,2026:{prose.chance.randrange(10**9)}</id>"
            f"<updated>{moment}</updated><published>{moment}</published>"
            f"<author><name>{prose.title()[:18].strip()}</name><uri>{SITE}/people</uri></author>"
            f"<category term='{prose.words(1)[0]}'/>"
            f"<content type='html' xml:base='{SITE}/'>{escape(body(prose, characters))}</content></entry>\n"
        )
    return (
        "<?xml version='1.0' encoding='utf-8'?>\n<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'>"
        f"<title>Harbour Daily</title><id>{SITE}/</id><updated>2026-03-04T06:00:00Z</updated>"
        f"<link href='{SITE}/'/><link rel='self' href='{SITE}/feed.atom'/>\n{''.join(parts)}</feed>\n"
    ).encode()


def _channel(title: str, items: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"\n\txmlns:content="http://purl.org/rss/1.0/modules/content/"\n'
        '\txmlns:dc="http://purl.org/dc/elements/1.1/"\n\txmlns:atom="http://www.w3.org/2005/Atom"\n'
        '\txmlns:slash="http://purl.org/rss/1.0/modules/slash/"\n\t>\n\n<channel>\n'
        f"\t<title>{escape(title)}</title>\n"
        f'\t<atom:link href="{SITE}/feed/" rel="self" type="application/rss+xml" />\n\t<link>{SITE}</link>\n'
        "\t<description>News from the harbour</description>\n"
        "\t<lastBuildDate>Mon, 02 Mar 2026 06:00:00 +0000</lastBuildDate>\n\t<language>en-GB</language>\n"
        f"\t{items}</channel>\n</rss>\n"
    ).encode()


def _rfc822(number: int) -> str:
    return format_datetime(START + timedelta(hours=number), usegmt=True)


KINDS: dict[str, Callable[[], bytes]] = {
    "RSS, 20 entries of 5 kB": lambda: rss(Prose(1), entries=20, characters=5_000),
    "Atom, 50 entries of 3 kB": lambda: atom(Prose(2), entries=50, characters=3_000),
    "RSS, 10 summaries": lambda: summaries(Prose(3), entries=10),
}
