"""What a whole line says that is no part of a story. In: a line and its links. Out: the rule that knows it, or None.

Every rule is anchored at both ends: a sentence that merely holds such words is left alone. Where wording alone could be
a sentence ("Read more from the archive"), the line must also be a link, or be shouted.
"""

import re
from collections.abc import Callable

from syndication.articles.tidy import wordings
from syndication.articles.tidy.elsewhere import credited_elsewhere
from syndication.articles.tidy.labels import LABELS, byline_elsewhere
from syndication.articles.tidy.line import LINE_CHARS_MAX, Line
from syndication.patterns import possessive

TITLE_WORDS_MAX = 60
RULE_WORDS_MAX = 100
"""No rule knows a line of more words."""

_MORE = (
    r"(?:more(?:\s+(?:about|on|of)\s+(?:this|it|the))?|(?:the\s+)?(?:full|whole|entire|complete|original|rest(?:\s+of)?)"
    r"(?:\s+(?:the|this))?)"
)
_STORY = (
    r"(?:\s+(?:story|stories|article|articles|report|reports|post|piece|text|version|interview|news|coverage|here))*"
)
_NAME = r"(?:\s+(?:from|at|on|in|by|via)\s+(?P<name>[^.!?:;]*?(?:\b(?:St|Mt|Ft|Dr)\.[^.!?:;]*?|\.\w[^!?:;]*?)?))"
_CLICK = re.compile(
    rf"\W*(?:please\s+)?(?:click|tap|press)\s+here\s+(?:to|for)\s+"
    rf"(?:(?:read|see|view|get|find|visit)\s+)?(?:{_MORE}|(?:the|this)\b){_STORY}{_NAME}?\W*",
    re.I,
)
_READ = re.compile(
    rf"\W*(?:(?:you\s+can\s+)?(?:read|see|view|find|get)\s+{_MORE}|continue(?:\s+reading)?|(?:for\s+)?more){_STORY}{_NAME}\W*",
    re.I,
)
_CLICK_LAST = re.compile(
    rf"\W*(?:(?:to|for)\s+)?(?:(?:read|see|view|find|get)\s+)?{_MORE}{_STORY}\s+(?:from|at|on|in|by|via)\s+"
    r"(?P<name>[^.!?:;,]{2,80}?),?\s*(?:please\s+)?(?:click|tap|press)\s+here\W*",
    re.I,
)
_HERE = re.compile(r"\W*(?:(?:click|tap|press)\s+)?here\W*|\W*(?:this\s+)?link\W*", re.I)
_VISIT = re.compile(
    r"\W*(?:visit|go\s+to)\s+(?P<name>[^.!?:;]{2,60}?)\s+(?:for\s+more|to\s+read\s+more)\b[^.!?]{0,40}\W*", re.I
)
_FIRST_PUBLISHED = re.compile(
    r"\W*(?:(?:this|the)\s+(?:article|story|post|report|piece|text)\s+)?(?:(?:was|has\s+been|is)\s+)?"
    r"(?:(?:originally|first|previously)\s+)?(?:published|appeared|posted|republished|reprinted)(?:\s+(?:here|first|originally))?\s+"
    r"(?:(?:with\s+permission\s+)?(?:by|on|in|at|from))\s+(?P<name>[^.!?;]{2,80}?)"
    r"(?:\s+(?:and\s+is\s+(?:republished|reproduced)|under\s+a|and\s+is\s+part\s+of|with\s+permission|on\s+\w+\s+\d)[^!?]{0,120})?\W*",
    re.I,
)
_FIRST_ELSEWHERE = re.compile(
    r"\W*(?:(?:dieser|der)\s+(?:artikel|beitrag|text)\s+(?:ist\s+)?(?:erschien(?:en)?\s+)?(?:zuerst|ursprünglich)\s+"
    r"(?:im|in|auf|bei)|cet\s+article\s+(?:est\s+paru|a\s+été\s+publié)(?:\s+(?:initialement|d['’]abord))?\s+(?:dans|sur)|"
    r"(?:este\s+art[íi](?:culo|go)\s+(?:fue|foi)\s+)?public(?:ado|ada)\s+original?mente\s+(?:en|em|no|na|por)|"
    r"(?:questo\s+articolo\s+è\s+stato\s+)?pubblicato\s+originariamente\s+(?:su|da|in))\s+"
    r"(?P<name>[^.!?;]{2,80}?)(?:\s+erschienen)?\W*",
    re.I,
)
_SOURCE = re.compile(
    r"(?:source|quelle|via|originally\s+from|original\s+article|original\s+source)\s*[:：–—-]\s*(?P<name>[^.!?;]{2,60}?)\W*",
    re.I,
)
_SEE_ALSO_WORDS = (
    r"(?:see\s+also|read\s+also|also\s+read|also\s+see|also\s+on\s+this\s+site|related(?:\s+(?:articles?|stor(?:y|ies)|posts?|news|"
    r"coverage|reading|links?|content))?|read\s+(?:more|next|this\s+next|on)|more\s+(?:on\s+this(?:\s+(?:story|topic))?|like\s+this|stories|"
    r"to\s+read)|you\s+(?:may|might)\s+also\s+(?:like|be\s+interested\s+in)|recommended(?:\s+(?:for\s+you|reading|stories))?|"
    r"don[’']?t\s+miss|further\s+reading|must\s+read|in\s+case\s+you\s+missed\s+it|earlier\s+(?:on\s+this\s+site|coverage|stories)|"
    rf"{wordings.SEE_ALSO})"
)
SEE_ALSO_LABEL = re.compile(rf"\W*{_SEE_ALSO_WORDS}\s*[:：>»→|–—-]+\s*", re.I)
_SEE_ALSO_ALONE = re.compile(rf"\W*{_SEE_ALSO_WORDS}\W*", re.I)
_SEE_ALSO_START = re.compile(rf"\W*{_SEE_ALSO_WORDS}\b\W*", re.I)

