"""What makers of pages call the things that are no story. In: an element. Out: the rule that its names call for, or "".

A name alone proves little: "tag-harbour" may stand on the whole article and "teaser" on its first paragraph. So each
rule has bounds, and whoever asks decides what else must hold. Names are read as words: "relatedPosts", "c-related_list"
and "related-posts" say the same.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_HOLDS_ALL = re.compile(r"(?:^|\s)(?:hentry|type-post|post-\d+|postid-\d+|h-entry|status-publish)(?:\s|$)")
STORY = re.compile(
    r" (?:article ?body|entry content|post content|article content|article text|story body|story content|"
    r"story text|post body|"
    r"post text|td post content|single content|content body|wp block post content|e content|entry body|the content|"
    r"article copy|body copy|post copy|main content text|node content|field name body|gh content|available content|"
    r"blog item content|mw parser output|rich text|richtext|body text|article main|news ?text|artikel ?text|"
    r"artikel ?inhalt|"
    r"post entry|entry text|amp wp article content|c article content|page content|item page|text content) "
)


@dataclass(frozen=True, slots=True)
class Kind:
    rule: str
    called: re.Pattern[str]
    words_max: int
    share_max: float
    """Of the text around it."""
    links_min: float = 0.0
    """Link share below which the name is not believed."""


def _kind(rule: str, words: str, words_max: int, share_max: float, links_min: float = 0.0) -> Kind:
    return Kind(rule, re.compile(rf" (?:{words}) "), words_max, share_max, links_min)


KINDS = (
    _kind(
        "comments",
        r"comments?|comment ?list|commentlist|comment ?body|comment ?text|comments ?area|respond|disqus|"
        r"disqus thread|discussion|"
        r"commentaires|kommentare?|comentarios?|responses?|fb comments|livefyre|coral|user comments|"
        r"leserkommentare|replies",
        1_000_000,
        1.0,
    ),
    _kind(
        "cookie-notice",
        r"cookies?|cookie ?(?:notice|banner|consent|law|bar)|consent|gdpr|dsgvo|ccpa|onetrust|didomi|usercentrics|"
        r"cmp ?box|cmpboxtxt|"
        r"cookiebot|privacy ?(?:notice|banner|wall)|cc window",
        100_000,
        0.95,
    ),
    _kind(
        "share-buttons",
        r"shar(?:e|es|ing)|share ?(?:bar|buttons?|links?|tools?|this)|sharedaddy|sd sharing enabled|socials?|"
        r"social ?(?:share|media|links?|bar)|"
        r"addtoany|a2a kit|shareaholic|addthis|heateor sss sharing container|ssba|essb links|sharebar|sociable|"
        r"post ufi|teilen|partager|compartir|"
        r"article ?tools|story ?tools|post ?tools|speechify ignore|audio player|listen|text to speech|print icon|"
        r"btn toolbar",
        80,
        0.4,
    ),
    _kind(
        "related-links",
        r"related|related ?(?:posts?|articles?|stories|content|news|links|topics|entries|items)|jp relatedposts|"
        r"yarpp|crp related|recommended|recommendations?|"
        r"recirculation|recirc|read (?:also|next|more)|readmore|see also|"
        r"more (?:stories|news|from|posts|articles|like|on|in|headlines|coverage)|"
        r"also (?:like|read)|you may|crosslinks?|cross link|inline related|wp embedded content|further reading|"
        r"next (?:post|article|up|story)|prev(?:ious)? post|"
        r"most (?:read|popular|viewed|recent|commented)|mostread|popular(?: posts?)?|trending|"
        r"latest(?: news| posts| stories)?|recent (?:posts|entries|articles|stories)|"
        r"outbrain|taboola|zergnet|revcontent|mgid|dable|kg bookmark card|kg product card|up next|article next|"
        r"teasers?|onward|suggest(?:ed|ions?)|"
        r"mehr zum thema|lesen sie auch|verwandte|articles lies|a lire|lire aussi|relacionad[oa]s?|leia tambem|"
        r"saiba mais|czytaj|block views|widget recent entries|"
        r"promo ?(?:box|block|item|list)|story ?list|link ?list|linkbox|read ?also|post list|card ?(?:list|grid)|"
        r"wp block query|wp block latest posts|item ?pagination|rp4wp",
        2_000,
        0.5,
        0.12,
    ),
    _kind(
        "newsletter",
        r"newsletters?|newsletter ?(?:signup|box|form|block|widget)|subscribe|subscription|subscription widget|"
        r"subscription widget wrap|sign ?up|mc4wp form|mailchimp|"
        r"mc embed signup|mailing ?list|email ?(?:signup|capture)|optin|opt in|convertkit|kg signup card|cta|"
        r"call to action|membership|donat(?:e|ion)|support us",
        130,
        0.4,
    ),
    _kind(
        "paywall",
        r"paywall|pay ?wall|paywall ?prompt|premium ?(?:box|teaser|overlay)|meter(?:ed)?|regwall|piano|tp modal|"
        r"subscriber only|offer|abo ?box|abo",
        200,
        0.4,
    ),
    _kind(
        "promotion",
        r"ad|ads|advert|adverts|advertisement|advertising|adsbygoogle|"
        r"ad ?(?:container|slot|wrapper|unit|box|label|block|inread)|dfp|gpt ad|banner ad|banner|"
        r"sponsor|sponsored|promo|promos|promotion|inset promo|midroll|anzeige|werbung|publicite|publicidad|"
        r"code block|widget|popup|modal|lightbox|poll|quiz|survey|"
        r"affiliate|app ?promo|appeal|site ?notice|notice bar",
        150,
        0.4,
    ),
    _kind(
        "author-box",
        r""
        r"author ?(?:box|bio|info|card|description|profile|about|meta|block|section|wrap(?:per)?|details|name|text)|"
        r"about (?:the )?author|post author|"
        r"bio|biography|contributors?|writer bio|user ?(?:profile|info|description)|profile|"
        r"autor(?:en)?(?: ?box| ?info)?|c author|byline bio|abh box|vcard",
        200,
        0.4,
    ),
    _kind(
        "tags",
        r"tag ?(?:list|links|cloud|s)|tags|tagcloud|post tags|tags links|cat links|categories|post categories|"
        r"entry categories|article ?tags|keywords|topics?(?: list)?|"
        r"hashtags|labels|post labels|schlagworte|taxonomy|wp block post terms|catlinks|field name field tags|"
        r"amp wp tax tag|mots cles|etiquetas",
        80,
        0.4,
    ),
    _kind(
        "navigation",
        r"nav|navi|navbar|navigation|menu|megamenu|mega menu|breadcrumbs?|pagination|pager|pagenav|page ?numbers|"
        r"post navigation|nav links|toc|table ?of ?contents|"
        r"tableofcontents|skip ?link|topbar|toolbar|edit ?section|mw editsection|navbox|blog pager|pfad|site ?map|"
        r"jump|jump link|series ?nav|rst footer buttons|"
        r"headerlink|author ?nav|noprint|printfooter|lang(?:uage)? ?(?:switch|selector|list)",
        500,
        0.5,
    ),
    _kind(
        "page-furniture",
        r"entry ?meta|post ?meta|article ?(?:meta|info|header meta)|story ?meta|meta|meta ?data|byline|bylines|"
        r"posted on|entry date|post date|publish(?:ed)? date|"
        r"date ?line meta|submitted|node meta|timestamp|time stamp|read(?:ing)? ?time|entry footer|post footer|"
        r"edit link|print(?:er)?(?: friendly| info)?|"
        r"rating|ratings|hits|views count|post views|article views|kicker|eyebrow|topline|rubric|download|"
        r"copy ?btn|copybtn|flag|report ?abuse|toctitle|infobox|"
        r"correction ?form|feedback|helpful|disclaimer box|contact ?card|press ?contact|source ?link|src|autor",
        100,
        0.35,
    ),
    _kind(
        "page-furniture",
        r"site ?header|masthead|global ?header|page ?header|header|hd|site ?footer|global ?footer|page ?footer|"
        r"footer|colophon|footer ?wrap|foot|legal|copyright|imprint|"
        r"impressum|sub ?footer|bottom ?bar|credits? ?line|fuss",
        600,
        0.4,
    ),
    _kind(
        "page-furniture",
        r"side ?bar|sidebars?|widget ?area|rail|right ?rail|left ?rail|right ?col(?:umn)?|left ?col(?:umn)?|"
        r"column ?right|column ?left|complementary|secondary|"
        r"aside|tertiary|rechts|marginal(?:spalte)?|sidecol|side|off ?canvas|drawer",
        4_000,
        0.5,
    ),
)
"""In the order in which they are asked."""


def rule_for(element: HtmlElement, words: int, share: float, linked: float) -> str:
    """`words` and `linked` of its text; `share` is how much of the text around it that is."""
    called = spoken(element)
    if not called:
        return ""
    for kind in KINDS:
        if (
            words <= kind.words_max
            and share <= kind.share_max
            and linked >= kind.links_min
            and kind.called.search(called)
        ):
            return kind.rule
    return ""


def is_called_story(element: HtmlElement) -> bool:
    return bool(STORY.search(spoken(element)))


def spoken(element: HtmlElement) -> str:
    """Its names as words between spaces; "" for none, and for the names that a theme gives to a whole article."""
    found = " ".join(
        value
        for key in ("id", "class", "role", "itemprop", "data-testid", "data-component", "name")
        if (value := element.get(key))
    )
    return _spoken(found[:600]) if found else ""


@lru_cache(maxsize=8_192)
def _spoken(names: str) -> str:
    if _HOLDS_ALL.search(names):
        return ""
    return f" {' '.join(word.lower() for word in _WORDS.findall(names))} "
