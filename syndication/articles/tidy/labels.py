"""Whole lines that are labels of a page, in many languages. In: a Line. Out: the rule that knows it.

Each rule takes a line from end to end, or wants two signs at once: a sentence that merely holds such words is left
alone. `lines` asks these rules after its own.
"""

import re
from collections.abc import Callable

from syndication.articles.tidy import wordings
from syndication.articles.tidy.line import Line

_SIGN = re.compile(rf"(?<!\w)(?:{wordings.NEWSLETTER_SIGNS})", re.I)
_IMPERATIVE = re.compile(rf"\W*(?:{wordings.IMPERATIVES})(?!\w)|[^.!?]{{0,60}}[:：]\s*\w", re.I)
_ADVERT = re.compile(rf"\W*(?:{wordings.ADVERT})\W*", re.I)
_TAGS = re.compile(rf"\W*(?:{wordings.TAGS})\s*[:：].*", re.I)
_SHARE = re.compile(
    rf"\W*(?:(?:{wordings.SHARE})[\s|·•:]*(?:e-?mail|print|facebook|twitter|x|whatsapp)?[\s|·•]*)+\W*", re.I
)
_COMMENTS = re.compile(
    rf"\W*(?:\d+\s+)?(?:{wordings.COMMENTS}|comments?|leave\s+a\s+(?:comment|reply)|join\s+the\s+(?:conversation|discussion)|"
    r"view\s+(?:all\s+)?comments|log\s+in\s+to\s+(?:post\s+comments|comment)|(?:show|hide|load)\s+(?:more\s+)?comments)"
    r"(?:\s*\(\d+\))?\W*",
    re.I,
)
_RIGHTS = re.compile(rf"(?:.*\b)?(?:{wordings.RIGHTS}).*", re.I)
_COPYRIGHT = re.compile(r"\W*(?:©|\(c\)\s|copyright\b(?:\s*©)?)\s*[^.!?]{0,120}[.!?]?(?:\s[^.!?]{0,100}[.!?])?", re.I)
_OF_THE_SIGN = re.compile(r"\W*(?:©|copyright)\s+(?:is|was|are|were|has|had|means|stands|ist|est|es)\b", re.I)
"""A sentence about the sign."""

_PICTURE = re.compile(
    rf"\W*(?:{wordings.PICTURE_BY})\s*(?:(?:credits?|courtesy(?:\s+of)?|by|via|source)\s*)?(?:[:：/©|–—-]\s*|(?<=by)\s+|(?<=of)\s+)"
    r"[^.!?:]{2,80}\W*",
    re.I,
)
_FOLLOW = re.compile(rf"\W*(?:{wordings.FOLLOW}).{{0,80}}", re.I)
_COOKIES = re.compile(rf"\W*(?:{wordings.COOKIES}).*", re.I)
_BY = re.compile(
    rf"\W*(?:{wordings.BY})\s*[:：/／]?\s*(?P<name>[^\W\d_a-z][^.!?:;\d|·•]{{1,50}})\W*",
)
_BY_LOWER = re.compile(rf"\W*(?:{wordings.BY})\s*[:：/／]?\s*(?P<name>[^\W\d_][^.!?:;\d|·•]{{1,50}})\W*", re.I)
_WIDGET = re.compile(
    r"\W*(?:(?:listen|watch)(?:\s+(?:to\s+)?(?:this|the)\s+(?:article|story|video|interview))?|play\s+(?:video|audio)|download\s+(?:our|the)\s+app|"
    r"loading(?:\s+\w+)?(?:\.{3}|…)?|enlarge(?:\s+(?:this\s+)?image)?|(?:toggle|hide|show)\s+caption|(?:opens?|opened)\s+in\s+(?:a\s+)?new\s+(?:window|tab)|"
    r"view\s+(?:this\s+post\s+on\s+instagram|image|gallery|in\s+gallery|slideshow)|jump\s+to\s+(?:recipe|comments|content|navigation)|print\s+(?:recipe|this|version|page)?|"
    r"send\s+to\s+a\s+friend|table\s+of\s+contents|contents|skip\s+to\s+\w+(?:\s+content)?|back\s+to\s+top|top|see\s+(?:all|more)|show\s+(?:more|less|all)|view\s+(?:more|all)|"
    r"report\s+(?:an?\s+)?(?:error|typo|ad)|(?:was\s+this\s+(?:page|article|helpful)[^.!?]{0,20}\?(?:\s*(?:yes|no))*)|close|menu|search|next|prev(?:ious)?|older|newer|"
    r"(?:hits|views|aufrufe|lesezeit|temps\s+de\s+lecture|tiempo\s+de\s+lectura)\s*:?\s*[\d.,]+\s*\w{0,8}|\d+\s*(?:min(?:uten?|utos?)?)\.?\s*(?:lesezeit|de\s+lecture|lectura|leitura)|"
    r"drucken|imprimer|imprimir|nach\s+oben|haut\s+de\s+page|startseite|accueil|inicio|edit|sign\s+in|log\s*in|follow|copy(?:\s+(?:link|code|url))?|"
    r"sign\s+up\s+to\s+discover\s+human\s+stories.*|a\s+post\s+shared\s+by\s+.{2,100}|published\s+in\s+the\s+print\s+edition\s+of\s+.{2,80}|"
    r"this\s+(?:article|story)\s+appears\s+in\s+the\s+.{2,60}\s+(?:issue|edition).{0,40}|have\s+a\s+(?:tip|story|question)\?.{0,120}|"
    r"(?:correction|feedback)\s*\?\s*.{0,80}|do\s+you\s+have\s+a\s+(?:tip|story)\b.{0,120})\W*",
    re.I,
)
_LOCKED = re.compile(
    r"\W*(?:this\s+(?:article|story|post|content)\s+is\s+(?:for|only\s+(?:for|available\s+to)|available\s+(?:only\s+)?(?:to|for)|exclusive\s+to|reserved\s+for)\s+"
    r"(?:(?:paid|paying|premium|registered|our)\s+)*(?:subscribers?|members?|readers?)|(?:to\s+)?(?:continue|keep)\s+reading\b[^.!?]{0,30}\b(?:subscri|log\s*in|sign|register)|"
    r"(?:subscribe|sign\s+in|log\s*in|register)\s+(?:now\s+)?to\s+(?:continue|read|keep|unlock)|already\s+a\s+(?:subscriber|member)\b(?=\s*[?:!–—-]|\W*$)|you(?:['’]ve|\s+have)\s+reached\s+your|"
    r"dieser\s+artikel\s+ist\s+(?:nur\s+)?für\s+abonnent|jetzt\s+(?:abo|weiterlesen)|(?:cet\s+)?article\s+(?:est\s+)?réservé\s+aux\s+abonnés|abonnez-vous\s+pour\s+lire|"
    r"il\s+vous\s+reste\s+[\d.,]+\s*%|contenido\s+exclusivo\s+para\s+suscriptores|suscr[íi]bete\s+para|assine\s+para|оформите\s+подписку|続きを読むには(?![^。]*[たるだ]。)|"
    r"(?:この記事は)?(?:有料)?会員限定|wykup\s+prenumeratę|اشترك\s+الآن\s+لمتابعة).*",
    re.I | re.S,
)