_NETWORKS = (
    r"facebook|fb|twitter|x|instagram|whatsapp|linkedin|telegram|pinterest|reddit|tumblr|messenger|mastodon|bluesky|threads|"
    r"youtube|tiktok|vk|flipboard|pocket|xing|viber|line|snapchat|weibo|wechat|signal|google|rss"
)
_SHARE_WORDS = (
    "share|sharing|tweet|pin|it|email|e-mail|mail|print|copy|link|save|send|post|like|follow|icon|logo|button|buttons|this|"
    f"article|story|page|friend|click|to|on|via|by|a|the|with|in|new|window|opens|loading|url|more|{_NETWORKS}"
)
_LONGEST_FIRST = "|".join(sorted(_SHARE_WORDS.split("|"), key=len, reverse=True))
# Possessive: run-together labels can be read in more ways than there is time to try.
_SHARE_LINE = possessive(rf"(?:{_LONGEST_FIRST}|[\W\d_])++", re.I)
_SHARE_SIGN = re.compile(
    rf"share|tweet|pin\s*it|print|e-?mail|copy\s*link|{_NETWORKS.replace('|x|', '|').replace('|line|', '|')}", re.I
)
_NETWORK = re.compile(rf"(?:{_NETWORKS.replace('|x|', '|').replace('|line|', '|')})", re.I)
_SHARE_ON = re.compile(rf"\W*(?:share|tweet|post|pin)(?:\s+this)?\s+(?:on|via|to)\s+(?:{_NETWORKS}|e-?mail)\W*", re.I)
_FOLLOW = re.compile(
    rf"\W*(?:follow|like|find|join)\s+(?:us|\S+(?:\s+\S+){{0,3}})\s+on\s+(?:(?:{_NETWORKS}|and|or|our|page|channel)\W*)+",
    re.I,
)
_MONTH = rf"(?:{'|'.join(wordings.MONTHS)})"
DATE = (
    rf"(?:(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?(?:\d{{1,2}}(?:st|nd|rd|th|er|\.|º|ª)?\s+(?:(?:of|de|del)\s+)?{_MONTH}\.?,?\s+(?:(?:de|del)\s+)?\d{{4}}|"
    rf"{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}))"
)
_TIME = r"(?:[\s,|·•–—@-]*(?:at\s+)?\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?(?:\s*(?:[A-Z]{2,5}|UTC[+-]\d+))?)"
_BY = r"(?:[\s,|·•–—/-]*by\s+[^.!?:]{2,60})"
_DATE_LINE = re.compile(
    rf"\W*(?:(?:posted|published|updated|last\s+updated|modified|first\s+published|date|on|veröffentlicht|stand|publié|publicado|pubblicato|gepubliceerd|opublikowano|опубликовано|公開日|نشر)\b\s*(?:on|at)?\s*:?\s*)?(?:by\s+[^.!?:]{{2,60}}?[\s,|·•–—-]+(?:on\s+)?)?"
    rf"{DATE}{_TIME}?(?:[\s|·•,;–—/(-]*(?:updated|last\s+updated|modified)\s*(?:on|at)?\s*:?\s*{DATE}{_TIME}?\)?)?{_BY}?"
    r"(?:[\s|·•,–—/-]+(?:in\s+)?[^.!?]{2,40})?\W*",
    re.I,
)
_BYLINE = re.compile(
    r"\W*(?:(?:written|story|text|report|words)\s+)?by:?\s+(?P<name>[^\W\d_][^.!?:;\d]{1,60})\W*", re.I
)
_IS_SENTENCE = re.compile(r"\b(?:is|was|are|were|has|had|will|would|could|went|came|all)\b.*[.!?]\W*$")
"""As ends "By Monday all was well.": a verb behind, and a full stop."""

