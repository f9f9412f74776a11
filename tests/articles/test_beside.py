"""What came beside what became of it: every line once, in order, with the rule that took it."""

from syndication.articles.beside import OUTSIDE, BesideLine, beside
from syndication.articles.extract import extract_article

STORY = ["Boat number two came in at dawn with fourteen crates, and its crew went home.", "Nobody had told the gulls."]
PAGE = (
    "<body><nav><a href=/>Home</a> <a href=/n>News</a></nav><article><h1>Boats</h1><div class=entry-content>"
    f"<p>{STORY[0]}</p><p>See also: <a href=/b>Bread riots on the quay</a></p><p>{STORY[1]}</p></div></article>"
    "<footer><p>All of it is ours.</p></footer>"
)


def test_lines_stand_in_the_order_of_the_page_with_their_rules():
    extract = extract_article(PAGE, "https://coast.example/a")
    lines = beside(PAGE, extract.text, extract.removed)
    assert BesideLine(STORY[0]) in lines
    assert BesideLine("See also: Bread riots on the quay", "see-also") in lines
    assert [line.text for line in lines if not line.rule] == STORY
    assert lines[0].rule == lines[-1].rule == OUTSIDE


def test_nothing_beside_nothing():
    assert beside("", "", ()) == ()
    assert beside("<p>", "x", ()) == ()
