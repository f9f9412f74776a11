"""What a person should look at before it is published. In: what a page gave. Out: flags; the reason to hold.

A flag says what is odd; the ones in HELD_FOR keep an article back, since it would be published as it is otherwise.
"""

import re

from lxml.html import HtmlElement

from syndication.articles.measure import size_of
from syndication.articles.sanitize import ends_cut
from syndication.articles.tidy.lines import words_of

SHORT_WORDS = 25
LINKS_MAX = 0.6
CUT_SHARE = 0.5
"""Of the words that the page says its story has."""
WALL_WORDS_MAX = 250
"""A prompt to pay above which the story went on is only a prompt."""

HELD_FOR = {
    "too-short": f"the page gave fewer than {SHORT_WORDS} words",
    "cut": "the page gave only the beginning",
    "paywalled": "the rest is for those who pay",
    "mostly-links": "most of it is links",
    "other-language": "it is in another language than its page says",
    "title-not-in-page": "the page does not show the title that the feed gave",
}

_LINKED = re.compile(r"<a [^>]*>(.*?)</a>", re.S)
_MARKUP = re.compile(r"<[^<>]*>")
_COMMON = {
    "en": "the and of to in that is was for with his her from are have this",
    "de": "der die und das nicht ist ein eine mit sich auf dem den von wird auch",
    "fr": "le la les des et est une dans que qui pour sur pas avec ce aux",
    "es": "el los las y que en una por con para del se su como más fue",
    "pt": "o os as e que em uma por com para do da não se dos foi",
    "it": "il di che e la per una con del non sono gli nel alla come della",
    "nl": "de het een van en in dat is op te zijn met voor niet aan er",
    "pl": "i w na z nie się do że jest to jak po co za od przez",
    "sv": "och att det som en på är av för med den till inte har om ett",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
)
_SAME_SCRIPT = {"ru": frozenset({"ru", "uk", "bg", "sr", "be", "mk", "kk", "mn"}), "ar": frozenset({"ar", "fa", "ur"})}


def doubts_of_page(
    body: str, text: str, page: HtmlElement, *, walled: bool, locked: bool, words_told: int
) -> tuple[str, ...]:
    """`walled`: a prompt to pay stood in the body; `locked`: the page says as data that it is not free to read."""
    words = size_of(text)
    if not words:
        return ()
    found = []
    if words < SHORT_WORDS:
        found.append("too-short")
    if ends_cut(text) or (words_told >= 100 and words < CUT_SHARE * words_told):
        found.append("cut")
    if locked or (walled and words < WALL_WORDS_MAX):
        found.append("paywalled")
    if links_share(body, text) > LINKS_MAX:
        found.append("mostly-links")
    if _is_elsewhere(text, page.get("lang", "")):
        found.append("other-language")
    return tuple(found)


def title_is_strange(told: str, page_title: str, page_text: str) -> bool:
    """Whether hardly a word of the feed's title is in the page's: it led to another page than the entry's."""
    wanted = set(words_of(told))
    if len(wanted) < 3 or not page_title:
        return False
    shown = set(words_of(f"{page_title} {page_text[:5000]}"))
    return len(wanted & shown) < 0.3 * len(wanted)


def why_held(flags: tuple[str, ...]) -> str:
    """The reason to keep it back, or ""."""
    return next((f"held: {HELD_FOR[flag]}" for flag in flags if flag in HELD_FOR), "")


def without_holds(flags: tuple[str, ...]) -> tuple[str, ...]:
    """What a page's flags say of an article whose text is not the page's."""
    return tuple(flag for flag in flags if flag not in HELD_FOR)


def links_share(body: str, text: str) -> float:
    linked = sum(len(_MARKUP.sub("", inner)) for inner in _LINKED.findall(body))
    return linked / max(1, len(text))


def language_of(text: str) -> str:
    """The language of a text of some length, where script or small words tell it beyond doubt; else ""."""
    letters = [letter for letter in text[:4000] if letter.isalpha()]
    if len(letters) < 80:
        return ""
    sample = "".join(letters)
    for language, script in _SCRIPTS:
        if len(script.findall(sample)) > (0.1 if language == "ja" else 0.5) * len(sample):
            return language
    words = re.findall(r"[^\W\d_]+", text[:4000].lower())
    counts = sorted(
        ((sum(word in known for word in words), language) for language, known in _WORDS.items()), reverse=True
    )
    (most, language), (next_most, _) = counts[0], counts[1]
    return language if len(words) >= 40 and most >= 0.12 * len(words) and most >= 1.6 * next_most else ""


def _is_elsewhere(text: str, declared: str) -> bool:
    declared = declared.lower().replace("_", "-").partition("-")[0]
    if declared not in _WORDS and declared not in dict(_SCRIPTS):
        return False
    told = language_of(text)
    return bool(told) and told != declared and declared not in _SAME_SCRIPT.get(told, ())
