"""A standfirst beside the body is not lost: what is not taken is told."""

import pytest

from syndication.articles.extract import extract_article

LEAD = "The line to the islands is open again, and the coffee is better."
STORY = (
    "The ferry sails again on Monday, after eleven weeks in the yard, the company said on the pier, with a band.",
    "She was painted twice, because the first green was that of a rival line, and the captain would not board her.",
    "Nobody had told the gulls, and they came all the same, as if they had read of it in the paper that morning.",
)


@pytest.mark.parametrize(
    "lead",
    [
        f'<p class="lead"><strong>{LEAD}</strong></p>',
        f'<div class="deck">{LEAD}</div>',
        f'<p class="standfirst">{LEAD}</p>',
        f'<ul class="key-points"><li>{LEAD}</li><li>New paint</li></ul>',
    ],
)
def test_a_lead_between_title_and_body_is_told(lead):
    title, body = "The ferry sails again", "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    article = f'<article><h1>{title}</h1>{lead}<div class="article-body">{body}</div></article>'
    told = extract_article(
        f"<html><head><title>{title}</title></head><body>{article}</body></html>", "https://c.example/a"
    )
    assert [block.rule for block in told.removed if LEAD in block.text] == ["beside-the-story"]
    assert told.text.split("\n\n") == list(STORY)
