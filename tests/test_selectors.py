"""Selectors that people declare: read, bounded, and harmless where they fit nothing."""

import lxml.html
import pytest

from syndication.selectors import CHARACTERS_MAX, FOUND_MAX, compiled, find

PAGE = lxml.html.document_fromstring(
    "<div class='box wide'><p>one</p><aside class=more><p>two</p></aside></div><div id=end><p>three</p></div>"
)


@pytest.mark.parametrize(
    ("selector", "texts"),
    [
        ("p", ["one", "two", "three"]),
        (".box > p", ["one"]),
        ("aside.more, #end", ["two", "three"]),
        ("xpath:.//div[@id='end']/p", ["three"]),
        ("table", []),
        ("xpath:count(.//p)", []),  # a number is no element
        ("xpath:.//p/text()", []),
        ("xpath:unknown(.//p)", []),  # it can be read, and not followed
    ],
)
def test_a_selector_finds_elements_in_the_order_of_the_page(selector: str, texts: list[str]) -> None:
    assert [element.text_content() for element in find(PAGE, selector)] == texts


@pytest.mark.parametrize(
    "selector", ["", "  ", "div[", "p::first", "xpath:", "xpath://[", "p" * (CHARACTERS_MAX + 1), "xpath:" + "//*" * 13]
)
def test_what_is_no_selector_or_too_much_of_one_is_refused(selector: str) -> None:
    with pytest.raises(ValueError, match=r"selector|XPath"):
        compiled(selector)


def test_no_more_are_found_than_the_limit() -> None:
    page = lxml.html.document_fromstring("<p>a</p>" * (FOUND_MAX + 50))
    assert len(find(page, "p")) == FOUND_MAX
