"""Pictures of a story. In: a tree. Out: Figures, caption and credit apart; the tree without any picture.

Pixels that count readers, icons and faces are no pictures of the story. What carries a name in parentheses at the end
of its caption is taken for credited: to take one too many for another house's shows less, and never too much.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

import lxml.etree
from lxml.html import HtmlElement

from syndication.articles.credits import agencies_in
from syndication.articles.sanitize import clean_text, one_line, shown_url
from syndication.articles.sanitize.markup import CREDIT_ATTRIBUTES
from syndication.articles.tidy.lines import is_share_line
from syndication.articles.tidy.trees import names, still_in, take_out, text_of
from syndication.model.article import Figure, Removed
from syndication.model.rights import AGENCIES

CAPTION_CHARS_MAX = 1000
ICON_PIXELS = 64
CREDITED_WORDS_MAX = 40
"""Words of a line under a picture that ends in an agency's name, to be its caption."""

NAMED_WORDS_MAX = 25
"""The same when it ends in any other name, as a sentence of a story may: "… said Mara Quill (Harbour List)."."""

IMAGES_MAX = 300
"""Beyond so many it is no story; none of them is looked at."""

_TRACKER = re.compile(
    r"(?://(?:[\w.-]*\.)?(?:doubleclick\.net|google-analytics\.com|scorecardresearch\.com|quantserve\.com|stats\.wp\.com|"
    r"pixel\.wp\.com|feedburner\.com|feedsportal\.com|list-manage\.com|chartbeat\.net|hubspot\.com|bat\.bing\.com|adnxs\.com)/)"
    r"|facebook\.com/tr\b|//(?:pixel|counter|count|stats?|track(?:er|ing)?|beacon|analytics|metrics|log)\d*\."
    r"|/(?:pixel|tracking|tracker|beacon|counter|open|1x1|spacer|blank|clear)(?:\.gif|\.png|/|\?|$)",
    re.I,
)
_ICON_NAMES = re.compile(r"(?:^|[\s_-])(?:emoji|wp-smiley|avatar|gravatar|icon|logo|sprite|share|social)(?:$|[\s_-])")
_CAPTIONED = re.compile(
    r"(?:^|[\s_-])(?:wp-caption|caption|image-wrap|media-image|photo|picture|image|thumbnail|gallery)(?:$|[\s_-])"
)
_CAPTION = re.compile(r"(?:caption|legend|description)")
_CREDIT = re.compile(
    r"(?:^|[\s_-])(?:media-credit|credits?|copyright|photographer|photo-?credit|image-?credit|byline|source|attribution)(?:$|[\s_-])"
)

_PICTURE = r"(?:(?:file\s+)?(?:photo(?:graph)?s?|pictures?|images?)|foto|bild|illustration|graphic)"
_LEAD = re.compile(
    rf"\W*(?:{_PICTURE}?\s*(?:credits?|courtesy(?:\s+of)?|copyright|by|from|via)(?:\s*[:：/|©-]\s*|\s+)"
    rf"|(?:{_PICTURE}|handout|source)\s*[:：/|©-]\s*|©\s*)",
    re.I,
)
# WordPress names the sizes of a picture so, and its image servers ask for them so.
_SIZE = re.compile(r"-\d{2,4}x\d{2,4}(?=\.\w{2,5}$)|-scaled(?=\.\w{2,5}$)")
_SIZE_ASKED = re.compile(r"(?:w|h|width|height|fit|resize|quality|ssl|crop|strip)=.*", re.I)
_PARENTHESES = re.compile(r"\s*[(\[（［]([^()\[\]（）［］]{2,90})[)\]）］][\s.。]*$")
_BAR_TAIL = re.compile(r"\s[|]\s*([^|.!?\d]{2,80})\W*$")
_LABELLED_TAIL = re.compile(
    r"(?:(?<=[.!?”\"’])\s*|\s+[|–—/-]\s*|\s*\n\s*)((?:photo(?:graph)?|picture|image|foto|bild|credit|photo\s+credit|image\s+credit|courtesy\s+of|©)"
    r"(?:\s+by\b|\s*[:：©/]|\s+(?=[A-Z]))\s*[^.!?\n]{2,80})[\s.]*$",
    re.I,
)
_COPYRIGHT_TAIL = re.compile(r"\s*(©\s*[^.!?\n]{2,80})[\s.]*$")
_NO_CREDIT = re.compile(
    r"\W*(?:(?:pictured|shown|seen|left|right|cent(?:re|er)|middle|above|below|top|bottom|front|back|from\s+left|far\s+\w+|"
    r"first|second|third|not|now|then|aged?|born|died|since|until|in|on|at|with|and|see|for|the\s+\w+\s+one|archive)\b.*|[\d\s,./–-]+)",
    re.I,
)
_SMALL_WORDS = " of the and for de du van von der la le via to by in & "


