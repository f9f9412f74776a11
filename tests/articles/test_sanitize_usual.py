"""The short ways through sanitising come out where the long ones do: whole paragraphs, settled bodies, usual links."""

import re

import html5lib
import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndication.articles.sanitize import links, markup, plain_text, roughly_safe, safe_html, walk, wording
from syndication.articles.sanitize.settled import is_settled

BASE = "https://coast.example/news/a"

_words = st.sampled_from(
    ["word", "two words", "a &amp; b", "x &lt; y", "“quoted”", "é", " ", "\n", "  ", "&nbsp;", "раypal.com"]
)
_link = st.sampled_from(
    ["https://a.example/x?y=1&amp;z=2", "/rel", "javascript:x", "http://router/", "https://b.example/%7e"]
)
_name = st.sampled_from(["b", "strong", "em", "i", "code", "sub", "cite", "span", "small", "font", "q"])
_inline = st.recursive(
    _words,
    lambda inner: st.one_of(
        st.builds("<{0}>{1}</{0}>".format, _name, inner),
        st.builds('<a href="{}">{}</a>'.format, _link, inner),
        st.lists(inner, max_size=4).map("".join),
    ),
    max_leaves=8,
)
_block = st.one_of(
    st.builds(
        "<{0}>{1}</{0}>".format,
        st.sampled_from(["p", "h1", "h3", "div", "li", "blockquote", "td", "pre", "dt"]),
        _inline,
    ),
    st.builds("<ul><li>{}</li><li>{}</li></ul>".format, _inline, _inline),
    st.builds("<ol><li>{}<p>{}</p></li></ol>".format, _inline, _inline),
    st.builds("<table><caption>{}</caption><tr><td><p>{}</p></table>".format, _inline, _inline),
    st.builds("<blockquote>{}<p>{}</p></blockquote>\n".format, _inline, _inline),
    st.builds("<p>{}<br>{}".format, _inline, _inline),
    st.builds("<b><p>{}</p></b><p>{}</p>".format, _inline, _inline),
    st.builds("<div><figure><figcaption>{}</figcaption></figure>{}</div>".format, _inline, _inline),
    _inline,
)
_bodies = st.lists(_block, max_size=6).map("\n".join)


def _both_ways(read):
    """What `read` answers as it is, and with every tag and text taken for itself."""
    quick = read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walk, "_USUAL", walk._PARTS)
        patch.setattr(markup, "is_settled", lambda html: False)
        patch.setattr(links, "_USUAL", re.compile("(?!)"))
        patch.setattr(wording, "_PLAIN", re.compile(""))
        return quick, read()


@settings(max_examples=400, deadline=None)
@given(html=_bodies)
def test_san_10_what_is_taken_whole_comes_out_as_its_parts_would(html):
    quick, slow = _both_ways(lambda: (safe_html(html, base_url=BASE), plain_text(html)))
    assert quick == slow


@settings(max_examples=400, deadline=None)
@given(html=_bodies)
def test_san_02_a_settled_body_is_read_alike_by_all_and_written_again_as_it_is(html):
    written = roughly_safe(html, base_url=BASE)
    if is_settled(written):
        assert roughly_safe(written, base_url=BASE) == written
        tree = html5lib.parseFragment(written)
        by_html5lib = html5lib.serialize(tree, omit_optional_tags=False, quote_attr_values="always")
        tree = lxml.html.fragment_fromstring(written, create_parent="div")
        by_lxml = lxml.html.tostring(tree, encoding="unicode")
        assert by_html5lib == written
        assert by_lxml == f"<div>{written}</div>"


@pytest.mark.parametrize(
    ("html", "settled"),
    [
        ('<p>Words, <em>one</em> and <a href="https://a.example/x">two</a>.</p><ul><li>a</li><li>b</li></ul>', True),
        ("<h2>x</h2><blockquote><p>y</p><p>z</p></blockquote>", True),
        ("", True),
        ("<p></p>", False),
        ("<p> x</p>", False),
        ("<p>x  y</p>", False),
        ("<p>x</p>\n<p>y</p>", False),
        ("<p>x & y</p>", False),
        ("<p>x &copy; y</p>", False),
        ("<p><b>x</b> <b>y</b></p>", False),
        ("<p><b>x<i>y</i></b></p>", False),
        ('<p><a href="javascript:x">y</a></p>', False),
        ('<p><a href="http://router/">y</a></p>', False),
        ('<p class="x">y</p>', False),
        ("<p>x<p>y</p></p>", False),
        ("<ul><li>x<ul><li>y</li></ul></li></ul>", False),
        ("<script>x</script>", False),
        ("<p>x</p><p>y", False),
        ("<p>a\u202eb</p>", False),
    ],
)
def test_only_what_needs_no_second_look_is_settled(html, settled):
    assert is_settled(html) is settled


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "https://",
                "http://",
                "a.example",
                "/",
                "local",
                "127.1",
                ".",
                "..",
                ";",
                "?",
                "#",
                "&",
                "%41",
                "%",
                "A",
                "'",
                "@",
                ":80",
                "é",
                "x-",
            ]
        ),
        max_size=8,
    ).map("".join)
)
def test_san_04_a_usual_link_is_spelt_already(url):
    quick, slow = _both_ways(lambda: (links.shown_url(url, BASE), links.web_url(url, BASE)))
    assert quick == slow


def test_plain_characters_are_never_changed():
    plain = [chr(code) for code in range(0x3000) if wording.is_plain(chr(code))]
    assert len(plain) > 700
    text = "".join(plain)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wording, "_PLAIN", re.compile(""))
        assert wording.clean_text(text) == text
        assert all(wording.clean_text(one) == one for one in plain)
    assert not wording.mixes_scripts(text)
