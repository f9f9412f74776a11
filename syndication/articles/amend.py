"""Whether a new text of an article is a correction worth telling, and what it says. In: two Articles. Pure.

The rule: a revision is told when its publisher says so, by a note that the text did not have before; or when a figure,
a day or a name in the headline or the excerpt, which is what a mail shows, gave way to another. Anything else (a typo,
other spaces, other pictures, a paragraph more of a story that goes on) is a revision: kept, shown, mailed to nobody.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise

from syndication.articles.differ import difference, words
from syndication.articles.forms import is_fact
from syndication.articles.shingle import level
from syndication.model.amendment import Amendment, Mark, Passage, Piece, Replaced
from syndication.model.article import Article

NOTE_WORDS_MAX = 120
NOTE_CHARS_MAX = 600
FACT_WORDS_MAX = 6
TYPO_RATIO = 0.75
"""Two names so alike are one, spelled right now."""

_LABELS = (
    r"corrections?|clarifications?|corrected|erratum|errata(?:\s+corrige)?|retraction|editor.?s\s+note|editors.?\s+note"
    r"|berichtigung|korrektur(?:hinweis)?|richtigstellung|anmerkung\s+der\s+redaktion|hinweis\s+der\s+redaktion"
    r"|rectificatif|correctif|rectification|mise\s+au\s+point|note\s+de\s+la\s+r[eé]daction"
    r"|correcci[oó]n|rectificaci[oó]n|fe\s+de\s+erratas?|aclaraci[oó]n|nota\s+de\s+la\s+redacci[oó]n"
    r"|rettifica|correzione|corre[cç][aã]o|corre[cç][oõ]es|retifica[cç][aã]o|correctie|rectificatie|verbetering"
    r"|rättelse|rettelse|korrigering|oikaisu|korjaus|sprostowanie|oprava|düzeltme|исправление|поправка|уточнение"
    r"|تصحيح|תיקון|정정|바로잡습니다|(?:お詫びと)?訂正|更正|勘误|勘誤"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
_EARLIER = (
    r"(?:an?|the)\s+(?:earlier|previous|original|first)\s+version\s+of\s+th(?:is|e)\b"
    r"|th(?:is|e)\s+(?:article|story|report|post|piece|headline|page)\s+(?:was|has\s+been)\s+(?:corrected|amended)\b"
    r"|th(?:is|e)\s+(?:article|story|report|post|piece)\s+(?:was|has\s+been)\s+updated\s+(?:on\s+[^.]{4,30}\s+)?to\s+correct\b"
    r"|we\s+(?:originally|earlier|previously)\s+(?:reported|said|stated|wrote)\b"
    r"|in\s+(?:einer|der)\s+(?:früheren|ersten|vorherigen|ursprünglichen)\s+(?:version|fassung)\b"
    r"|(?:dans\s+)?une\s+(?:(?:première|précédente)\s+version|version\s+(?:précédente|antérieure))\s+de\s+(?:cet|ce|notre)\b"
    r"|(?:en\s+)?una\s+versi[oó]n\s+(?:anterior|previa)\s+de\s+est[ea]\b"
    r"|(?:in\s+)?una\s+(?:precedente\s+versione|versione\s+precedente)\s+di\s+quest[oa]\b"
    r"|(?:em\s+|n)?uma\s+vers[aã]o\s+anterior\s+dest[ea]\b|(?:in\s+)?een\s+eerdere\s+versie\s+van\s+(?:dit|deze)\b"
    r"|(?:i\s+)?en\s+(?:tidigare|tidligere)\s+(?:version|versjon)\s+av\b|в\s+(?:предыдущей|прежней)\s+версии\b"
    r"|(?:この記事の)?以前の(?:版|記事)では|当初の記事"
)
_NOTE = re.compile(
    rf"[\s\W]*(?:(?:{_LABELS})(?:\s*[(（][^)）]{{1,40}}[)）]|,?\s+(?:\d|on\b|vom\b|du\b|del\b|{_MONTH})[^:：]{{1,40}})?"
    rf"\s*(?:[:：】\]）)—–]|\s-\s|$)|(?:{_EARLIER})|(?:お詫びして)?訂正(?:します|いたします|しました))",
    re.I,
)
_LABEL_ALONE = re.compile(rf"[\s\W]*(?:{_LABELS})[\s\W]*\Z", re.I)
_DESK = re.compile(
    r"[\s\W]*(?:editor.?s\s+note|editors.?\s+note|(?:anmerkung|hinweis)\s+der\s+redaktion|note\s+de\s+la\s+r[eé]daction"
    r"|nota\s+de\s+la\s+redacci[oó]n)",
    re.I,
)
_OF_AN_ERROR = re.compile(
    r"correct|wrong|mistak|error|errone|earlier|previous|original(?:ly)?\s+(?:said|stated|version|reported)|misst|misspel"
    r"|misidentif|spell?ed|spelt|inaccura|clarif|should\s+have|retract|amended|updated\s+to|falsch|korrig|korrekt|berichtig"
    r"|irrt[uü]m|fehler|fr[uü]her|erreur|inexact|corrig|rectif|erron|err[oó]ne|equivoc|err[oó]r|corregi|incorrect",
    re.I,
)
"""A desk's note may say anything: that a story is one of a series, or that it is hard to read."""
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s*(?=\S)")