def is_invitation(line: Line) -> bool:
    """An invitation to subscribe: it calls upon the reader, and shows two signs of what such lines are about."""
    if line.words > 60 or not _IMPERATIVE.match(line.text):
        return False
    signs = {found.casefold() for found in _SIGN.findall(line.text)}
    return len(signs) >= 2 or (len(signs) == 1 and line.link_share >= 0.3)


def is_locked(text: str) -> bool:
    """Whether the line says that the rest is for those who pay or log in."""
    return len(text) <= 400 and bool(_LOCKED.fullmatch(text))


def byline_elsewhere(line: Line) -> str:
    """The name of a line that says who wrote it, in other languages than English, near the top or the end. Else ""."""
    found = _BY.fullmatch(line.text) if line.words <= 7 and (line.place < 5 or line.after < 2) else None
    if not found:
        found = _BY_LOWER.fullmatch(line.text) if line.words <= 7 and line.place < 5 else None
    name = found["name"].strip(" ,|") if found else ""
    return name if name and _is_names(name) else ""


_JOINS = frozenset(
    {
        "y",
        "de",
        "und",
        "di",
        "la",
        "den",
        "el",
        "и",
        "och",
        "der",
        "i",
        "al",
        "da",
        "von",
        "og",
        "le",
        "e",
        "en",
        "bin",
        "et",
        "van",
        "du",
        "and",
    }
)


def _is_names(text: str) -> bool:
    words = [word for word in re.split(r"[\s,&]+", text) if word]
    return 1 <= len(words) <= 6 and all(not word[0].islower() or word in _JOINS for word in words)


LABELS: tuple[tuple[str, Callable[[Line], bool]], ...] = (
    ("paywall", lambda line: is_locked(line.text)),
    ("newsletter", is_invitation),
    ("advertisement", lambda line: line.words <= 4 and bool(_ADVERT.fullmatch(line.text))),
    ("share-line", lambda line: line.words <= 14 and bool(_SHARE.fullmatch(line.text))),
    ("tags", lambda line: line.words <= 40 and line.link_share >= 0.4 and bool(_TAGS.fullmatch(line.text))),
    ("comments", lambda line: line.words <= 8 and bool(_COMMENTS.fullmatch(line.text))),
    ("follow-us", lambda line: line.words <= 16 and bool(_FOLLOW.fullmatch(line.text))),
    ("cookie-notice", lambda line: line.words <= 80 and bool(_COOKIES.fullmatch(line.text))),
    (
        "copyright",
        lambda line: (
            line.words <= 45
            and line.after < 6
            and bool(
                (_COPYRIGHT.fullmatch(line.text) and not _OF_THE_SIGN.match(line.text))
                or (line.words <= 35 and _RIGHTS.fullmatch(line.text))
            )
        ),
    ),
    ("image-credit", lambda line: line.words <= 10 and bool(_PICTURE.fullmatch(line.text))),
    ("page-furniture", lambda line: line.words <= 30 and bool(_WIDGET.fullmatch(line.text))),
)
"""In the order in which they are asked."""
