"""What is made safe at sight is what the parser and the writer would have made of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndication.articles.sanitize import markup, roughly_safe, safe_html
from syndication.articles.sanitize.usual import at_sight

BASE = "https://coast.example/news/a"

_text = st.sampled_from(
    [
        *(
            "word",
            "two words",
            "a &amp; b",
            "x &lt; y",
            "x &gt; y",
            "“quoted”",
            "é",
            " ",
            "\n",
            "  ",
            "\t",
            "&nbsp;",
            "\xa0",
        ),
        *(
            '"',
            "'",
            ">",
            "&quot;",
            "&#8217;",
            "&",
            "&ampx",
            "&lt",
            "раypal.com",
            "\u200b",
            "\r\n",
            "\x0b",
            "&NBSP;",
            "]]>",
            "x\u0338",
        ),
    ]
)
_text |= st.sampled_from(
    [
        "&#8230;",
        "&eacute;",
        "&#146;",
        "&#38;",
        "&#34;",
        "&#39;",
        "&#160;",
        "&#8203;",
        "&#10;",
        "&#0;",
        "&#xe9;",
        "&notit;",
    ]
)
_words = st.lists(_text, max_size=4).map("".join)
_href = st.sampled_from(
    [
        *(
            "https://a.example/x",
            "https://a.example/x?y=1&amp;z=2",
            "https://a.example/x?y=1&z=2",
            "/rel",
            "javascript:x",
        ),
        *(
            "https://a.example/%7e",
            "http://router/",
            "https://a.example",
            "HTTPS://a.example/x",
            " https://a.example/x",
            "",
        ),
    ]
)
_given = st.sampled_from(
    [
        *(
            "",
            ' target="_blank"',
            ' rel="noopener"',
            ' class="a b"',
            ' title="x > y"',
            ' title="a &amp; b"',
            ' lang="de"',
        ),
        *(
            ' dir="rtl"',
            " target=_blank",
            ' onclick="x"',
            ' href="https://b.example/y"',
            ' TITLE="x"',
            ' title=""',
            "  ",
        ),
    ]
)
_link = st.builds('<a{} href="{}"{}{}>{}</a>'.format, _given, _href, _given, _given, _words)
_name = st.sampled_from(["b", "strong", "em", "i", "code", "sub", "cite", "span", "small", "font", "q", "B", "a", "p"])
_inline = st.lists(
    st.one_of(_text, _text, _link, st.builds("<{0}>{1}</{0}>".format, _name, st.one_of(_words, _link))), max_size=5
).map("".join)
_space = st.sampled_from(["", "\n", " \n\t", "&nbsp;", "x"])
_picture = st.builds(
    "<figure{}>{}<img{} src='x' loading=\"lazy\">{}<figcaption{}>{}</figcaption></figure>".format,
    *(_given, _space, _given, _space, _given, _words),
) | st.builds(
    '<figure class="a"><img alt="x" src="/1.jpg"><figcaption{}>{}</figcaption>{}</figure>'.format,
    _given,
    _inline,
    _space,
)
_block = st.one_of(
    _picture,
    st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["p", "p", "p", "h1", "h3", "h6", "div", "li", "pre"]), _inline),
    st.builds("<{0}>{2}<li>{1}</li>{2}</{0}>".format, st.sampled_from(["ul", "ol"]), _inline, _space),
    st.builds("<ul><li>{}</li>\n<li>{}</li></ul>".format, _inline, _inline),
    st.builds("<blockquote>{1}<p>{0}</p>{1}</blockquote>".format, _inline, _space),
    st.builds("<blockquote><p>{}</p><p>{}</p></blockquote>".format, _inline, _inline),
    st.builds("<p>{}<br>{}".format, _inline, _inline),
    st.builds("<p>{}<p>{}</p>".format, _inline, _inline),
    _inline,
)
_bodies = st.lists(st.one_of(_block, _space), max_size=4).map("".join)


def parsed_and_written(html: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markup, "at_sight", lambda html: None)
        return roughly_safe(html, base_url=BASE)


@settings(max_examples=400, deadline=None)
@given(_bodies)
def test_what_is_made_safe_at_sight_is_what_parser_and_writer_would_make(html: str) -> None:
    quick = at_sight(html)
    if quick is not None:
        assert quick == parsed_and_written(html)


_plain = st.sampled_from(["word", " two words ", "a &amp; b", "“quoted”", "é", " ", "\n", "&nbsp;", "x &lt; y"])
_usual_link = st.builds(
    '<a{} href="https://a.example/x?y=1&amp;z=2"{}>{}</a>'.format,
    st.sampled_from(["", ' class="a"']),
    st.sampled_from(["", ' target="_blank" rel="noopener"']),
    st.sampled_from(["word", "a &amp; b", "two words"]),
)
_usual_line = st.lists(
    st.one_of(_plain, _plain, st.builds("{} {} {}".format, _plain, _usual_link, _plain), st.just(" <em>so</em> "))
).map("".join)
_usual_bodies = st.lists(
    st.one_of(
        st.builds("<{0}>{1}</{0}>\n".format, st.sampled_from(["p", "h1", "h2", "h5"]), _usual_line),
        st.builds(
            "<{0}>\n<li>{1}</li><li>{2}</li></{0}>".format, st.sampled_from(["ul", "ol"]), _usual_line, _usual_line
        ),
        st.builds("<blockquote><p>{}</p></blockquote>".format, _usual_line),
        st.builds('<figure class="a"><img src="/1.jpg"><figcaption>{}</figcaption></figure>'.format, _plain),
    ),
    max_size=4,
).map("".join)


@settings(max_examples=200, deadline=None)
@given(_usual_bodies)
def test_the_usual_body_is_written_the_same_either_way(html: str) -> None:
    written = parsed_and_written(html)
    quick = at_sight(html)
    assert quick in (None, written)
    assert roughly_safe(html, base_url=BASE) == written


@pytest.mark.parametrize(
    ("html", "then"),
    [
        ("<p>One,  two\nthree.</p>\n<h5>Four</h5>", "<p>One, two three.</p><h4>Four</h4>"),
        ("<ul>\n<li>a</li>\n<li> </li></ul><ol><li> </li></ol>", "<ul><li>a</li></ul>"),
        ("<blockquote><p>“So.”</p></blockquote>", "<blockquote><p>“So.”</p></blockquote>"),
        (
            '<p>A <a class="x" href="https://a.example/b" rel="noopener">link</a>, <em>so</em> &amp; on.</p>',
            '<p>A <a href="https://a.example/b">link</a>, <em>so</em> &amp; on.</p>',
        ),
        ("", ""),
        ("<p>a</p>b", None),
        ("<p>a<p>b</p>", None),
        ("<p>a > b</p>", None),
        ("<p>&copy; 2026&#8230;</p>", "<p>© 2026…</p>"),
        (
            '<figure class="a"><img src="/1.jpg"><figcaption>Boats &amp; rain.</figcaption></figure>',
            "<p>Boats &amp; rain.</p>",
        ),
        ('<figure><img src="/1.jpg"></figure>', ""),
        ("<p>&#38;amp;</p>", None),
        ("<p>a&#8203;b</p>", None),
        ('<p><a href="https://a.example/" title="x&quot; href=&quot;https://b.example/">x</a></p>', None),
        ("<p>a<em>b<i>c</i></em></p>", None),
        ('<p><a href="/rel">x</a></p>', None),
        ('<p><a href="https://router/">x</a></p>', None),
        ('<p><a href="https://a.example/" lang="de">x</a></p>', None),
        ('<p><a href="https://a.example/" onclick="x()">x</a></p>', None),
        ("<p onclick='x()'>x</p>", None),
        ("<p>x\u202ey</p>", None),
        ("<script>x</script>", None),
    ],
)
def test_what_is_made_safe_at_sight(html: str, then: str | None) -> None:
    assert at_sight(html) == then
    if then is not None:
        assert safe_html(html, base_url=BASE) == then


def test_it_takes_linear_time_whatever_comes() -> None:
    for piece in ("<p>", "<p>a<em>", "&amp;", "<ul><li>", '<a href="https://a.example/', " ", "<p>" + "a " * 50):
        assert at_sight(piece * 20_000) in (None, "")


def test_html_beyond_what_is_read_is_cut_as_ever() -> None:
    html = "<p>a</p>" * (markup.TAGS_MAX // 2 + 10)
    assert roughly_safe(html, base_url=BASE) == parsed_and_written(html)