_ADVERT = re.compile(
    r"\W*(?:advertisement|advertising|advert|sponsored(?:\s+(?:content|post|link))?|ad|"
    r"(?:story|article)\s+continues\s+(?:below|after)(?:\s+(?:the\s+)?(?:advertisement|ad|promo))?|continue\s+reading\s+below|"
    r"scroll\s+(?:down\s+)?to\s+continue(?:\s+reading)?)\W*",
    re.I,
)
_NEWSLETTER = re.compile(
    r"\W*(?:sign\s+up|subscribe|register)\b.{0,80}\b(?:newsletters?|e-?mails?|alerts|updates|inbox)\b.{0,60}", re.I
)
_POST_APPEARED = re.compile(r"\W*the\s+post\s+.{1,300}?\s+(?:appeared\s+first|first\s+appeared)\s+on\s+.{1,120}", re.I)
_TAGS = re.compile(
    r"\W*(?:tags?|tagged(?:\s+(?:with|in|as))?|filed\s+under|categor(?:y|ies)|topics?|posted\s+in)\s*[:：].*", re.I
)
_COMMENTS = re.compile(
    r"\W*(?:(?:\d+|no|add|leave|post|write)\s+(?:a\s+|your\s+)?(?:comments?|repl(?:y|ies)|responses?)(?:\s+yet)?|"
    r"comments?(?:\s+(?:are\s+)?(?:closed|off))?(?:\s*\(\d+\))?|be\s+the\s+first\s+to\s+comment)\W*",
    re.I,
)
_MEASURE = re.compile(
    r"\W*(?:(?:estimated\s+)?(?:reading|read)\s+time\W+)?(?:(?:<\s*)?\d+\s*(?:-|\s)?min(?:ute)?s?\s*(?:read(?:ing)?(?:\s+time)?)|"
    r"[\d,.]+k?\s+(?:views?|shares?|reads))\W*|\W*(?:estimated\s+)?reading\s+time\W+\d+\s*min\w*\W*",
    re.I,
)
_CONTINUE = re.compile(
    r"\W*(?:continue\s+reading|read\s+more|read\s+the\s+(?:full|whole)\s+(?:story|article)|more|back\s+to\s+top)\W*",
    re.I,
)


def credited(line: Line) -> tuple[str, str] | None:
    """The publisher and link that a crediting line names: "CLICK HERE TO READ MORE FROM <PUBLISHER>". Else None.

    The name is as written and may be empty; so may the link.
    """
    if line.words > 22:
        return None
    stands_out = line.link_share >= 0.5 or line.shouted
    links_here = any(_HERE.fullmatch(text) for text, _ in line.links)
    for pattern, says_here in ((_CLICK_LAST, True), (_CLICK, True), (_READ, False), (_VISIT, False)):
        found = pattern.fullmatch(line.text)
        named_last = found and says_here and line.after < 3 and _is_name(found["name"] or "")
        if found and (stands_out or (says_here and links_here) or named_last):
            return _credit(found, line)
    found = credited_elsewhere(line.text) if stands_out else None
    return _credit(found, line) if found else None


def first_published(line: Line) -> tuple[str, str] | None:
    """The same of a line that says where the story first stood: "Source: X", "This story was first published by X"."""
    if line.words > 40:
        return None
    for pattern, share in ((_SOURCE, 0.3), (_FIRST_PUBLISHED, 0.1), (_FIRST_ELSEWHERE, 0.1)):
        found = pattern.fullmatch(line.text)
        if found and (line.link_share >= share if line.links else _is_name(found["name"])):
            return _credit(found, line)
    return None


def _is_name(text: str) -> bool:
    """Whether each word is written as names are; "in the 1921 annual of the board" is a place, not a house."""
    words = [word for word in text.split() if word.lower() not in ("the", "of", "and", "de", "la", "on", "in", "&")]
    return bool(words) and len(words) <= 8 and all(word[0].isupper() for word in words)


def _credit(found: re.Match[str], line: Line) -> tuple[str, str]:
    name = " ".join((found.groupdict().get("name") or "").split()).strip(" \"'“”‘’«»→>|–—-,")
    name = _LEFT_OVER.sub("", name)
    address = next((url for text, url in line.links if text), "")
    return (name if len(name.split()) <= 10 else "", address)


