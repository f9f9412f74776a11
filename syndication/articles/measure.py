"""How much a text is, and what of it a machine knows again. In: text. Out: a number; letters alone."""

import re

_UNPARTED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_NO_LETTER = re.compile(r"[\W_]+")


def size_of(text: str) -> int:
    """How many words; in scripts that part no words two characters count for one."""
    if text.isascii():
        return len(text.split())
    return len(text.split()) + len(_UNPARTED.findall(text)) // 2


def key_of(text: str) -> str:
    """Letters and digits alone: what stays of a text whatever a library does to its spaces and marks."""
    return _NO_LETTER.sub("", text).casefold()
