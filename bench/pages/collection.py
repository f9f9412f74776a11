"""Every page of the collection: (name, address, HTML, story), the two halves apart."""

from collections.abc import Iterator

import held_out
import seen
from languages import OTHERS
from stories import ENGLISH, Story

STORIES = tuple(story for pair in zip(ENGLISH, (*OTHERS, *ENGLISH[:2]), strict=True) for story in pair)
Page = tuple[str, str, str, Story]


def pages(themes: tuple) -> Iterator[Page]:
    """Three stories to each theme, so that every language meets several."""
    for n, theme in enumerate(themes):
        for step in (0, 7, 13):
            story = STORIES[(n + step) % len(STORIES)]
            yield (
                f"{theme.__name__}-{story.slug}",
                f"https://{theme.__name__.replace('_', '-')}.example/2026/05/{story.slug}",
                theme(story),
                story,
            )


def halves() -> dict[str, list[Page]]:
    return {"seen": list(pages(seen.THEMES)), "held out": list(pages(held_out.THEMES))}
