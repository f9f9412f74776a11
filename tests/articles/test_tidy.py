"""Line rules take whole lines of furniture and leave sentences; captions give up their credit and nothing else."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndication.articles.sanitize import parsed
from syndication.articles.tidy import lines as rules
from syndication.articles.tidy import merge_figures, split_credit, tidy, tidy_html
from syndication.articles.tidy.lines import LINE_CHARS_MAX, Line
from syndication.articles.tidy.plain import untouched
from syndication.articles.tidy.trees import fragment
from syndication.model.article import Figure

BASE = "https://coast.example/2026/a"


def _tidy(html, **more):
    return tidy_html(html, base_url=BASE, **more)


def _link(text, share=1.0):
    return Line(text, ((text, "https://herald.example/"),), share, place=9, after=9)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("CLICK HERE TO READ MORE FROM THE HARBOUR HERALD", "THE HARBOUR HERALD"),
        ("Click here to read more from Harbour Herald.", "Harbour Herald"),
        ("Click here for more from the Harbour Herald »", "the Harbour Herald"),
        ("CLICK HERE TO READ THE FULL STORY AT HARBOUR HERALD", "HARBOUR HERALD"),
        ("Click here to read the original article on Harbour Herald", "Harbour Herald"),
        (">> Tap here to read the rest of the story on harbourherald.example", "harbourherald.example"),
        ("Read the full article at Harbour Herald", "Harbour Herald"),
        ("READ MORE FROM HARBOUR HERALD →", "HARBOUR HERALD"),
        ("Continue reading at Harbour Herald", "Harbour Herald"),
        ("More from Harbour Herald", "Harbour Herald"),
        ("For more stories from Harbour Herald", "Harbour Herald"),
        ("Visit Harbour Herald to read more", "Harbour Herald"),
        ("CLICK HERE TO READ MORE FROM ST. BRENDAN’S TIMES", "ST. BRENDAN’S TIMES"),
        ("CLICK HERE TO READ MORE", ""),
        ("Click here for the full story", ""),
    ],
)
def test_a_crediting_line_names_its_house(text, name):
    assert rules.credited(_link(text)) == (name, "https://herald.example/")


@pytest.mark.parametrize(
    "text",
    [
        "Visitors can click here to read more from the museum’s archive, the curator said.",
        "Read more from your own window, the letter ended, and write to us.",
        "Click here to read more from the Herald, said the sign; nobody did.",
        "More from habit than from hunger, he ate",
        "In the end she would read the full report from the county and weep. It took a week.",
    ],
)
def test_a_sentence_that_holds_such_words_is_no_crediting_line(text):
    assert rules.credited(Line(text, (("here", "https://herald.example/"),), 0.05, 9, 9)) is None


def test_wording_alone_is_not_enough():
    assert rules.credited(Line("Read more from Harbour Herald", (), 0.0, 9, 9)) is None
    assert rules.credited(Line("READ MORE FROM HARBOUR HERALD", (), 0.0, 9, 9)) == ("HARBOUR HERALD", "")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("ShareTweetPinEmailWhatsApp", True),
        ("Share on Facebook Share on Twitter Share on WhatsApp Email Print", True),
        ("Share this: Facebook Twitter Email", True),
        ("FacebookTwitterLinkedInEmail", True),
        ("Click to share on Facebook (Opens in new window)", True),
        ("Share and share alike", False),
        ("Print", False),
        ("Email the mayor", False),
        ("X", False),
        ("The link was shared on Facebook by two thousand people", False),
    ],
)
def test_labels_of_share_buttons_are_known_and_sentences_are_not(text, is_one):
    assert rules.is_share_line(text) is is_one


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("12 May 2026", True),
        ("May 12, 2026", True),
        ("Tuesday, May 12, 2026 at 4:05 pm", True),
        ("Posted on 12 May 2026 by Mara Quill", True),
        ("Published: 3rd June 2026, 14:20", True),
        ("By Mara Quill | May 12, 2026", True),
        ("Updated 2026-05-12 10:00 UTC", True),
        ("12 May 2026 was the day on which the bridge fell, and nobody was on it.", False),
        ("PORT ELLERY, May 12, 2026 — The council met.", False),
        ("May", False),
        ("In May 2026 the herring came", False),
    ],
)
def test_date_lines(text, is_one):
    assert rules.is_date_line(Line(text)) is is_one


@pytest.mark.parametrize(
    ("caption", "split"),
    [
        ("Boats at dawn. (Lena Holm/Coast Wire)", ("Boats at dawn.", "Lena Holm/Coast Wire")),
        ("Boats at dawn (AFP)", ("Boats at dawn", "AFP")),
        ("Boats at dawn. (Photo: Lena Holm)", ("Boats at dawn.", "Lena Holm")),
        ("Boats at dawn. [Photo by Lena Holm / AP]", ("Boats at dawn.", "Lena Holm / AP")),
        ("Boats at dawn. Photo: Lena Holm", ("Boats at dawn.", "Lena Holm")),
        ("Boats at dawn. Photograph by Lena Holm", ("Boats at dawn.", "Lena Holm")),
        ("Boats at dawn. © Coast Wire", ("Boats at dawn.", "Coast Wire")),
        ("Boats at dawn | Credit: Getty", ("Boats at dawn", "Getty")),
        ("Boats at dawn (courtesy of the harbour board)", ("Boats at dawn", "the harbour board")),
        ("Photo: Lena Holm", ("", "Lena Holm")),
        ("Boats at dawn (file photo)", ("Boats at dawn (file photo)", "")),
        ("Boats at dawn (1987)", ("Boats at dawn (1987)", "")),
        ("Ida Roe (left) and Tor Bright (right)", ("Ida Roe (left) and Tor Bright (right)", "")),
        ("Members of the Harbour Workers’ Council (HWC)", ("Members of the Harbour Workers’ Council (HWC)", "")),
        ("The fleet (pictured in May)", ("The fleet (pictured in May)", "")),
        ("The photo shows the fleet", ("The photo shows the fleet", "")),
        ("", ("", "")),
    ],
)
def test_caption_and_credit_come_apart(caption, split):
    assert split_credit(caption) == split


@pytest.mark.parametrize(
    ("html", "titles"),
    [
        ("<p>See also: <a href='/b'>Bread riots</a></p>", ["Bread riots"]),
        ("<p><strong>SEE ALSO –</strong> <a href='/b'>Bread riots</a></p>", ["Bread riots"]),
        ("<p><a href='/b'>See also: Bread riots</a></p>", ["Bread riots"]),
        ("<p><em><a href='/b'>READ MORE: Bread riots</a></em></p>", ["Bread riots"]),
        ("<p>Related: <a href='/b'>Bread riots</a>, <a href='/c'>Cake riots</a></p>", ["Bread riots", "Cake riots"]),
        ("<h4>You may also like</h4><ul><li><a href='/b'>Bread riots</a></li></ul>", ["Bread riots"]),
        ("<p>See also the <a href='/b'>annex</a>, which lists every riot.</p>", []),
        ("<h3>Related</h3><p>She was related to the baker, and it showed in the dough of her arguments.</p>", []),
    ],
)
def test_cross_links(html, titles):
    tidied = _tidy(
        f"<p>The story begins here and goes on for a while.</p>{html}<p>And it ends here, where it should.</p>"
    )
    assert [link.title for link in tidied.related] == titles
    assert tidied.text.endswith("where it should.")
    assert ("riot" in tidied.text or "dough" in tidied.text) is not bool(titles)


@pytest.mark.parametrize(
    ("html", "rule"),
    [
        ('<p>The post <a href="/a">Bread</a> appeared first on <a href="/">Coast</a>.</p>', "post-appeared-first"),
        ("<p>Advertisement</p>", "advertisement"),
        ("<p>Story continues below</p>", "advertisement"),
        ("<p>Follow us on Facebook, Twitter and Instagram</p>", "follow-us"),
        ('<p><a href="/n">Sign up for our weekly newsletter</a></p>', "newsletter"),
        ('<p>Tags: <a href="/t">bread</a>, <a href="/u">riots</a></p>', "tags"),
        ("<p>Leave a comment</p>", "comments"),
        ("<p>3 min read</p>", "reading-time"),
        ('<p><a href="/a">Continue reading →</a></p>', "continue-reading"),
        ('<p>Source: <a href="https://herald.example">Harbour Herald</a></p>', "credit-line"),
    ],
)
def test_a_foreign_line_goes_and_is_kept_with_its_rule(html, rule):
    tidied = _tidy(f"<p>The story begins here and goes on.</p>{html}")
    assert tidied.text == "The story begins here and goes on."
    assert [removed.rule for removed in tidied.removed] == [rule]


def test_each_line_between_breaks_is_judged_alone():
    tidied = _tidy("<p>The story begins here and goes on.<br>Share on Facebook<br>Share on X</p>")
    assert tidied.text == "The story begins here and goes on."
    assert [removed.text for removed in tidied.removed] == ["Share on Facebook", "Share on X"]


def test_one_line_of_a_paragraph_goes_and_its_neighbours_stay():
    tidied = _tidy(
        '<p>First line.<br><a href="https://h.example">CLICK HERE TO READ MORE FROM H</a><br>Last <b>line</b>.</p>'
    )
    assert tidied.body == "<p>First line.<br>Last <b>line</b>.</p>"
    assert (tidied.publisher, tidied.publisher_link) == ("H", "https://h.example/")


def test_an_excerpt_shown_twice_goes_both_times():
    story = "The old ferry was sold nine years ago to a man who wanted only its bell. " * 2
    tidied = _tidy(f"<p>{story}And then […]</p><h2>{story}And then […]</h2><p>{story}And then he rang it.</p>")
    assert tidied.body.count("<p>") == 1
    assert [removed.rule for removed in tidied.removed] == ["cut-excerpt", "cut-excerpt"]


def test_a_quotation_that_trails_off_stays():
    assert "wondering …" in _tidy("<p>“We never knew why the bell was gone, and still lie awake wondering …”</p>").text


def test_san_09_pixels_and_trackers_are_no_figures():
    html = (
        '<p>Text of the story stands here.<img src="https://x.example/a.gif" width="1" height="1">'
        '<img src="https://stats.wp.com/b.gif?v=1"><img src="https://pixel.x.example/p"><img src="/open.gif">'
        '<img src="/face.jpg" class="avatar"><img src="data:image/gif;base64,AA"><img src="http://10.0.0.1/a.jpg"></p>'
        '<figure><img src="/real.jpg" width="640" height="400"><figcaption>Real. (AP)</figcaption></figure>'
    )
    tidied = _tidy(html)
    assert tidied.figures == (Figure("https://coast.example/real.jpg", "Real.", "AP"),)
    assert tidied.body == "<p>Text of the story stands here.</p>"
    assert {removed.rule for removed in tidied.removed} == {"tracking-pixel", "icon", "picture-without-address"}


def test_a_picture_in_several_sizes_is_one():
    small = Figure("https://a.example/up/boat-300x200.jpg", alt="Boat")
    large = Figure("https://a.example/up/boat-1024x683.jpg?w=900", "Boat.", "AP")
    other = Figure("https://a.example/image?id=7")
    again = Figure("https://a.example/image?id=8")
    assert merge_figures([small, large, other, again]) == (
        Figure("https://a.example/up/boat-300x200.jpg", "Boat.", "AP", "Boat"),
        other,
        again,
    )


def test_an_element_called_share_that_holds_the_story_stays():
    story = "<p>The whole story stands in an element that its theme calls share, of all things, and it must stay.</p>"
    assert _tidy(f'<div class="has-share share">{story}</div>').text.startswith("The whole story")


@pytest.mark.parametrize(
    "piece",
    [
        "read more from ",
        "by by ",
        "- ",
        "a ",
        "click here to read more ",
        "share on ",
        "12 May 2026 ",
        "(",
        "photo: ",
        "see also: ",
        "on x ",
        ". ",
        "the post ",
    ],
)
def test_no_line_takes_a_rule_long(piece):
    text = (piece * 800)[: LINE_CHARS_MAX - 1].strip() + "ß"
    line = Line(text, ((text, "/x"),), 1.0)
    start = time.perf_counter()
    for judge in (rules.credited, rules.first_published, rules.see_also, rules.byline, rules.byline_of_date_line):
        judge(line)
    for _, knows in rules.OTHERS:
        knows(line)
    split_credit(text)
    assert time.perf_counter() - start < 2


_told = st.sampled_from(
    [
        "The ferry sails again after three weeks of repairs, said the harbour office.",
        "Nothing more was known by noon.",
        "See also: the harbour",
        "Read more",
        "By Ada Quay",
        "A title",
        "January 9, 2026",
        "Share on Facebook Share on X",
        "The rest was cut […]",
        '<a href="https://coast.example/b">Read the full story</a>',
        'Two links, <a href="https://coast.example/b">one</a> and <a href="https://coast.example/c">two</a>.',
        '<a href="https://coast.example/">CLICK HERE TO READ MORE FROM COAST COURIER</a>',
        "<em>word</em> &amp; <strong>word</strong>",
        " ".join(f"word{n}" for n in range(30)),
    ]
)
_blocks = st.one_of(
    st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["p", "h3", "div", "blockquote"]), _told),
    st.builds("<ul><li>{}</li><li>{}</li></ul>".format, _told, _told),
    _told,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_blocks, max_size=6).map("\n".join))
def test_a_body_told_without_a_tree_is_told_the_same(html):
    quick = untouched(html, BASE, "A title")
    if quick is not None:
        assert quick == replace(tidy(fragment(parsed(html)), base_url=BASE, title="A title"), untouched=True)


def test_the_usual_body_needs_no_tree():
    html = '<p>One, <a href="/b">two</a>.</p>\n<h3>Three</h3><ul><li>four</li></ul><p>Five.</p>'
    assert untouched(html, BASE, "A title") is not None
    assert untouched('<p class="share">One</p>', BASE, "") is None
    assert untouched("<p>One</p><img src=x>", BASE, "") is None
