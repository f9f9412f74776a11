"""Who wrote the story. In: the names that a page states as data, its tree, title and house. Out: the names, or "".

What is stated comes first, then what the markup calls an author, then a name beside the date under the title. A login
("admin"), an address or a number is nobody. A desk or the house itself ("Staff", "The Herald") is named only when
nobody else is. Several authors are told as the page tells them, or with commas.
"""

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from syndication.articles.sanitize import one_line
from syndication.articles.tidy.lines import DATE
from syndication.articles.tidy.trees import names, spaced_text, text_of

AUTHORS_MAX = 10
NAME_WORDS_MAX = 12
CHUNKS_MAX = 14
"""How many pieces of text after the title are asked for a name."""

_META = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl")
_LOGIN = re.compile(
    r"(?:site\s*)?(?:admin(?:istrator)?|web\s?master|wordpress|user[\s_-]?\d*|root|guest|author|unknown|anonymous|none|null|n/?a|"
    r"undefined|test|default|super\s?user)\d*|[\d\W_]*",
    re.I,
)
_DESK = re.compile(
    r"(?:(?:the\s+)?[\w\s]*\b)?(?:editors?|staff(?:\s+(?:writers?|reporters?))?|newsroom|news\s+desk|editorial(?:\s+team)?|"
    r"redaktion|redacción|redação|rédaction|redazione|redactie|redakcja|redaktionen|редакция|編集部)",
    re.I,
)
_CALLED = re.compile(
    r"(?:^|[\s_-])(?:by-?line|story-by|created-?by|author|authors|author-?name|entry-author|p-author|vcard|autor|auteur|writer|"
    r"byline-name|c-byline__name|submitted|field--name-uid|contributor-name|posted-by)(?:$|[\s_]|-(?:name|link|wrapper|text)(?:$|\s))",
    re.I,
)
_BYLINE = re.compile(r"(?:^|[\s_-])\w*by-?line\w*(?:$|[\s_-])", re.I)
_ASIDE = re.compile(
    r"(?:^|\s)(?:comments?|comment-?list|comment-\w[\w-]*|respond|related[\w-]*|sidebar|teasers?|recent-\w+|popular|trending|"
    r"(?:site-|page-)?footer|promo|jp-relatedposts|more-(?:from|stories|news|posts))(?:$|\s)",
    re.I,
)
_BEFORE = re.compile(
    r"^\W*(?:(?:(?:written|posted|published|submitted|reported|compiled|edited|story|words|text|article|report|analysis|opinion)\s+)?by\b[:\s]\s*|"
    r"(?:text|words|story|author|reporter|autor(?:in|a|es)?|auteurs?|autore|texte?|texto|testo|tekst|skribent|автор|текст|"
    r"作者|文|記者|记者|取材|撰文|글)\s*[:：・/／]\s*|(?:von|par|por|di|door|av|af|przez|oprac\.|автор|את|מאת|بقلم|كتب|كتبت)\s+|(?:文|記者|记者|取材・文)\s+)",
    re.I,
)
_DATED = re.compile(
    rf"(?:\b(?:on|am|le|el|em|il|op|den|dnia)\s+)?(?:{DATE}|\d{{4}}\s*年\s*\d{{1,2}}\s*月\s*\d{{1,2}}\s*日|\d{{4}}[./]\d{{1,2}}[./]\d{{1,2}})"
    r"(?:[T,\s]+(?:at\s+)?\d{1,2}[:.h]\d{2}(?::\d{2})?\S*(?:\s*[ap]\.?m\.?)?)?",
    re.I,
)
_BETWEEN = re.compile(r"\s*(?:[|•·]|\s[–—/-]\s)\s*")
_BEHIND = re.compile(
    r"\s*(?:<?\S+@\S+\.\S+>?|\s@\w{2,30}|,\s*(?:(?:senior|chief|staff|special|news|local)\s+)*(?:writer|reporter|correspondent|editor|columnist)|"
    r",?\s+(?:staff\s+(?:writer|reporter)|special\s+to\s+.{2,60}|follow(?:ing)?)|\s+(?:on|am|le|at|in|\d+\s+(?:hours?|minutes?|days?)\s+ago))\s*$",
    re.I,
)
_SECTION = re.compile(
    r"\b(?:news|local|region|regional|world|home|business|money|sports?|politics|opinion|culture|arts|science|travel|weather|"
    r"read(?:ing)?|views|share|save|follow|updated|published|posted|press|release|office|edition|desk|comments?|min|story|"
    r"stories|breaking|latest|analysis|reports?|subscribe|sign|print|listen|menu|search|advertisement|photo|video)\b",
    re.I,
)
_SMALL = frozenset(
    {
        *("and", "&", "y", "und", "et", "e", "i", "og", "och", "en", "и", "de", "da", "di", "del", "van", "von"),
        *("der", "den", "la", "le", "al", "bin", "ibn", "du", "dos", "ten", "ter"),
    }
)


def byline_of(stated: Sequence[str], meta: dict[str, str], page: HtmlElement, title: str, site: str) -> str:
    """`stated` are the names that the page's data gives, the best first."""
    told = [*stated, *(meta.get(key, "") for key in _META)]
    candidates = [bare_name(name, is_stated=True) for name in told]
    desks = [name for name in candidates if name and _is_desk(name, site)]
    for name in candidates:
        if name and name not in desks:
            return name
    for name in map(bare_name, _shown(page)):
        if name and not _is_desk(name, site):
            return name
        desks += [name] if name else []
    return _beside_the_date(page, title, site) or (desks or [""])[0]


