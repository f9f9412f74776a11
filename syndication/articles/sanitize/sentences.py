"""Cuts plain text where a reader would: after a whole sentence. In: text. Out: shorter text; never half a word."""

import re
from collections.abc import Iterator

from syndication.articles.measure import size_of
from syndication.patterns import possessive

CUT_MARK = re.compile(
    r"\s*(?:\[\s*(?:…|\.{3}|&hellip;)\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3,})"
    r"(?:\s*(?:continue reading|read more|more)\b.{0,120})?\s*$"
    r"|\s*(?:continue reading|read more)\s*(?:→|»|›|>|…|\.{3})*\s*$",
    re.I | re.S,
)
"""The end of a text that a program cut: "[…]", "…", "Continue reading →"."""

_CUT_WORD = re.compile(r"…|\.\.\.|[&]hellip;|read", re.I)  # one of these is in every such mark

# Possessive, and begun only where a run begins: a megabyte of exclamation marks is read once. One set of characters
# stands first, because that is looked for at the speed of C.
_ENDING = possessive(
    r"[.!?…。！？](?:(?<=[。！？])[。！？]*+[」』”’]*+"
    r"|(?<=[.!?…])(?<![.!?…][.!?…])[.!?…]*+[\"'”’»)\]]*+(?=\s|$))"
)
_GOES_ON = re.compile(r"[\"'“‘«„(\[]*[a-zß-öø-ÿ]")
_WORD_ENDS = re.compile(r"[\s(\"“‘'—–-]")
_OPENS_SENTENCE = re.compile(r"[\"'“‘«„(\[¿¡]*[\w]")
_WORDS = (
    "mr mrs ms dr prof st sr jr rev hon gov sen rep gen col lt capt sgt messrs mt ft no nos vs etc cf eg ie fig vol pp "
    "inc ltd co corp bros dept est approx jan feb mar apr jun jul aug sep sept oct nov dec bzw ca nr usw"
)
_ABBREVIATED = frozenset(_WORDS.split())
_CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def sentences(text: str) -> list[str]:
    """The sentences of one paragraph, in order; what stands after the last full stop is the last of them."""
    return list(_sentences(text))


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for ending in _ENDING.finditer(text):
        if _ends_sentence(text, start, ending):
            yield text[start : ending.end()].strip()
            start = ending.end()
    if rest := text[start:].strip():
        yield rest


def ends_cut(text: str) -> bool:
    """Whether a program cut `text` short, by the mark that it leaves."""
    tail = text[-200:].rstrip()
    return _may_be_cut(tail) and bool(CUT_MARK.search(tail))


def _may_be_cut(tail: str) -> bool:
    """Most texts have none of these letters at their end, which is told without a regular expression."""
    if "…" in tail or "..." in tail or "&" in tail or "read" in tail.lower():
        return _CUT_WORD.search(tail) is not None
    return False


def whole_sentences(text: str) -> str:
    """`text` without the sentence that a program cut short, and without its mark. May be empty."""
    text = text.rstrip()
    tail = CUT_MARK.search(text, max(0, len(text) - 200)) if _may_be_cut(text[-200:]) else None
    if not tail:
        return text
    # "… the end. Continue reading →" was cut after a sentence; "… the mayor […]" within one.
    kept = sentences(text[: tail.start()])
    return " ".join(kept if kept and _complete(kept[-1]) else kept[:-1])


def excerpt(text: str, words: int) -> str:
    """The first whole sentences of `text` that come to at most `words` words, on one line.

    When the first sentence alone is longer, or was cut by a program, as many of its words as fit and "…". In scripts
    that part no words two characters count for one.
    """
    line = " ".join(text.split())
    told = whole_sentences(line)
    if told and told.isascii() and told.count(" ") < words:
        return told  # all of its sentences fit, and each is parted from the next by a space
    kept: list[str] = []
    count = 0
    for sentence in _sentences(told):
        count += sentence.count(" ") + 1 if sentence.isascii() else size_of(sentence)
        if count > words:
            break
        kept.append(sentence)
    if kept:
        return " ".join(kept)
    bare = CUT_MARK.sub("", line) if not told else line
    first = _first_words(bare, words)
    return first.rstrip(" ,;:–—-、，") + "…" if first else ""


def _first_words(line: str, words: int) -> str:
    """As much of it as comes to `words` words; of a word that no blanks part, as many characters as fit."""
    kept: list[str] = []
    left = words
    for word in line.split():
        size = size_of(word)
        if size > left:
            # The mark of the cut makes one word with it; each begins with what counts for one already.
            if left > 0 and size > 1:
                kept.append(_fitting(word, left))
            break
        kept.append(word)
        left -= size
    return " ".join(kept)


def _fitting(word: str, most: int) -> str:
    """Its beginning, of at most `most` words: two characters for each, less the one that any word is."""
    return word[: max(1, 2 * (most - 1))]


def _complete(sentence: str) -> bool:
    return bool(re.search(r"[.!?。！？][\"'”’»)\]」』]*$", sentence))


def _ends_sentence(text: str, start: int, ending: re.Match[str]) -> bool:
    end = ending.end()
    if text[end : end + 1] == " " and text[end + 1 : end + 2] in _CAPITALS and ending[0] == ".":
        last = text[text.rfind(" ", start, end) + 1 : end - 1]
        if last.isalpha() and last.islower() and len(last) > 1:  # the usual case, without a regular expression
            return last.casefold() not in _ABBREVIATED
    rest = text[ending.end() : ending.end() + 40].lstrip()
    if not rest or ending[0][0] in "。！？":
        return True
    if not _OPENS_SENTENCE.match(rest) or _GOES_ON.match(rest):
        return False
    if ending[0] != ".":
        return True
    word = _WORD_ENDS.split(text[start : ending.start()])[-1]
    initial = len(word) == 1 and word.isupper() and not re.match(r"[IA]$", word)
    # "U.S. Navy", "J. Doe", "Dr. Holm": a full stop that ends no sentence.
    return not (initial or re.fullmatch(r"(?:\w\.)+\w", word) or word.casefold() in _ABBREVIATED)
