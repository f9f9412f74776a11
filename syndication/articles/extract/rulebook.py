"""Every rule by which a block may be taken out of a body: the words that stand beside it in the record.

`docs/cleaning.md` shows each of them with an example.
"""

from syndication.articles.tidy.lines import OTHERS
from syndication.articles.tidy.vocabulary import KINDS

_TIDY = ("credit-line", "see-also", "title-again", "byline", "cut-excerpt", "told-twice")
_PICTURES = ("tracking-pixel", "picture-without-address", "icon", "share-icon", "too-many-pictures")
_PAGE = (
    "header",
    "above-the-title",
    "another-story",
    "beside-the-story",
    "one-opinion-only",
    "heading-alone",
    "pull-quote",
)

RULES = frozenset({*_TIDY, *_PICTURES, *_PAGE, *(rule for rule, _ in OTHERS), *(kind.rule for kind in KINDS)})
