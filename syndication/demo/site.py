"""All that one sample partner has on the web. In: the house, its stories as told. Out: pages by path. No network."""

from collections.abc import Callable, Mapping, Sequence

from syndication.demo import courier, feeds, pages, theme
from syndication.demo.house import COAST_COURIER, HARBOUR_DAILY, HILL_POST, VALLEY_LETTER, House
from syndication.demo.paint import paint
from syndication.demo.server import Page
from syndication.demo.story import Told

_FEEDS: Mapping[str, Callable[[House, Sequence[Told]], bytes]] = {
    HARBOUR_DAILY.slug: feeds.rss_in_full,
    HILL_POST.slug: feeds.atom_of_summaries,
    VALLEY_LETTER.slug: feeds.json_feed,
    COAST_COURIER.slug: feeds.rss_cut_short,
}
_HTML, _CSS = "text/html; charset=utf-8", "text/css; charset=utf-8"


def build(house: House, told: Sequence[Told], houses: Mapping[str, House]) -> Mapping[str, Page]:
    """`told` are the house's stories that are out, the newest first; `houses` are all partners, by slug."""
    newest = max(one.updated for one in told)
    is_courier = house.slug == COAST_COURIER.slug
    style = theme.STYLE if is_courier else pages.style_sheet(house)
    front = courier.front_page if is_courier else pages.front_page
    found = {
        "": Page(front(house, told).encode(), _HTML, newest),
        house.feed_path: Page(_FEEDS[house.slug](house, told), f"{house.feed_type}; charset=utf-8", newest),
        f"{theme.THEME if is_courier else ''}style.css": Page(style.encode(), _CSS, told[-1].published),
    }
    for place, one in enumerate(told):
        if is_courier:
            earlier = [other for other in told[place + 1 :] if other.story.wave <= one.story.wave]
            html = courier.article_page(house, one, earlier, houses[one.story.originator or house.slug])
        else:
            html = pages.article_page(house, one)
        found[_path(house, house.url_of(one.story))] = Page(html.encode(), _HTML, one.updated)
        if one.story.picture:
            painted = paint(one.story.picture.scene, one.story.slug)
            found[_path(house, house.picture_url(one.story))] = Page(painted, "image/png", one.published)
    if is_courier:
        for network in theme.NETWORKS:
            drawn = Page(theme.icon(network).encode(), "image/svg+xml", told[-1].published)
            found[f"{theme.THEME}{network.lower()}.svg"] = drawn
    return {f"/{path}": page for path, page in found.items()}


def _path(house: House, url: str) -> str:
    return url.removeprefix(house.home)
