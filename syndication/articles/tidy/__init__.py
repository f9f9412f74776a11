"""A body, freed of what does not belong to the story. In: a partner's HTML. Out: safe HTML; pictures, links and
crediting lines apart; every block that was taken out, with the rule that took it.

`furniture` knows elements by what their makers call them, `lines` knows whole lines by their wording, `figures` tells
caption from credit. A rule takes a whole block or nothing: no sentence of the story is ever edited.
"""

from syndication.articles.tidy.body import merge_links, tidy, tidy_html
from syndication.articles.tidy.figures import merge_figures, split_credit
from syndication.articles.tidy.tidied import Tidied

__all__ = ["Tidied", "merge_figures", "merge_links", "split_credit", "tidy", "tidy_html"]