_LEFT_OVER = re.compile(
    rf"^(?:the|this){_STORY}\s+(?:from|at|on|in|by|via)\s+|(?:[’']s)?\s+(?:web\s?site|home\s?page|online)$|\s+here$",
    re.I,
)


def see_also(line: Line) -> tuple[tuple[str, str], ...] | None:
    """The titles and links of a cross-link to other stories; empty when the line is only its heading. Else None."""
    label = SEE_ALSO_LABEL.match(line.text)
    if label and line.links and line.words <= 60:
        rest = line.text[label.end() :]
        linked = " ".join(text for text, _ in line.links)
        if len(linked) >= 0.8 * len(rest):
            return tuple((_unlabelled(text), url) for text, url in line.links if _unlabelled(text))
    if _SEE_ALSO_ALONE.fullmatch(line.text):
        return ()
    if line.link_share >= 0.95 and line.words <= 30:
        start = _SEE_ALSO_START.match(line.text)
        if start and start.end() < len(line.text):
            return tuple((_unlabelled(text), url) for text, url in line.links if _unlabelled(text))
    return None


def _unlabelled(text: str) -> str:
    label = SEE_ALSO_LABEL.match(text) or _SEE_ALSO_START.match(text)
    return text[label.end() :].strip() if label else text.strip()


def is_share_line(text: str) -> bool:
    """Labels of share buttons, run together or not: "ShareTweetPinEmail", "Share on Facebook Share on X"."""
    if not text or len(text) > 400 or not _SHARE_LINE.fullmatch(text):
        return False
    if _SHARE_ON.fullmatch(text):
        return True
    signs = len(_SHARE_SIGN.findall(text))
    return signs >= 2 and (bool(_NETWORK.search(text)) or signs >= 3 or (signs == 2 and len(text) < 20))


def is_date_line(line: Line) -> bool:
    return line.words <= 24 and bool(_DATE_LINE.fullmatch(line.text))


def byline(line: Line) -> str:
    """The names of a line that says nothing but who wrote it, near the top. Else ""."""
    found = _BYLINE.fullmatch(line.text) if line.words <= 10 and line.place < 5 else None
    if found and _IS_SENTENCE.search(found["name"] + line.text[found.end("name") :]):
        return ""
    return found["name"].strip(" ,|") if found and found["name"][0].isupper() else byline_elsewhere(line)


def byline_of_date_line(line: Line) -> str:
    """The name in "January 9, 2026 | by Peder Vance". Else ""."""
    found = re.search(r"\bby\s+(?P<name>[^\W\d_][^.!?:;\d|·•]{1,60}?)\s*(?:[|·•,–—]|\bon\b|$)", line.text)
    return found["name"].strip() if found and found["name"][0].isupper() else ""


OTHERS: tuple[tuple[str, Callable[[Line], bool]], ...] = (
    ("share-line", lambda line: is_share_line(line.text)),
    ("advertisement", lambda line: bool(_ADVERT.fullmatch(line.text))),
    ("post-appeared-first", lambda line: bool(line.links) and bool(_POST_APPEARED.fullmatch(line.text))),
    ("follow-us", lambda line: line.words <= 16 and bool(_FOLLOW.fullmatch(line.text))),
    ("newsletter", lambda line: line.words <= 30 and line.link_share >= 0.2 and bool(_NEWSLETTER.fullmatch(line.text))),
    ("tags", lambda line: line.link_share >= 0.5 and bool(_TAGS.fullmatch(line.text))),
    ("comments", lambda line: line.words <= 8 and bool(_COMMENTS.fullmatch(line.text))),
    ("reading-time", lambda line: line.words <= 8 and bool(_MEASURE.fullmatch(line.text))),
    ("continue-reading", lambda line: line.link_share >= 0.9 and bool(_CONTINUE.fullmatch(line.text))),
    ("date-line", lambda line: (line.place < 6 or line.after < 4) and is_date_line(line)),
    *LABELS,
)
"""Rules that give nothing back, in the order in which they are asked."""


def is_of_the_story(line: Line, title: str) -> bool:
    """Whether none of the rules knows the line; `title` is the story's."""
    if len(line.text) > LINE_CHARS_MAX or line.words > RULE_WORDS_MAX:
        return True
    return not (
        credited(line)
        or first_published(line)
        or see_also(line) is not None
        or is_title(line, title)
        or byline(line)
        or any(knows(line) for _, knows in OTHERS)
    )


def is_title(line: Line, title: str) -> bool:
    """Whether the line, near the top, is the story's title again."""
    near = bool(title) and line.place < 4 and line.words <= TITLE_WORDS_MAX
    return near and words_of(line.text) == words_of(title)


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
