"""A publisher's name in its own spelling. In: a name, perhaps in capitals, and the page's words. Out: the name."""

import re

_SMALL = frozenset({"of", "the", "and", "for", "on", "in", "at", "to", "de", "du", "la", "le", "der", "van", "von"})


def proper_name(name: str, page_words: str) -> str:
    """The name as the page spells it elsewhere when the line shouts it; else with capitals where names have them."""
    name = " ".join(name.split())
    if not name or not name.isupper():
        return name
    for spelling in (name, name.removeprefix("THE ")):
        for found in re.finditer(rf"(?<!\w){re.escape(spelling)}(?!\w)", page_words, re.I):
            if not found[0].isupper() and not found[0].islower():
                return found[0] if spelling == name else f"The {found[0]}"
    return " ".join(_word(word, first=place == 0) for place, word in enumerate(name.split()))


def _word(word: str, *, first: bool) -> str:
    if word.lower() in _SMALL and not first:
        return word.lower()
    if _is_initials(word):
        return word
    # "FITZ-HAROLD'S" -> "Fitz-Harold's"
    return re.sub(r"[^\W\d_]+(?:[’'][^\W\d_]+)*", lambda found: found[0].capitalize(), word)


def _is_initials(word: str) -> bool:
    """BBC, NPR, U.S.: letters that are no word, because none of them is a vowel or dots stand between."""
    letters = re.sub(r"\W", "", word)
    if letters in ("ST", "MT", "FT", "DR", "MR", "MRS"):
        return False
    return bool(re.fullmatch(r"(?:\w\.)+\w?", word)) or (
        2 <= len(letters) <= 4 and not re.search(r"[AEIOUYÄÖÜ]", letters)
    )
