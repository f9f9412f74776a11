"""The four sample partners: their names, and where each of their things stands. Values and spelling only."""

from dataclasses import dataclass
from html import escape

from syndication.demo.paint import HEIGHT, WIDTH
from syndication.demo.story import Picture, Story, Told


@dataclass(frozen=True, slots=True)
class House:
    """One partner. `home` is its address with a slash at the end, empty until it is on the web."""

    slug: str
    name: str
    motto: str
    colour: str
    feed_path: str
    feed_type: str
    articles: str = "news/"
    pictures: str = "pictures/"
    home: str = ""

    @property
    def feed_url(self) -> str:
        return self.home + self.feed_path

    def url_of(self, story: Story) -> str:
        return f"{self.home}{self.articles}{story.slug}/"

    def picture_url(self, story: Story) -> str:
        return f"{self.home}{self.pictures}{story.slug}.png"

    def guid_of(self, story: Story) -> str:
        """The same at every start, although the port is another (RFC 4151)."""
        return self.tag(story.slug)

    def tag(self, name: str) -> str:
        return f"tag:{self.slug}.example,2026:{name}"

    def body_html(self, told: Told) -> str:
        """The story with its picture after the first paragraph."""
        lines = [f"<p>{escape(part, quote=False)}</p>" for part in told.paragraphs]
        if told.story.picture:
            lines.insert(1, self.figure(told.story, told.story.picture))
        return "\n".join(lines)

    def figure(self, story: Story, picture: Picture) -> str:
        size = f'width="{WIDTH}" height="{HEIGHT}"'
        return (
            f'<figure><img src="{self.picture_url(story)}" alt="{escape(picture.alt)}" {size}>'
            f"<figcaption>{escape(picture.caption, quote=False)} "
            f'<span class="credit">{escape(picture.credit, quote=False)}</span></figcaption></figure>'
        )


HARBOUR_DAILY = House(
    slug="harbour-daily",
    name="Harbour Daily",
    motto="Tides, trade and the talk of the quay, every morning but Sunday",
    colour="#1d4e6b",
    feed_path="feed.xml",
    feed_type="application/rss+xml",
)
HILL_POST = House(
    slug="hill-post",
    name="Hill Post",
    motto="The paper of the upper dales",
    colour="#3f5d3a",
    feed_path="atom.xml",
    feed_type="application/atom+xml",
)
VALLEY_LETTER = House(
    slug="valley-letter",
    name="Valley Letter",
    motto="Written and printed in Thralebridge, for whoever lives along the river",
    colour="#7a3f2b",
    feed_path="feed.json",
    feed_type="application/feed+json",
    articles="letters/",
)
COAST_COURIER = House(
    slug="coast-courier",
    name="Coast Courier",
    motto="News from Lanmouth Sands to Cape Hollin",
    colour="#b3372f",
    feed_path="feed/",
    feed_type="application/rss+xml",
    articles="",
    pictures="wp-content/uploads/",
)
HOUSES = (HARBOUR_DAILY, HILL_POST, VALLEY_LETTER, COAST_COURIER)
