"""Line: one line of a body, as the rules see it. It judges nothing."""

from dataclasses import dataclass
from functools import cached_property

LINE_CHARS_MAX = 800
"""Nothing longer is furniture, and the rules need not be quick on it."""


@dataclass(frozen=True)
class Line:
    """One line of a body. `link_share` is how much of it is link; `place` counts lines from 0, `after` from the end."""

    text: str
    links: tuple[tuple[str, str], ...] = ()
    """Text and address of each."""
    link_share: float = 0.0
    place: int = 0
    after: int = 0

    @cached_property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def shouted(self) -> bool:
        letters = [letter for letter in self.text if letter.isalpha()]
        return len(letters) >= 8 and sum(letter.isupper() for letter in letters) >= 0.9 * len(letters)
