"""Declared selectors -> something to find elements with. CSS, or XPath behind "xpath:"; both bounded. Pure.

They are written by the people who run the service, and read on pages of others: a slip of theirs must cost little.
"""

from functools import lru_cache

from cssselect import GenericTranslator, SelectorError
from lxml import etree
from lxml.html import HtmlElement

CHARACTERS_MAX = 300
STEPS_MAX = 12
"""Of those that look through a whole tree."""
FOUND_MAX = 500
XPATH = "xpath:"


@lru_cache(maxsize=2048)
def compiled(selector: str) -> etree.XPath:
    """Raises ValueError with the reason, in words for whoever wrote it."""
    if not selector.strip() or len(selector) > CHARACTERS_MAX:
        raise ValueError(f"a selector has 1 to {CHARACTERS_MAX} characters")
    path = selector.removeprefix(XPATH).strip() if selector.startswith(XPATH) else _from_css(selector)
    if path.count("//") + path.count("descendant") + path.count("following") + path.count("preceding") > STEPS_MAX:
        raise ValueError(f"a selector looks through the whole page at most {STEPS_MAX} times")
    try:
        return etree.XPath(path, smart_strings=False)
    except etree.XPathSyntaxError as error:
        raise ValueError(f"it is no XPath: {error}") from error


def find(root: HtmlElement, selector: str) -> list[HtmlElement]:
    """Elements below `root`, in the order of the page. One that can be read but not followed finds none."""
    try:
        found = compiled(selector)(root)
    except etree.XPathError:
        return []
    elements = found[:FOUND_MAX] if isinstance(found, list) else []
    return [element for element in elements if isinstance(element, HtmlElement) and isinstance(element.tag, str)]


def _from_css(selector: str) -> str:
    try:
        return str(GenericTranslator().css_to_xpath(selector, prefix="descendant::"))
    except (SelectorError, RecursionError) as error:
        raise ValueError(f"it is no CSS selector: {error}") from error
