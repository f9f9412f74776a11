"""What a source's pages are like, over many of them: what stands in all, and whether the theme has changed. Pure.

In: PageLooks. Out: suggestions of rules; why articles should wait for a person. A change is believed when several pages
in a row show it and none before did; a story that is short or has no byline is just a story.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from statistics import median

from syndication.model.article import Extract
from syndication.model.pages import PageLook, Suggestion

BLOCK_WORDS = (2, 40)
BLOCKS_MAX = 40
BLOCK_CHARS_MAX = 200
PAGES_MIN = 5
ON_SHARE = 0.7
SUGGESTED_MAX = 5

NEW_MIN = 3
"""Pages in a row that must show a change."""
KNOWN_MIN = 8
"""Pages before them that must not."""
ALWAYS = 0.9
SHORTER, LONGER = 0.35, 3.0
LINKS_JUMP = 0.3


def look_of(
    extract: Extract, url: str, now: datetime, *, matched: Sequence[str] = (), missed: Sequence[str] = ()
) -> PageLook:
    linked = sum(len(link.title) for link in extract.related)
    told = {"title": extract.title, "byline": extract.byline, "date": extract.date, "picture": extract.figures}
    return PageLook(
        url=url,
        at=now,
        characters=len(extract.text),
        link_share=round(linked / (linked + len(extract.text) or 1), 3),
        fields=tuple(name for name, value in told.items() if value),
        matched=tuple(matched),
        missed=tuple(missed),
        blocks=tuple(_blocks(extract.text)),
    )


def suggestions(looks: Sequence[PageLook]) -> tuple[Suggestion, ...]:
    """Blocks that stand in most of the latest pages alike, the commonest first."""
    read = [look for look in looks if not look.refused][:10]
    if len(read) < PAGES_MIN:
        return ()
    on = Counter(block for look in read for block in set(look.blocks))
    often = sorted(((n, text) for text, n in on.items() if n >= ON_SHARE * len(read)), reverse=True)
    return tuple(
        Suggestion(text, n, len(read), f'remove = "text:{_quoted(text)}"') for n, text in often[:SUGGESTED_MAX]
    )


def changed(now: Sequence[PageLook], before: Sequence[PageLook]) -> str:
    """Why the pages read `now`, the latest first, look like another theme than those `before`; empty when they do not.

    A declared body that is not there is believed of one page alone: it says what is the story, and nothing else does.
    """
    latest = [look for look in (*now, *before) if not look.refused]
    for look in now:
        for rule in look.missed:
            if rule.startswith("body ") and (len(latest) <= NEW_MIN or any(rule in one.matched for one in latest)):
                return f"its page has no {rule.removeprefix('body ')!r}, where the story is declared to be"
    new, known = latest[:NEW_MIN], latest[NEW_MIN:]
    if not now or len(new) < NEW_MIN or len(known) < KNOWN_MIN:
        return ""
    return _rules_lost(new, known) or _fields_lost(new, known) or _lengths(new, known) or _links(new, known)


def _rules_lost(new: Sequence[PageLook], known: Sequence[PageLook]) -> str:
    """Removing what is not there harms nobody, unless it was there always: then it stands elsewhere by now."""
    for rule in {rule for look in known for rule in look.matched}:
        usual = sum(rule in look.matched for look in known) / len(known)
        if usual >= ALWAYS and all(rule in look.missed for look in new):
            return f"the rule {rule!r} finds nothing on its last {len(new)} pages, and did on those before"
    return ""


def _fields_lost(new: Sequence[PageLook], known: Sequence[PageLook]) -> str:
    for name in ("title", "byline", "date"):
        if sum(name in look.fields for look in known) >= ALWAYS * len(known) and not any(name in o.fields for o in new):
            return f"its last {len(new)} pages have no {name}, and those before had one"
    return ""


def _lengths(new: Sequence[PageLook], known: Sequence[PageLook]) -> str:
    usual, lengths = median(look.characters for look in known), [look.characters for look in new]
    shortest, longest = min(look.characters for look in known), max(look.characters for look in known)
    if usual and max(lengths) < min(SHORTER * usual, shortest):
        return f"its last {len(new)} texts have {max(lengths)} characters at most, where {usual:.0f} are usual"
    if usual and min(lengths) > max(LONGER * usual, longest):
        return f"its last {len(new)} texts have {min(lengths)} characters at least, where {usual:.0f} are usual"
    return ""


def _links(new: Sequence[PageLook], known: Sequence[PageLook]) -> str:
    most, least = max(look.link_share for look in known), min(look.link_share for look in new)
    return (
        f"links are {least:.0%} of its last {len(new)} texts, and were {most:.0%} at most"
        if least > most + LINKS_JUMP
        else ""
    )


def _blocks(text: str) -> list[str]:
    found = []
    for paragraph in text.split("\n\n"):
        words = paragraph.split()
        if BLOCK_WORDS[0] <= len(words) <= BLOCK_WORDS[1]:
            found.append(" ".join(words)[:BLOCK_CHARS_MAX])
    return list(dict.fromkeys([*found[: BLOCKS_MAX // 2], *found[-BLOCKS_MAX // 2 :]]))


def _quoted(text: str) -> str:
    """As a TOML string holds it; a star would stand for anything, and does no harm."""
    cut = f"{text[:140].rsplit(' ', 1)[0]}*" if len(text) > 140 else text
    return cut.replace("\\", "\\\\").replace('"', '\\"')
