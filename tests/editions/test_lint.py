"""The gate before freeze: each fault by its name, and no fault in a good mail."""

from dataclasses import replace

import pytest

from syndication.editions.lint import HTML_BYTES_MAX, HTML_BYTES_WARN, Fault, blocking, lint
from syndication.model.edition import Rendered

TAGS = ("{uh-abc123}", "{ut-abc123}")
BODY = '<p><a href="https://a.example/">a</a> <a href="{uh-abc123}">leave</a></p><img src="x" alt="">'
GOOD = Rendered(
    subject="Harbour news",
    preheader="And more",
    html=f'<!DOCTYPE html><html lang="en"><title>t</title><body><h1>t</h1>{BODY}</body></html>',
    text="Harbour news\n\n{ut-abc123}\n",
    nonce="abc123",
)


def faults(mail: Rendered) -> tuple[Fault, ...]:
    return lint(mail, html_tag=TAGS[0], text_tag=TAGS[1], known_tags=TAGS)


def test_a_good_mail_has_no_fault() -> None:
    assert faults(GOOD) == ()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"subject": "  "}, "subject"),
        ({"subject": "a\r\nBcc: x@y.example"}, "subject"),
        ({"subject": "a\u2028b"}, "subject"),
        ({"subject": "x" * 251}, "subject"),
        ({"subject": "for {uh-abc123}"}, "tag"),
        ({"text": ""}, "text part"),
        ({"text": "no way out"}, "unsubscribe"),
        ({"text": GOOD.text + "{other-abc123}"}, "tag"),
        ({"html": ""}, "HTML part"),
        ({"html": GOOD.html.replace(' lang="en"', "")}, "language"),
        ({"html": GOOD.html.replace("<title>t</title>", "")}, "title"),
        ({"html": GOOD.html.replace("<h1>t</h1>", "<h1>t</h1><h1>u</h1>")}, "heading"),
        ({"html": GOOD.html.replace("https://a.example/", "/relative")}, "link"),
        ({"html": GOOD.html.replace("https://a.example/", "javascript:alert(1)")}, "link"),
        ({"html": GOOD.html.replace("https://a.example/", "//a.example/")}, "link"),
        ({"html": GOOD.html.replace(' alt=""', "")}, "picture"),
        ({"html": GOOD.html.replace("<p>", "<p onclick='x()'>")}, "active element"),
        ({"html": GOOD.html.replace("<p>", "<script>x()</script><p>")}, "active element"),
        ({"html": GOOD.html.replace("{uh-abc123}", "https://a.example/leave")}, "unsubscribe"),
        ({"html": GOOD.html.replace("<p>", f"<p>{'x' * HTML_BYTES_MAX}")}, "HTML too long"),
    ],
)
def test_a_fault_blocks_and_is_named(change: dict[str, str], rule: str) -> None:
    assert rule in {fault.rule for fault in blocking(faults(replace(GOOD, **change)))}


def test_ren_11_a_long_mail_is_warned_of_before_it_is_too_long() -> None:
    long = replace(GOOD, html=GOOD.html.replace("</p>", f"{'é' * (HTML_BYTES_WARN // 2)}</p>"))
    (fault,) = faults(long)
    assert (fault.rule, fault.blocking) == ("HTML long", False)
    assert "its longest block has" in fault.text


def test_a_way_out_beyond_what_a_mail_program_shows_is_none() -> None:
    late = GOOD.html.replace("<p>", f"<p>{'x' * HTML_BYTES_MAX}")
    assert {"HTML too long", "unsubscribe"} <= {fault.rule for fault in faults(replace(GOOD, html=late))}


def test_a_long_line_of_text_is_only_told_of() -> None:
    (fault,) = faults(replace(GOOD, text=GOOD.text + "x" * 999))
    assert not fault.blocking
