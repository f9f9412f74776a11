"""The short ways through a body come out where the long ones do: pictures, cut excerpts, excerpts, usual links."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndication.articles import clean as cleaning
from syndication.articles import originals
from syndication.articles.identify import canonical_url
from syndication.articles.sanitize import ends_cut, excerpt, links, parsed, plain_text
from syndication.articles.sanitize.sentences import _CUT_WORD, CUT_MARK, sentences, whole_sentences
from syndication.articles.tidy import tidy
from syndication.articles.tidy.pictured import pictured
from syndication.articles.tidy.plain import untouched
from syndication.articles.tidy.trees import fragment
from tests.builders import a_source, an_entry

BASE = "https://coast.example/2026/a"
LONG = "The ferry left the quay at six, late as ever, with forty cars and a brass band on its upper deck. "

_words = st.sampled_from(
    [
        *("Boats left.", "a &amp; b", "“Quoted”, she said.", "", " ", "&nbsp;", LONG, LONG * 3, "A title", "Read more"),
        *("See also: boats", "Photo: Lena Holm", "(Lena Holm/Coast Wire)", "By Mara Quill", "Boats leave the quay […]"),
        *(LONG + "[…]", "The ferry left the quay at six, late as ever, with …", "Share Tweet Email", "5 min read"),
    ]
)
_link = st.builds('<a href="{}">{}</a>'.format, st.sampled_from(["/b", "https://d.example/x", "x:y"]), _words)
_line = st.one_of(_words, st.builds("{} {} {}".format, _words, _link, _words), st.builds("<em>{}</em>".format, _words))
_src = st.sampled_from(["https://d.example/1.jpg", "/2-300x200.jpg", "", "https://stats.wp.com/b.gif", "x:y"])
_given = st.sampled_from(["", ' class="wp-image-1"', ' class="icon"', ' width="1"', ' title="Boats (Coast Wire/Holm)"'])
_image = st.builds('<img src="{}" alt="{}"{}>'.format, _src, _words, _given)
_caption = st.one_of(
    st.just(""),
    st.builds("<figcaption>{}</figcaption>".format, _line),
    st.builds('<figcaption class="wp-caption-text">{}</figcaption>'.format, _words),
)
_figure = st.builds(
    "<figure{}>{}{}</figure>".format,
    st.sampled_from(["", ' class="wp-block-image"', ' class="related"']),
    st.one_of(_image, st.builds('<a href="/big.jpg">{}</a>'.format, _image), st.builds("{0}{0}".format, _image)),
    _caption,
)
_block = st.one_of(
    st.builds("<p>{}</p>".format, _line),
    st.builds("<p>{}</p>\n".format, _line),
    st.builds("<h3>{}</h3>".format, _words),
    st.builds("<ul><li>{}</li><li>{}</li></ul>".format, _line, _line),
    st.builds("<blockquote><p>{}</p></blockquote>".format, _line),
    _figure,
    _figure,
    st.builds("<div>{}</div>".format, st.one_of(_figure, _line)),
    st.builds("<blockquote>{}<p>{}</p></blockquote>".format, _figure, _words),
    st.builds("<p>{}{}".format, _words, _figure),
    st.builds("<nav>{}</nav>".format, _line),
    _line,
)
_bodies = st.lists(_block, min_size=1, max_size=6).map("".join)


@settings(max_examples=400, deadline=None)
@given(_bodies)
def test_a_body_with_pictures_is_told_the_same_without_its_tree(html):
    looked = parsed(html)
    quick = pictured(looked, BASE, "A title")
    if quick is not None:
        whole = tidy(fragment(looked), base_url=BASE, title="A title")
        assert replace(quick, ends_untouched=False) == whole
        if quick.ends_untouched:
            assert plain_text(html)[-200:] == quick.text[-200:]


@settings(max_examples=400, deadline=None)
@given(_bodies)
def test_a_body_without_pictures_is_told_the_same_without_its_tree(html):
    quick = untouched(html, BASE, "A title")
    if quick is not None:
        whole = tidy(fragment(parsed(html)), base_url=BASE, title="A title")
        assert replace(quick, untouched=False) == whole
        assert plain_text(html) == quick.text


FIGURE = '<figure class="wp-block-image"><img src="https://d.example/1.jpg"><figcaption>Boats.</figcaption></figure>'


@pytest.mark.parametrize(
    ("html", "short"),
    [
        (f"<p>One.</p>\n{FIGURE}\n<p>Two.</p>", True),
        (f"{FIGURE}{FIGURE}<h3>Two</h3>", True),
        (f"<p>One.</p>{FIGURE.replace('Boats.', ' ')}<p>(Lena Holm/Coast Wire)</p>", False),  # the next line's caption
        (f"<blockquote><p>One.</p>{FIGURE}</blockquote>", False),
        (f"<p>One.</p>{FIGURE}<p>Read more from <a href='/x'>X</a></p><p class='share'>Share</p>", False),
        (f"<p>One.</p><img src='https://d.example/2.jpg'>{FIGURE}", False),
        ("<p>One.</p>", False),
    ],
)
def test_which_bodies_with_pictures_need_no_tree(html, short):
    assert (pictured(parsed(html), BASE, "") is not None) is short


def test_a_navigation_is_no_part_of_the_story():
    assert untouched("<p>One.</p><nav>Two</nav>", BASE, "") is None


def test_a_summary_that_is_cut_needs_no_tree_alone_and_one_beside_its_text_does():
    assert untouched(f"<p>{LONG}[…]</p>\n", BASE, "") is not None
    assert untouched(f"<p>{LONG}[…]</p><p>{LONG}</p>", BASE, "") is None


_texts = st.lists(
    st.sampled_from(
        ["Boats left.", "No!", "U.S. Navy", "Dr. Holm", "said", "x", "…", "[...]", "read more", "é", "1.5", " "]
    )
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(_texts, st.integers(1, 12))
def test_an_excerpt_is_the_sentences_that_fit(text, words):
    line = " ".join(text.split())
    kept, count = [], 0
    for sentence in sentences(whole_sentences(line)):
        count += len(sentence.split())
        if count > words:
            break
        kept.append(sentence)
    if kept:
        assert excerpt(text, words) == " ".join(kept)


@settings(max_examples=300, deadline=None)
@given(st.one_of(_texts, st.text(max_size=300), st.sampled_from(["ReAd More", "&HELLIP;", "&hellıp;", "READ MORE →"])))
def test_what_ends_cut_is_told_as_by_its_patterns(text):
    tail = text[-200:].rstrip()
    assert ends_cut(text) == bool(_CUT_WORD.search(tail) and CUT_MARK.search(tail))


_urls = st.builds(
    "{}{}{}".format,
    st.sampled_from(["https://", "http://", "HTTPS://", "//", ""]),
    st.sampled_from(
        ["a.example", "A.example", "a.example:80", "router", "x.local", "10.0.0.1", "b.home.arpa", "a..example"]
    ),
    st.lists(
        st.sampled_from(
            ["/", "/x", "/.", "/..", "/.y", "//", "/%7e", "/%C3", "?", "?utm_source=a&b=1", "#top", "&", "x"]
        )
    ).map("".join),
)


@settings(max_examples=400, deadline=None)
@given(_urls)
def test_a_usual_link_is_spelt_as_any_other(url):
    entry, source = an_entry(url=url), a_source()
    quick = canonical_url(url, BASE), cleaning._base(entry, source), cleaning.wants_page(entry, source)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(links, "_USUAL", re.compile("(?!)"))
        assert quick == (canonical_url(url, BASE), cleaning._base(entry, source), cleaning.wants_page(entry, source))


_firsts = st.lists(
    st.sampled_from(
        [
            *(
                "First",
                "originally",
                "PREVIOUSLY",
                "published",
                "posted",
                "ran",
                "erschien",
                "zuerst",
                "erstmals",
                "d'abord",
            ),
            *(
                "publié",
                "Publie",
                "initialement",
                "pour la première fois",
                "publicado",
                "por primera vez",
                "pubblicata",
            ),
            *(
                "per la prima volta",
                "eerder",
                "verschenen",
                "ﬁrst",
                "fir\u017ft",
                "or\u0131ginally",
                "on 3 March 2026",
                "x",
            ),
        ]
    ),
    max_size=5,
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(_firsts)
def test_what_says_when_it_was_first_published_has_a_sign_of_it(text):
    if originals._FIRST.search(text):
        assert originals._may_say_so(text)
