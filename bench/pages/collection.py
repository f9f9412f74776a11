"""Every page of the collection: (name, address, HTML, story), the parts apart."""

from collections.abc import Iterator, Sequence

import blind
import blind_stories
import held_out
import seen
from languages import OTHERS
from stories import ENGLISH, Story

STORIES = tuple(story for pair in zip(ENGLISH, (*OTHERS, *ENGLISH[:2]), strict=True) for story in pair)
Page = tuple[str, str, str, Story]


def pages(themes: tuple, stories: Sequence[Story] = STORIES, steps: Sequence[int] = (0, 7, 13)) -> Iterator[Page]:
    """Three stories to each theme, so that every language meets several."""
    for n, theme in enumerate(themes):
        for step in steps:
            story = stories[(n + step) % len(stories)]
            yield (
                f"{theme.__name__}-{story.slug}",
                f"https://{theme.__name__.replace('_', '-')}.example/2026/05/{story.slug}",
                theme(story),
                story,
            )


def halves() -> dict[str, list[Page]]:
    """The half that the rules were made with, and the two parts that were written before them."""
    return {
        "seen": list(pages(seen.THEMES)),
        "held out, known by now": list(pages(held_out.THEMES)),
        "held out, blind": list(pages(blind.THEMES, blind_stories.STORIES, (0, 2, 5, 7))),
    }
