"""How much a text is, where its prose begins, what of it a machine knows again. In: text. Out: a number; text."""

import re

PROSE_WORDS_MIN = 8
"""A shorter paragraph may be a label."""

_UNPARTED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_NO_LETTER = re.compile(r"[\W_]+")


def size_of(text: str) -> int:
    """How many words; in scripts that part no words two characters count for one."""
    if text.isascii():
        return len(text.split())
    return len(text.split()) + len(_UNPARTED.findall(text)) // 2


def beginning(text: str) -> str:
    """The first paragraphs of prose that follow one another, on one line; what comes after a list is another thing."""
    kept: list[str] = []
    for part in text.split("\n\n"):
        if (
            size_of(part) >= PROSE_WORDS_MIN
            and not part.lstrip().startswith(("- ", "* ", "• "))
            and "\n" not in part.strip()
        ):
            kept.append(part)
        elif kept:
            break
    return " ".join(kept)


def key_of(text: str) -> str:
    """Letters and digits alone: what stays of a text whatever a library does to its spaces and marks."""
    return _NO_LETTER.sub("", text).casefold()
