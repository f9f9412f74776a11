"""Coast Courier's web pages, the usual kind of a partner's: a blog theme that puts much around and inside a story.

A date line, an automatic excerpt shown twice, a credit in the caption, a cross-link in the middle, a shouted line with
paragraphs after it, share buttons, a letter box, related stories, comments. All of it must come off again.
"""

from collections.abc import Sequence
from hashlib import blake2b
from html import escape

from syndication.demo.feeds import automatic_excerpt
from syndication.demo.house import House
from syndication.demo.paint import HEIGHT, WIDTH
from syndication.demo.story import Picture, Story, Told
from syndication.demo.theme import ARTICLE, NETWORKS, PAGE, THEME

_COMMENTS = (
    ("Quayside Kit", "Well said. I was there, and it was colder than you let on."),
    ("Mrs Amberley", "My late husband would have had a word or two to say about this, and none of them short."),
    ("Pebble", "Third photograph down on your old site was better. Bring back the lighthouse."),
    ("R. Tolland, Lanmouth", "Could the Courier please find out who left the gate open? We all know, but do find out."),
    ("Two Oars", "Good to read something kind for once."),
)


def article_page(house: House, told: Told, earlier: Sequence[Told], originator: House) -> str:
    """The page of one story; `earlier` are stories that it may point to, `originator` is whose story it is."""
    story = told.story
    main = ARTICLE.format(
        number=_number(story),
        title=escape(story.title),
        categories=_terms(house, story),
        stamp=told.published.isoformat(),
        day=f"{told.published:%-d %B %Y}",
        home=house.home,
        byline=escape(story.byline),
        excerpt=escape(automatic_excerpt(told)).replace("[…]", "[&hellip;]"),
        body=_body(house, told, earlier, originator),
        share="".join(_button(house, network) for network in NETWORKS),
        tags=_terms(house, story),
        related="\n".join(f"<li>{_link(house, one.story)}</li>" for one in earlier[:3]),
        comments="\n".join(_comment(story, place) for place in range(2)),
    )
    return _page(
        house, f"{story.title} - {house.name}", _meta(house, told), f"single single-post postid-{_number(story)}", main
    )


def front_page(house: House, told: Sequence[Told]) -> str:
    main = "\n".join(
        f'<article class="post"><h2 class="entry-title">{_link(house, one.story)}</h2>'
        f'<div class="entry-meta">{one.published:%-d %B %Y} by {escape(one.story.byline)}</div>'
        f"<p>{escape(automatic_excerpt(one))}</p></article>"
        for one in told
    )
    return _page(house, f"{house.name} - {house.motto}", "", "home blog", main)


def _page(house: House, title: str, meta: str, kind: str, main: str) -> str:
    return PAGE.format(
        title=escape(title),
        meta=meta,
        name=escape(house.name),
        motto=escape(house.motto),
        home=house.home,
        feed=house.feed_url,
        theme=THEME,
        kind=kind,
        main=main,
    )


def _meta(house: House, told: Told) -> str:
    stated = {
        "og:type": "article",
        "og:site_name": house.name,
        "og:title": told.story.title,
        "og:url": house.url_of(told.story),
        "og:description": automatic_excerpt(told),
        "article:published_time": told.published.isoformat(),
    }
    return "\n".join(f'<meta property="{name}" content="{escape(value)}">' for name, value in stated.items())


def _body(house: House, told: Told, earlier: Sequence[Told], originator: House) -> str:
    """Paragraphs, and between them what an editor of such a page puts there. The shouted line is never the last."""
    parts = [f"<p>{escape(part, quote=False)}</p>" for part in told.paragraphs]
    shout = max(3, len(parts) - 1)
    lines = [*parts[:shout], _shout(originator), *parts[shout:]]
    if earlier:
        lines.insert(3, f"<p><strong>See also:</strong> {_link(house, earlier[0].story)}</p>")
    if told.story.picture:
        lines.insert(1, _figure(house, told.story, told.story.picture))
    return "\n".join(lines)


def _shout(originator: House) -> str:
    return (
        f'<h4 style="text-align: center;"><a href="{originator.home}" target="_blank" rel="noopener"><strong>'
        f"CLICK HERE TO READ MORE FROM {escape(originator.name.upper())}</strong></a></h4>"
    )


def _figure(house: House, story: Story, picture: Picture) -> str:
    number = _number(story) + 1
    return (
        f'<figure id="attachment_{number}" aria-describedby="caption-attachment-{number}" style="width: {WIDTH}px" '
        f'class="wp-caption aligncenter"><img decoding="async" class="size-large wp-image-{number}" '
        f'src="{house.picture_url(story)}" alt="{escape(picture.alt)}" width="{WIDTH}" height="{HEIGHT}">'
        f'<figcaption id="caption-attachment-{number}" class="wp-caption-text">{escape(picture.caption, quote=False)} '
        f"({escape(picture.credit, quote=False)})</figcaption></figure>"
    )


def _button(house: House, network: str) -> str:
    """The words stand in the alternative texts alone, so that they run together: "FacebookTwitterWhatsApp"."""
    name = network.lower()
    icon = f'<img src="{house.home}{THEME}{name}.svg" alt="{network}" width="28" height="28">'
    return f'<a href="{house.home}share/{name}/" rel="nofollow noopener">{icon}</a>'


def _comment(story: Story, place: int) -> str:
    name, text = _COMMENTS[(_number(story) + place) % len(_COMMENTS)]
    return (
        f'<li class="comment"><article class="comment-body"><b class="fn">{name}</b> <span class="says">says:</span>'
        f'<div class="comment-content"><p>{text}</p></div></article></li>'
    )


def _terms(house: House, story: Story) -> str:
    return ", ".join(f'<a href="{house.home}" rel="tag">{escape(name)}</a>' for name in story.categories)


def _link(house: House, story: Story) -> str:
    return f'<a href="{house.url_of(story)}">{escape(story.title)}</a>'


def _number(story: Story) -> int:
    """The number that the blog software gave the story: the same at every start."""
    return 4000 + int.from_bytes(blake2b(story.slug.encode(), digest_size=2).digest(), "big") % 5000
