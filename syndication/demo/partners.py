"""Four sample partners over real HTTP on loopback, each on a free port of its own, for as long as a `with` lasts.

    with Partners() as partners:
        partners.publish(1)          # this morning's stories are out
        partners.correct()           # one of them was wrong
        partners.next_arrival()      # and life goes on

What they write is in `texts/`; how it looks on the web, in `site`.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import TracebackType

from syndication.demo.house import HOUSES, House
from syndication.demo.server import Page, Server
from syndication.demo.site import build
from syndication.demo.stories import STORIES
from syndication.demo.story import Told

FIRST_LATER_WAVE = 2


class Partners:
    """The sample partners. Wave 0, yesterday's stories and older, is out as soon as they are on the web."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._told: dict[str, Told] = {}
        self._pages: dict[str, Mapping[str, Page]] = {}
        self._servers = {house.slug: Server(self._look_up(house.slug)) for house in HOUSES}
        self._houses = {
            house.slug: replace(house, home=f"http://127.0.0.1:{self._servers[house.slug].port}/") for house in HOUSES
        }

    def __enter__(self) -> "Partners":
        self.publish(0)
        for server in self._servers.values():
            server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers.values():
            server.stop()

    @property
    def houses(self) -> tuple[House, ...]:
        """Names and addresses, in a fixed order."""
        return tuple(self._houses.values())

    @property
    def urls(self) -> Mapping[str, str]:
        """Partner's slug -> its home page."""
        return {slug: house.home for slug, house in self._houses.items()}

    @property
    def feed_urls(self) -> Mapping[str, str]:
        """Partner's slug -> its feed."""
        return {slug: house.feed_url for slug, house in self._houses.items()}

    @property
    def addresses(self) -> tuple[str, ...]:
        """Each partner's "127.0.0.1:port", for an allow-list."""
        return tuple(f"127.0.0.1:{server.port}" for server in self._servers.values())

    def publish(self, wave: int) -> int:
        """Bring out the stories of `wave` that are not out yet, and answer how many there were."""
        with self._lock:
            return self._publish(wave)

    def correct(self) -> str:
        """Correct this morning's story that was wrong, and answer its title. A second time changes nothing."""
        story = next(story for story in STORIES if story.correction)
        with self._lock:
            self._publish(story.wave)
            told = self._told[story.slug]
            if not told.corrected:
                # A feed's dates are read to the second; a correction is later than what it corrects.
                moment = max(self._now(), told.published + timedelta(seconds=1))
                self._told[story.slug] = replace(told, updated=moment, corrected=True)
                self._rebuild({story.partner})
        return story.title

    def next_arrival(self) -> str | None:
        """Bring out the next of the later stories and answer its title; None when all are out."""
        with self._lock:
            waiting = (story for story in STORIES if story.wave >= FIRST_LATER_WAVE and story.slug not in self._told)
            story = min(waiting, key=lambda story: story.wave, default=None)
            if story is None:
                return None
            self._publish(story.wave)
            return story.title

    def _publish(self, wave: int) -> int:
        now = self._now()
        coming = [story for story in STORIES if story.wave == wave and story.slug not in self._told]
        for story in coming:
            moment = now - timedelta(minutes=story.minutes_before)
            self._told[story.slug] = Told(story, published=moment, updated=moment)
        self._rebuild({story.partner for story in coming})
        return len(coming)

    def _rebuild(self, slugs: set[str]) -> None:
        for slug in slugs:
            told = [one for one in self._told.values() if one.story.partner == slug]
            told.sort(key=lambda one: one.published, reverse=True)
            self._pages[slug] = build(self._houses[slug], told, self._houses)

    def _look_up(self, slug: str) -> Callable[[str], Page | None]:
        return lambda path: self._pages[slug].get(path)

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC).replace(microsecond=0)