def notes(text: str) -> tuple[str, ...]:
    """A publisher's notes of correction in a text, each whole: a paragraph that is one, or a last sentence."""
    lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    found: list[str] = []
    for n, line in enumerate(lines):
        if _LABEL_ALONE.match(line) and n + 1 < len(lines):
            found.append(f"{line.strip(' :')}: {lines[n + 1]}"[:NOTE_CHARS_MAX])
        elif (note := _note_in(line)) and not (n and _LABEL_ALONE.match(lines[n - 1])):
            found.append(note[:NOTE_CHARS_MAX])
    return tuple(note for note in dict.fromkeys(found) if not _DESK.match(note) or _OF_AN_ERROR.search(note))


def _note_in(line: str) -> str:
    if len(line.split()) <= NOTE_WORDS_MAX and len(line) <= 2 * NOTE_CHARS_MAX and _NOTE.match(line):
        return line
    tail = line[-NOTE_CHARS_MAX:]
    for start in (match.end() for match in _SENTENCE.finditer(tail)):
        if _NOTE.match(tail[start:]):
            return tail[start:].strip()
    return ""


def amendment(before: Article, after: Article) -> Amendment | None:
    """What was put right, or None when the change is not worth telling."""
    known = {level(note).casefold() for note in notes(_text(before))}
    new = [note for note in notes(_text(after)) if level(note).casefold() not in known]
    replaced = tuple(_replaced(before.title, after.title)) + tuple(_replaced(before.excerpt, after.excerpt))
    if not new and not replaced:
        return None
    return Amendment(" ".join(new)[:NOTE_CHARS_MAX], tuple(dict.fromkeys(replaced)))


def changes(before: Article, after: Article, *, whole: bool) -> tuple[Passage, ...]:
    """What reads otherwise. `whole`: the body too; else what everybody may show, which is headline and excerpt."""
    if whole and (before.text or after.text):
        return difference([before.title, *before.text.split("\n")], [after.title, *after.text.split("\n")])
    return difference([before.title, before.excerpt], [after.title, after.excerpt])


def _text(article: Article) -> str:
    return "\n".join((article.excerpt, article.text))


def _replaced(before: str, after: str) -> Iterator[Replaced]:
    if level(before) == level(after):
        return
    pieces = words(" ".join(before.split()), " ".join(after.split()))
    for n, (out, come) in enumerate(pairwise(pieces)):
        if out.mark is Mark.OUT and come.mark is Mark.IN and _is_other_fact(out, come, pieces[:n]):
            yield Replaced(out.text.strip(), come.text.strip())


def _is_other_fact(out: Piece, come: Piece, before: tuple[Piece, ...]) -> bool:
    old, new = out.text.split(), come.text.split()
    if not (0 < len(old) <= FACT_WORDS_MAX and 0 < len(new) <= FACT_WORDS_MAX):
        return False
    so_far = "".join(piece.text for piece in before if piece.mark is not Mark.IN).rstrip("“\"'«„( ")
    begins = not so_far or so_far[-1] in ".!?:"
    if not (is_fact(out.text, begins=begins) and is_fact(come.text, begins=begins)):
        return False
    if any(map(str.isdecimal, out.text + come.text)):
        return level(out.text) != level(come.text)
    return SequenceMatcher(None, out.text.casefold(), come.text.casefold()).ratio() < TYPO_RATIO