def split_credit(caption: str) -> tuple[str, str]:
    """Caption and credit of a picture's line: "Boats at dawn. (Lena Holm/Coast Wire)" -> the sentence, and the name."""
    line = " ".join(clean_text(caption).split())
    found = _PARENTHESES.search(line)
    if found and _is_credit(found[1], line[: found.start()]):
        return line[: found.start()].rstrip(), _bare(found[1])
    found = _LABELLED_TAIL.search(line) or _COPYRIGHT_TAIL.search(line)
    if found:
        return line[: found.start()].rstrip(" |–—/-"), _bare(found[1])
    found = _BAR_TAIL.search(line)
    if found and _is_credit(found[1], line[: found.start()]):
        return line[: found.start()].rstrip(" |–—/-"), _bare(found[1])
    whole = re.fullmatch(
        r"\W*(?:photo|picture|image|foto|bild|credit|photo\s+credit|©)\s*(?:by\b|[:：©/]|(?<=©))\s*([^.!?]{2,80})\W*",
        line,
        re.I,
    )
    return ("", whole[1].strip()) if whole else (line, "")


def take_figures(root: HtmlElement, base_url: str) -> tuple[list[Figure], list[Removed]]:
    """Take every picture out of the tree, with its caption; say what was no picture of the story."""
    figures: dict[str, Figure] = {}
    removed: list[Removed] = []
    images = list(root.iter("img", "amp-img"))
    if len(images) > IMAGES_MAX:
        removed.append(Removed("too-many-pictures", f"{len(images)} pictures"))
        lxml.etree.strip_elements(root, "img", "amp-img", with_tail=False)
        images = []
    for image in images:
        if not still_in(image, root):
            continue
        src = _source(image, base_url)
        rule = _no_picture(image, src)
        if rule:
            removed.append(Removed(rule, one_line(image.get("alt") or src or image.get("src", "")[:200])))
            take_out(image)
            continue
        frame = _frame(image, root)
        frame = image if frame is None else frame
        _collect(frame, base_url, figures, following_caption(frame))
        take_out(frame)
    return list(figures.values()), removed


