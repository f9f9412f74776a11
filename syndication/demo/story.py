"""A sample story and how it is told just now. Values only: no partner's dress, no clock, no network."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Picture:
    """A painted picture: `scene` is one of `paint.SCENES`."""

    scene: str
    caption: str
    credit: str
    alt: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A sentence that was wrong, the one that takes its place, and the note that owns up to it below the story."""

    wrong: str
    right: str
    note: str


@dataclass(frozen=True, slots=True)
class Story:
    """One sample story. Paragraphs of `text` are parted by empty lines; line breaks inside them mean nothing.

    Wave 0 is there from the start, wave 1 is this morning's; from 2 on each story has a wave of its own.
    """

    partner: str
    slug: str
    wave: int
    title: str
    byline: str
    categories: tuple[str, ...]
    text: str
    summary: str = ""
    """The standfirst. Empty for a partner that has its blog software cut one."""
    picture: Picture | None = None
    minutes_before: int = 0
    """How long before its wave is published it was written."""
    originator: str = ""
    """The partner whose story it is, by slug, when this one only carries it."""
    correction: Correction | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A story that is out: when it came, when it last changed, whether as corrected."""

    story: Story
    published: datetime
    updated: datetime
    corrected: bool = False

    @property
    def paragraphs(self) -> tuple[str, ...]:
        written = tuple(" ".join(part.split()) for part in self.story.text.strip().split("\n\n"))
        mend = self.story.correction
        if not self.corrected or mend is None:
            return written
        return (*(part.replace(mend.wrong, mend.right) for part in written), f"Correction: {mend.note}")
