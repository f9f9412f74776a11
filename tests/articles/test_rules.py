"""A partner's own rules: what they take, keep and say, and that each block taken is kept with its rule."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndication.articles.extract import extract_article
from syndication.articles.rules import MARK, completed, rule_fragment, rule_page
from syndication.model.article import Extract
from syndication.model.source import PageRule, RuleKind

URL = "https://harbour.example/news/1"
STORY = "".join(f"<p>Sentence {n} tells at length how the ferry crosses the sound again today.</p>" for n in range(6))
PAGE = f"""<html><head><title>Ferry</title></head><body><nav>Menu</nav><h1>The ferry sails</h1>
<p class="writer">Ada Quay of the harbour desk</p><time class="posted" datetime="2026-05-07T05:00:00Z">today</time>
<div class="story">{STORY}<div class="letter"><p>Read more in our harbour letter, out each Friday.</p></div>
<aside class="widget facts"><p>The ferry carries sixty cars and was built in the old yard.</p></aside></div>
<div class="more">{STORY.replace("ferry", "crane")}</div></body></html>"""


def rule(kind: RuleKind, where: str) -> PageRule:
    return PageRule(kind, where)


def extracted(*rules: PageRule) -> Extract:
    ruled = rule_page(PAGE, rules)
    assert ruled is not None
    return completed(extract_article(ruled.html, URL), ruled)


@pytest.mark.parametrize("where", ["div.letter", "xpath:.//div[@class='letter']", "text:Read more in our *letter*"])
def test_a_block_is_removed_and_kept_with_its_rule(where: str) -> None:
    found = extracted(rule(RuleKind.BODY, "div.story"), rule(RuleKind.REMOVE, where))
    assert "letter" not in found.text
    assert ("partner:remove " + where, "Read more in our harbour letter, out each Friday.") in [
        (one.rule, one.text) for one in found.removed
    ]


def test_a_body_that_is_declared_is_the_story_and_all_of_it() -> None:
    found = extracted(rule(RuleKind.BODY, "div.story"))
    assert ("Sentence 5" in found.text, "crane" in found.text) == (True, False)
    assert found.title == "The ferry sails"


def test_title_byline_and_date_are_where_they_are_declared() -> None:
    found = extracted(
        rule(RuleKind.TITLE, "xpath:.//h1"), rule(RuleKind.BYLINE, ".writer"), rule(RuleKind.DATE, "time.posted")
    )
    assert (found.title, found.byline) == ("The ferry sails", "Ada Quay of the harbour desk")
    assert found.date is not None
    assert found.date.isoformat() == "2026-05-07T05:00:00+00:00"


def test_what_is_kept_is_in_the_body_though_our_rules_would_take_it() -> None:
    kept = extracted(rule(RuleKind.BODY, "div.story"), rule(RuleKind.KEEP, "aside.facts"))
    assert "sixty cars" in kept.text
    assert MARK not in kept.text + kept.body + kept.excerpt


def test_rules_that_find_nothing_are_told() -> None:
    ruled = rule_page(PAGE, [rule(RuleKind.REMOVE, "div.gone"), rule(RuleKind.REMOVE, "div.letter")])
    assert ruled is not None
    assert (ruled.matched, ruled.missed) == (["remove div.letter"], ["remove div.gone"])


def test_a_words_rule_takes_whole_blocks_only() -> None:
    ruled = rule_page(
        "<p>Read more</p><p>Read more of what the mayor said.</p>", [rule(RuleKind.REMOVE, "text:Read more")]
    )
    assert ruled is not None
    assert [one.text for one in ruled.removed] == ["Read more"]
    assert "what the mayor said" in ruled.html


def test_a_feed_is_under_the_same_rules_where_they_fit() -> None:
    html = "<p>The ferry sails.</p><p>Read more in our letter</p>"
    ruled = rule_fragment(html, [rule(RuleKind.REMOVE, "text:Read more*"), rule(RuleKind.BODY, "div.story")])
    assert (ruled.html, [one.text for one in ruled.removed]) == ("<p>The ferry sails.</p>", ["Read more in our letter"])
    assert rule_fragment(html, [rule(RuleKind.REMOVE, "div.gone")]).html == html


SELECTORS = st.sampled_from(["p", "div", ".story", "text:*ferry*", "xpath:.//*", "h1", "body", "html", "*", "aside"])


@settings(max_examples=25, deadline=None)  # the machine may be busy
@given(st.lists(st.tuples(st.sampled_from(RuleKind), SELECTORS), max_size=5))
def test_no_rule_breaks_a_page_and_what_it_takes_is_kept(pairs: list[tuple[RuleKind, str]]) -> None:
    rules = [rule(kind, where) for kind, where in pairs]
    ruled = rule_page(PAGE, rules)
    assert ruled is not None
    assert len(ruled.matched) + len(ruled.missed) == len(rules)
    found = completed(extract_article(ruled.html, URL), ruled)
    assert MARK not in found.title + found.body + found.text
