"""Excerpts that a program cut, and that stand in the body beside their text. In: the blocks' words. Out: which.

An automatic excerpt runs through whatever stands at the top, captions and cross-links too.
"""

from collections.abc import Iterable, Sequence

from syndication.articles.sanitize import ends_cut
from syndication.articles.tidy.lines import words_of

CUT_WORDS_MIN = 8


def cut_excerpts(texts: Sequence[str], captions: Iterable[str]) -> list[int]:
    """The places of blocks that end in "[…]" and whose words stand in the rest of the body, however often shown."""
    cut = {place: _runs(text) for place, text in enumerate(texts) if _is_cut(text)}
    if not cut:
        return []
    rest = _runs(" ".join([*captions, *(text for place, text in enumerate(texts) if place not in cut)]))
    taken = []
    for place, own in cut.items():
        shown_again = any(len(own & other) >= 0.8 * len(own) for one, other in cut.items() if one != place)
        bracketed = texts[place].rstrip()[-1:] in "])"
        if shown_again or len(own & rest) >= (0.4 if bracketed else 0.7) * len(own):
            taken.append(place)
    return taken


def _is_cut(text: str) -> bool:
    return ends_cut(text) and len(text.split()) >= CUT_WORDS_MIN


def _runs(text: str, length: int = 3) -> set[str]:
    words = words_of(text)
    return {" ".join(words[start : start + length]) for start in range(len(words) - length + 1)}
