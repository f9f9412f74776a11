"""A feed tried: its newest articles as they will look, and what was taken out of them."""

from syndication.jobs.try_out import SHOWN_MAX, newest, try_out
from syndication.model.exchange import Answer, Request
from syndication.model.rights import Rights, TextRight
from syndication.model.source import ArticleFrom, FetchOutcome
from tests.builders import NOW, a_source, an_entry
from tests.world import World, item, rss

FEED = "https://harbour.example/feed"


def answer(world: World) -> Answer:
    came = world.fetch(Request(FEED))
    assert isinstance(came, Answer)
    return came


def test_the_newest_are_shown_by_date() -> None:
    dated = [an_entry(published=NOW.replace(hour=hour)) for hour in (3, 5, 4)]
    undated = [an_entry(published=None) for _ in range(20)]
    shown = newest([*undated, *dated])
    assert len(shown) == SHOWN_MAX
    assert shown[:4] == [dated[1], dated[2], dated[0], undated[0]]


def test_an_article_is_shown_as_it_will_look_with_what_was_removed() -> None:
    world = World()
    text = "The ferry crosses the sound again. " * 10
    body = f"{text}</p><p>CLICK HERE TO READ MORE FROM HARBOUR DAILY</p><script>alert(1)</script><p>{text}"
    world.puts(FEED, rss(item(1, text=body), "<item/>"))
    source = a_source(url=FEED)
    trial = try_out(source, answer(world), exchange=world, now=NOW)
    (preview,) = trial.previews
    assert preview.permission.excerpt.startswith("The ferry crosses the sound again.")
    assert preview.permission.body == ""  # the safe default grants an excerpt
    assert "alert" not in preview.article.body
    assert any("CLICK HERE" in block.text for block in preview.article.removed)
    assert [aside.reason for aside in trial.set_aside] == ["it has neither id, link, title nor text"]
    assert world.asked == [FEED]


def test_pages_are_read_when_the_source_takes_its_articles_from_there() -> None:
    world = World()
    paragraphs = "".join(f"<p>Sentence {n} of the story about the ferry is long enough.</p>" for n in range(6))
    world.puts("https://harbour.example/news/1", f"<html><body><article><h1>F</h1>{paragraphs}</article></body></html>")
    world.puts(FEED, rss(item(1), item(2)))
    source = a_source(url=FEED, article_from=ArticleFrom.PAGE, rights=Rights(text=TextRight.FULL))
    trial = try_out(source, answer(world), exchange=world, now=NOW)
    assert {("Sentence 5" in preview.permission.body) for preview in trial.previews} == {True, False}
    assert len(trial.previews) == 2  # a page that does not come takes nothing away


def test_an_answer_that_is_no_feed_says_so() -> None:
    world = World()
    for body, outcome in (("<html>busy</html>", FetchOutcome.NOT_A_FEED), ("<rss>", FetchOutcome.NOT_A_FEED)):
        world.puts(FEED, body)
        trial = try_out(a_source(url=FEED), answer(world), exchange=world, now=NOW)
        assert (trial.feed, trial.previews, trial.fetched.outcome) == (None, (), outcome)
        assert trial.fetched.detail
