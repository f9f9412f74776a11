"""A template's name and values -> a mail or a page."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.errors import RenderError
from syndication.rendering import Renderer, clock, day, host, short_day, wrap


def renderer(folder: Path, **files: str) -> Renderer:
    for name, text in files.items():
        path = folder / "email" / "note" / {"subject": "subject.txt", "html": "body.html", "text": "body.txt"}[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Renderer([folder])


def note(folder: Path, *, subject: str = "s", html: str = "<p>h</p>", text: str = "t") -> Renderer:
    return renderer(folder, subject=subject, html=html, text=text)


def test_html_escapes_and_text_does_not(tmp_path: Path) -> None:
    mail = note(tmp_path, subject="{{ x }}", html="<p>{{ x }}</p>", text="{{ x }}").email("note", x="Tom & <Jerry>")
    assert mail.subject == "Tom & <Jerry>"
    assert "Tom &amp; &lt;Jerry&gt;" in mail.html
    assert mail.text == "Tom & <Jerry>\n"


def test_a_subject_is_one_line(tmp_path: Path) -> None:
    assert note(tmp_path, subject="a\nb {{ x }}\n").email("note", x="c\r\nBcc: d").subject == "a b c Bcc: d"


def test_a_missing_variable_fails(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="'nobody' is undefined"):
        note(tmp_path, html="{{ nobody }}").email("note")


def test_ren_06_template_syntax_in_a_value_is_printed_literally(tmp_path: Path) -> None:
    mail = note(tmp_path, html="<p>{{ x }}</p>", text="{{ x }}").email("note", x="{{ 7 * 7 }} {% raw %}")
    assert "{{ 7 * 7 }} {% raw %}" in mail.html
    assert "{{ 7 * 7 }}" in mail.text


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/b", "a\0b", "C:x", "", "Note", "-"])
def test_ren_09_a_name_that_reaches_outside_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RenderError, match="not a template's name"):
        note(tmp_path).page(name)


def test_ren_10_a_stylesheet_elsewhere_is_never_read(tmp_path: Path) -> None:
    style = tmp_path / "style.css"
    style.write_text("p { color: #123456 }")
    links = f'<link rel="stylesheet" href="file://{style}"><link rel="stylesheet" href="http://127.0.0.1:9/x.css">'
    html = f"<html><head>{links}</head><body><p>x</p></body></html>"
    assert "123456" not in note(tmp_path, html=html).email("note").html


def test_styles_are_inlined_and_those_that_cannot_be_stay(tmp_path: Path) -> None:
    style = "<style>p { color: #123456 } @media (prefers-color-scheme: dark) { p { color: #fff !important } }</style>"
    html = note(tmp_path, html=f"<html><head>{style}</head><body><p>x</p></body></html>").email("note").html
    assert 'style="color:#123456"' in html.replace(": ", ":").replace(";", "")
    assert "prefers-color-scheme" in html


def test_an_unknown_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r"no template pages/nothing\.html"):
        Renderer([tmp_path]).page("nothing")


def test_the_first_directory_that_has_a_template_wins(tmp_path: Path) -> None:
    own, given_ = tmp_path / "own", tmp_path / "given"
    note(given_, text="given")
    note(own, text="own")
    assert Renderer([own, given_]).email("note").text == "own\n"
    assert Renderer([tmp_path / "none", given_]).email("note").text == "given\n"


def test_dates_are_told_in_a_zone() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert day(late) == "Tuesday, 24 November 2026"
    assert day(late, "Asia/Tokyo") == "Wednesday, 25 November 2026"
    assert clock(late, "Asia/Tokyo") == "08:30"
    assert short_day(date(2026, 1, 2)) == "2 Jan 2026"


def test_a_host_is_what_a_person_calls_the_place() -> None:
    assert host("https://www.harbour-daily.example/a/b?c") == "harbour-daily.example"


@given(st.text(alphabet="ab 日本\n", max_size=400))
def test_wrapped_text_loses_nothing_but_white_space(text: str) -> None:
    assert "".join(wrap(text).split()) == "".join(text.split())


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=20), max_size=60))
def test_wrapped_lines_fit(words: list[str]) -> None:
    assert all(len(line) <= 72 for line in wrap(" ".join(words), indent="  ").splitlines())