def merge_figures(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Each picture once, in the order first met; caption and credit from whichever telling has them."""
    known: dict[str, Figure] = {}
    for figure in figures:
        key = _key(figure.src)
        other = known.get(key, figure)
        known[key] = replace(
            other,
            caption=other.caption or figure.caption,
            credit=other.credit or figure.credit,
            alt=other.alt or figure.alt,
        )
    return tuple(known.values())


def _key(src: str) -> str:
    """One picture in its several sizes has one key."""
    path, _, query = src.partition("#")[0].partition("://")[2].partition("?")
    asked = [pair for pair in query.split("&") if pair and not _SIZE_ASKED.fullmatch(pair)]
    return f"{_SIZE.sub('', path).lower()}?{'&'.join(asked)}"


def following_caption(frame: HtmlElement) -> str:
    """The caption that stands in a block of its own after the picture's, taken out of the tree. Else ""."""
    following = frame.getnext()
    if following is None or text_of(frame) or (frame.tail or "").strip() or following.tag not in ("p", "div", "span"):
        return ""
    text = text_of(following)
    slanted = " ".join(text_of(one) for one in following.iterdescendants("i", "em", "small"))
    is_caption = (
        bool(_CAPTION.search(names(following)))
        or (len(slanted) >= 0.9 * len(text) and bool(split_credit(text)[1]))
        or is_credited(text)
    )
    if not text or len(text.split()) > 80 or not is_caption or following.find(".//img") is not None:
        return ""
    if text != text_of(following.getroottree().getroot()):  # all the words there are stay the story's as well
        take_out(following)
    return text


def is_credited(text: str) -> bool:
    """Whether a line under a picture says whose it is: then it is the picture's, whatever its block is called."""
    words = len(text.split())
    if not text or words > CREDITED_WORDS_MAX:
        return False
    return bool(agencies_in("", text, AGENCIES)) or (words <= NAMED_WORDS_MAX and bool(split_credit(text)[1]))


def _collect(frame: HtmlElement, base_url: str, figures: dict[str, Figure], following: str = "") -> None:
    caption, credit = split_credit(following) if following else _words(frame)
    images = [frame] if frame.tag in ("img", "amp-img") else list(frame.iter("img", "amp-img"))
    for image in images:
        src = _source(image, base_url)
        if not src or _no_picture(image, src):
            continue
        alt = one_line(image.get("alt") or "", 300)
        credit = credit or _credit_of(image)
        known = figures.get(src)
        if known is None or (caption and not known.caption):
            figures[src] = Figure(src=src, caption=caption, credit=credit or (known.credit if known else ""), alt=alt)


def _credit_of(image: HtmlElement) -> str:
    """The credit that the element itself carries: in an attribute of its own, or at the end of its alt or title."""
    for key in CREDIT_ATTRIBUTES:
        if told := one_line(image.get(key) or "", 200):
            return _bare(told)
    for key in ("alt", "title"):
        told = one_line(image.get(key) or "", 300)
        named = split_credit(told)[1] if told else ""
        agencies = agencies_in(named, told, AGENCIES) if told else ()
        if agencies or "/" in named:
            return named or ", ".join(agencies)
    return ""


def _words(frame: HtmlElement) -> tuple[str, str]:
    """Caption and credit of a figure element."""
    credit = ""
    for element in [element for element in frame.iterdescendants() if isinstance(element.tag, str)]:
        if _CREDIT.search(names(element)) and still_in(element, frame) and text_of(element):
            credit = credit or _bare(text_of(element).strip("()[] "))
            take_out(element)
    holders = [
        element
        for element in frame.iterdescendants()
        if isinstance(element.tag, str) and (element.tag == "figcaption" or _CAPTION.search(names(element)))
    ]
    told = one_line(text_of(holders[0]) if holders else text_of(frame), CAPTION_CHARS_MAX)
    caption, named = split_credit(told)
    return (told, credit) if credit and not named else (caption, credit or named)


def _frame(image: HtmlElement, root: HtmlElement) -> HtmlElement | None:
    """The element that holds the picture and its caption, and nothing of the story."""
    best = None
    for ancestor in image.iterancestors():
        if ancestor is root or ancestor.tag in ("body", "article", "main"):
            break
        if ancestor.tag == "figure":
            return ancestor
        if text_of(ancestor) and not _is_captioned(ancestor):
            break
        best = ancestor
    return best


def _is_captioned(element: HtmlElement) -> bool:
    """Whether the words beside a picture are its caption: by name, by their slant, or by a credit at their end."""
    text = text_of(element)
    if len(text.split()) > 80 or len(element.findall(".//p")) > 2:
        return False
    inner = [one for one in element.iterdescendants() if isinstance(one.tag, str)]
    if _CAPTIONED.search(names(element)) or any(one.tag == "figcaption" or "caption" in names(one) for one in inner):
        return True
    slanted = " ".join(text_of(one) for one in inner if one.tag in ("i", "em", "small", "figcaption"))
    if len(slanted) >= 0.9 * len(text):
        return True
    # A brief may end in "(dpa)" too, but it has a paragraph of its own.
    return element.find(".//p") is None and len(text.split()) <= 40 and bool(split_credit(text)[1])


def _source(image: HtmlElement, base_url: str) -> str:
    """The best address that the element gives: lazy loaders keep the real one aside."""
    candidates = [image.get(key, "") for key in ("data-src", "data-lazy-src", "data-original")]
    candidates += (
        [_largest(image.get(key, "")) for key in ("data-srcset", "srcset")]
        if not image.get("src", "").startswith("http")
        else []
    )
    candidates.append(image.get("src", ""))
    candidates.append(_largest(image.get("srcset", "")))
    for candidate in candidates:
        spelt = shown_url(candidate, base_url) if candidate else ""
        if spelt.startswith("http"):
            return spelt
    return ""


def _largest(srcset: str) -> str:
    best, best_width = "", -1.0
    for candidate in re.findall(r"(\S+)(?:\s+([\d.]+)[wx])?\s*(?:,|$)", srcset[:4000]):
        width = float(candidate[1]) if re.fullmatch(r"\d+(?:\.\d+)?", candidate[1]) else 0.0
        if width > best_width:
            best, best_width = candidate[0].rstrip(","), width
    return best


def _no_picture(image: HtmlElement, src: str) -> str:
    """The rule by which it is no picture of the story, or ""."""
    sizes = [_pixels(image.get(key, "")) for key in ("width", "height")]
    if any(size is not None and size <= 2 for size in sizes):
        return "tracking-pixel"
    if not src:
        return "picture-without-address"
    if _TRACKER.search(src):
        return "tracking-pixel"
    if all(size is not None and size <= ICON_PIXELS for size in sizes) or _ICON_NAMES.search(names(image)):
        return "icon"
    alt = image.get("alt") or ""
    return (
        "share-icon"
        if re.fullmatch(r"\W*(?:share|tweet|pin it|print|e-?mail|facebook|twitter|whatsapp)\W*", alt, re.I)
        or is_share_line(alt)
        else ""
    )


def _pixels(text: str) -> int | None:
    found = re.match(r"\s*(\d{1,5})(?:px)?\s*$", text)
    return int(found[1]) if found else None


def _is_credit(inside: str, before: str) -> bool:
    """Whether what stands in parentheses at the end of a caption names who made the picture."""
    if _LEAD.match(inside + " ") and len(inside.split()) <= 12:
        return True
    if _NO_CREDIT.fullmatch(inside) or len(inside.split()) > 8 or _is_acronym_of(inside, before):
        return False
    if agencies_in(inside, "", AGENCIES):
        return True
    words = [word for word in re.split(r"[\s/|,]+", inside) if word and f" {word.lower()} " not in _SMALL_WORDS]
    return bool(words) and all(word[0].isupper() or word[0] in "@©" or not word[0].isalpha() for word in words)


def _is_acronym_of(inside: str, before: str) -> bool:
    """ "the Harbour Workers' Council (HWC)" explains a name and credits nobody."""
    letters = re.sub(r"[^A-Z]", "", inside)
    if not 2 <= len(letters) <= 6 or letters != inside.strip():
        return False
    initials = "".join(word[0] for word in re.findall(r"\b[A-Z]\w*", before))
    return letters in initials


def _bare(credit: str) -> str:
    """The name alone: "Photo: Lena Holm / Coast Wire" -> "Lena Holm / Coast Wire"."""
    text = " ".join(credit.split()).strip(" .()[]（）［］")
    lead = _LEAD.match(text)
    while lead and lead.end() < len(text):
        text = text[lead.end() :].strip(" .:")
        lead = _LEAD.match(text)
    return text.strip("()[] ")
