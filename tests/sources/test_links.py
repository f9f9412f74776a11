"""Links as published, made absolute or dropped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.sources.links import resolve, resolve_html

HOME = "https://harbour.example/"
BASE = "https://harbour.example/news/feed"


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("https://quay.example/a?b=c#d", "https://quay.example/a?b=c#d"),
        ("HTTPS://quay.example", "HTTPS://quay.example"),
        ("http://[2001:db8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
        ("a/b", "https://harbour.example/news/a/b"),
        ("../x", "https://harbour.example/x"),
        ("//quay.example/x", "https://quay.example/x"),
        ("?p=1", "https://harbour.example/news/feed?p=1"),
        (" /a b ", "https://harbour.example/a%20b"),
        ("/a\nb", "https://harbour.example/ab"),
        ("", None),
        ("  ", None),
        (None, None),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/hostname", None),
        ("ftp://quay.example/", None),
        ("http://", None),
        ("http:///path", None),
        ("http://[", None),
        ("http://a\\b/", None),
        ("https://quay.example/" + "a" * 5000, None),
    ],
)
def test_par_11_a_link_is_absolute_http_or_nothing(reference: str | None, address: str | None) -> None:
    assert resolve(reference, BASE) == address


@pytest.mark.parametrize(
    ("html", "resolved"),
    [
        ("<a href='/x'>", '<a href="https://harbour.example/x">'),
        ("<a href=x>", '<a href="https://harbour.example/news/x">'),
        ("<a HREF = x>", '<a href="https://harbour.example/news/x">'),
        ('<a href="/x?a=1&amp;b=2">', '<a href="https://harbour.example/x?a=1&amp;b=2">'),
        ('<a href="https://quay.example/">', '<a href="https://quay.example/">'),
        ('<a href="http-and-all.html">', '<a href="https://harbour.example/news/http-and-all.html">'),
        ('<a href="#n">', '<a href="#n">'),
        ('<a href="mailto:a@b.example">', '<a href="mailto:a@b.example">'),
        ('<a href="javascript:x">', '<a href="javascript:x">'),  # not made safe here, and not made worse
        ('<img alt="src=x" src="y">', '<img alt="src=x" src="https://harbour.example/news/y">'),
        ('<img srcset="a.jpg 1x, /b.jpg 2x">', f'<img srcset="{HOME}news/a.jpg 1x, {HOME}b.jpg 2x">'),
        ("<p>href=x</p>", "<p>href=x</p>"),
        ("a < b href=x", "a < b href=x"),
        ('<a href="http://[">', '<a href="http://[">'),
    ],
)  # fmt: skip
def test_par_11_links_in_html_are_resolved_and_text_is_left_alone(html: str, resolved: str) -> None:
    assert resolve_html(html, BASE) == resolved


@given(st.text(alphabet="<a href=srct\"'/x:#>& ", max_size=60))
def test_resolving_twice_is_resolving_once(html: str) -> None:
    once = resolve_html(html, BASE)
    assert resolve_html(once, BASE) == once


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_reference_and_no_base_raise(reference: str, base: str) -> None:
    address = resolve(reference, base)
    assert address is None or address.lower().startswith(("http://", "https://"))
