"""Two texts side by side, for a person to read. In: lines before and after. Out: the Passages that differ. Pure.

Lines are paired first and words within a pair after, so that one moved comma does not mark a whole text.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from syndication.model.amendment import Mark, Passage, Piece

LINES_MAX = 400
WORDS_MAX = 600
"""Of a line. A longer one is shown whole, before and after."""
ALIKE_MIN = 0.3
"""Two lines of which so little is the same are one gone and one new."""

_WORD = re.compile(r"\s+|\w+|[^\w\s]")


def difference(before: Sequence[str], after: Sequence[str]) -> tuple[Passage, ...]:
    """What reads otherwise, in the order of the text. Spaces alone are no difference."""
    old, new = ([" ".join(line.split()) for line in lines[:LINES_MAX]] for lines in (before, after))
    found: list[Passage] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            found += _changed(old[a:b], new[c:d])
    return tuple(found)


def words(before: str, after: str) -> tuple[Piece, ...]:
    """One line, word by word."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > WORDS_MAX:
        return Piece(Mark.OUT, before), Piece(Mark.IN, after)
    found: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece(Mark.SAME, "".join(old[a:b])))
            continue
        found += [Piece(mark, "".join(part)) for mark, part in ((Mark.OUT, old[a:b]), (Mark.IN, new[c:d])) if part]
    return _joined(found)


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Passage]:
    """Lines that stand for each other pair by pair; what is left over has gone, or is new."""
    for n in range(max(len(old), len(new))):
        before, after = old[n] if n < len(old) else "", new[n] if n < len(new) else ""
        pieces = words(before, after)
        same = sum(len(piece.text) for piece in pieces if piece.mark is Mark.SAME)
        if before and after and same < ALIKE_MIN * max(len(before), len(after)):
            yield Passage((Piece(Mark.OUT, before),))
            yield Passage((Piece(Mark.IN, after),))
        elif pieces:
            yield Passage(pieces)


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """A blank that stayed between two changed words reads better as part of the change."""
    found: list[Piece] = []
    for n, piece in enumerate(pieces):
        between = 0 < n < len(pieces) - 1 and piece.mark is Mark.SAME and not piece.text.strip()
        if between and found[-1].mark is not Mark.SAME:
            found += [Piece(Mark.OUT, piece.text), Piece(Mark.IN, piece.text)]
        else:
            found.append(piece)
    return tuple(_gathered(found))


def _gathered(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Within a change: first all that went, then all that came."""
    held: dict[Mark, str] = {}
    for piece in pieces:
        if piece.mark is Mark.SAME:
            yield from (Piece(mark, held[mark]) for mark in (Mark.OUT, Mark.IN) if held.get(mark))
            held = {}
            yield piece
        else:
            held[piece.mark] = held.get(piece.mark, "") + piece.text
    yield from (Piece(mark, held[mark]) for mark in (Mark.OUT, Mark.IN) if held.get(mark))