def bare_name(text: str, *, is_stated: bool = False) -> str:
    """The name in "By Mara Quill | 12 May 2026"; "" for an address, a login, or words that are too many for a name.

    A name that is stated as data may itself begin like such a line: "Di Stefano", "Von Holt".
    """
    text = one_line(text, 300)
    pieces = [piece for piece in _BETWEEN.split(_DATED.sub(" | ", text)) if piece.strip(" ,.|–—-")]
    text = next((piece for piece in pieces if _BEFORE.match(piece)), pieces[0] if pieces else "")
    before = _BEFORE.match(text)
    if before and not (is_stated and re.fullmatch(r"\W*(?:von|par|por|di|door|av|af)\s+", before[0], re.I)):
        text = text[before.end() :]
    for _ in range(3):
        text = _BEHIND.sub("", text).strip(' ,.;:|–—-("')
    if re.search(r"https?://|www\.|@", text) or _LOGIN.fullmatch(text) or len(text.split()) > NAME_WORDS_MAX:
        return ""
    return text


def _is_desk(name: str, site: str) -> bool:
    return bool(_DESK.fullmatch(name)) or (bool(site) and name.casefold() == site.casefold())


def _shown(page: HtmlElement) -> Iterator[str]:
    """What the markup calls an author, outside of comments and of other stories."""
    for element in page.iter(
        "a", "span", "p", "div", "address", "cite", "dd", "li", "h2", "h3", "h4", "footer", "small"
    ):
        is_rel = "author" in (element.get("rel") or "").lower().split()
        prop = (element.get("itemprop") or "").lower().split()
        called = names(element)
        if not (is_rel or "author" in prop or _CALLED.search(called) or _BYLINE.search(called)) or _is_aside(element):
            continue
        text = _together(element) if is_rel else _spaced(element)
        if 1 <= len(text.split()) <= 24:
            yield _inner_name(element) or text


def _inner_name(element: HtmlElement) -> str:
    """The name inside of microdata's author, whose text may say more."""
    found = [_spaced(one) for one in element.iter() if "name" in str(one.get("itemprop") or "").lower().split()]
    return ", ".join(dict.fromkeys(found[:AUTHORS_MAX]))


def _together(link: HtmlElement) -> str:
    """The authors that are linked side by side."""
    around = link.getparent()
    links = [] if around is None else [one for one in around.iter("a") if "author" in (one.get("rel") or "").split()]
    return ", ".join(dict.fromkeys(_spaced(one) for one in (links or [link])[:AUTHORS_MAX]))


def _is_aside(element: HtmlElement) -> bool:
    return any(
        one.tag in ("nav", "aside", "button", "figure") or _ASIDE.search(names(one))
        for one in (element, *element.iterancestors())
        if one.tag not in ("html", "body")
    )


def _spaced(element: HtmlElement) -> str:
    return re.sub(r"\s+([,.;:])", r"\1", spaced_text(element))


def _beside_the_date(page: HtmlElement, title: str, site: str) -> str:
    """A name in the lines under the title: one that says "by", or one that stands beside a date."""
    chunks = _chunks_after(page, title)
    for place, chunk in enumerate(chunks):
        if len(chunk.split()) > NAME_WORDS_MAX + 8:
            break
        dated = any(_DATED.search(one) for one in chunks[max(0, place - 2) : place + 4] if len(one.split()) <= 12)
        for piece in re.split(r"\s*[|•·,]\s*", _DATED.sub(" | ", chunk)):
            says_by = bool(_BEFORE.match(piece))
            name = bare_name(piece)
            if name and (says_by or dated) and name.casefold() != site.casefold() and _is_name(name, says_by):
                return name
    return ""


def _is_name(text: str, says_by: bool) -> bool:
    words = text.split()
    if not 1 <= len(words) <= 6 or re.search(r"[\d!?:;…]", text) or _SECTION.search(text):
        return False
    if text[0].lower() == text[0].upper():  # a script without capitals
        return len(words) <= 4 and len(text) <= 24
    return (says_by or len(words) >= 2) and all(word[0].isupper() or word.lower() in _SMALL for word in words)


def _chunks_after(page: HtmlElement, title: str) -> list[str]:
    """The pieces of text behind the last place before the story where its title stands."""
    title = title.casefold()
    start = next(
        (
            one
            for one in page.iter("h1", "h2", "h3", "b", "font", "div", "td")
            if title and text_of(one).casefold() == title
        ),
        None,
    )
    if start is None:
        return []
    inside, found = set(start.iter()), []
    started = False
    for element in page.iter():
        started = started or element is start
        if not started or not isinstance(element.tag, str) or element.tag in ("script", "style", "button", "nav"):
            texts = [element.tail] if started and element not in inside else []
        else:
            texts = [] if element in inside else [element.text, element.tail]
        found += [" ".join(text.split()) for text in texts if text and re.search(r"\w", text)]
        if element is start and element.tail and element.tail.strip():
            found.append(" ".join(element.tail.split()))
        if len(found) >= CHUNKS_MAX:
            break
    return found[:CHUNKS_MAX]
