"""The plain web pages of a sample partner: a house and its stories -> HTML. Front page, article page, style sheet."""

from collections.abc import Sequence
from html import escape

from syndication.demo.house import House
from syndication.demo.story import Told

_PAGE = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="alternate" type="{feed_type}" title="{name}" href="{feed}">
<link rel="stylesheet" href="{home}style.css">
</head>
<body>
<header class="masthead"><a href="{home}">{name}</a><p>{motto}</p></header>
<main>
{main}
</main>
<footer><p>{name} is a sample partner. Its places, people and stories are invented.</p></footer>
</body>
</html>
"""

_STYLE = """:root { --ink: #23272b; --pale: #6b7278; --line: #d9dcdf; --house: COLOUR; }
* { box-sizing: border-box; }
body { margin: 0; font: 18px/1.6 Georgia, "Times New Roman", serif; color: var(--ink); background: #fff; }
a { color: var(--house); }
.masthead { padding: 1.4rem 1rem 1rem; text-align: center; border-top: 6px solid var(--house);
  border-bottom: 1px solid var(--line); }
.masthead a { font-size: 2rem; font-weight: bold; text-decoration: none; }
.masthead p { margin: .2rem 0 0; color: var(--pale); font-size: .85rem; font-style: italic; }
main, footer { max-width: 42rem; margin: 0 auto; padding: 1rem; }
h1 { line-height: 1.2; margin: 1rem 0 .4rem; }
h2 { line-height: 1.25; margin: 0 0 .2rem; font-size: 1.25rem; }
h2 a { text-decoration: none; color: var(--ink); }
.teaser { padding: 1rem 0; border-bottom: 1px solid var(--line); }
.teaser p { margin: .3rem 0; }
.meta { color: var(--pale); font-size: .85rem; margin: 0 0 1rem; }
figure { margin: 1.2rem 0; }
img { max-width: 100%; height: auto; display: block; }
figcaption { color: var(--pale); font-size: .85rem; padding-top: .3rem; }
.credit { font-style: italic; }
footer { color: var(--pale); font-size: .8rem; border-top: 1px solid var(--line); margin-top: 2rem; }
"""


def style_sheet(house: House) -> str:
    return _STYLE.replace("COLOUR", house.colour)


def front_page(house: House, told: Sequence[Told]) -> str:
    """The newest first, each with its standfirst."""
    return _page(house, house.name, "\n".join(_teaser(house, one) for one in told))


def article_page(house: House, told: Told) -> str:
    story = told.story
    main = f"""<article>
<h1>{escape(story.title)}</h1>
<p class="meta">{_when(told)} · By <span class="author">{escape(story.byline)}</span></p>
{house.body_html(told)}
</article>"""
    return _page(house, f"{story.title} | {house.name}", main)


def _page(house: House, title: str, main: str) -> str:
    return _PAGE.format(
        title=escape(title),
        name=escape(house.name),
        motto=escape(house.motto),
        home=house.home,
        feed=house.feed_url,
        feed_type=house.feed_type,
        main=main,
    )


def _teaser(house: House, told: Told) -> str:
    story = told.story
    return f"""<div class="teaser">
<h2><a href="{house.url_of(story)}">{escape(story.title)}</a></h2>
<p>{escape(story.summary)}</p>
<p class="meta">{_when(told)} · {escape(story.byline)}</p>
</div>"""


def _when(told: Told) -> str:
    published = f'<time datetime="{told.published.isoformat()}">{told.published:%-d %B %Y, %H:%M}</time>'
    if told.updated == told.published:
        return published
    return (
        f'{published}, updated <time class="updated" datetime="{told.updated.isoformat()}">{told.updated:%H:%M}</time>'
    )
