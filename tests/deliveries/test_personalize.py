"""A reader's own values, headers and ids."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.deliveries import personalize
from syndication.deliveries.personalize import Tags
from syndication.model.delivery import Sender, Submission
from syndication.model.edition import Rendered
from syndication.model.feed import Publication
from syndication.model.subscriber import EmailAddress

KEY = b"k" * 32
TAGS = Tags("7f3a91")
PUBLICATION = Publication(
    title="The Tideline", description="", base_url="https://news.tideline.example", language="en-GB"
)
LINK = "https://news.tideline.example/unsubscribe/v1.abc?a=1&b=2"


def a_recipient(address="mara@reader.example", link=LINK, tags=TAGS):
    return personalize.recipient(
        subscriber_id=7,
        address=EmailAddress.parse(address),
        delivery_id="d" * 32,
        message_id_domain="news.tideline.example",
        unsubscribe_url=link,
        tags=tags,
    )


def common(title="The Tideline", **changes):
    return dict(
        personalize.common_headers(
            slug=changes.get("slug", "morning"),
            title=title,
            publication=changes.get("publication", PUBLICATION),
            edition_id=12,
        )
    )


@pytest.mark.parametrize("nonce", ["", "7f3a9", "7F3A91", "7f3a9g", "7f3a91 ", "{7f3a91}"])
def test_a_nonce_is_six_or_more_hex_digits(nonce):
    with pytest.raises(ValueError, match="hex digits"):
        Tags(nonce)


def test_no_tag_is_part_of_another_and_none_needs_escaping():
    tags = TAGS.all()
    assert len(set(tags)) == 4
    assert not any(a in b for a in tags for b in tags if a != b)
    assert [html.escape(tag) for tag in tags] == list(tags)


def test_a_value_is_escaped_for_markup_and_plain_for_text():
    values = a_recipient().values
    assert values[TAGS.unsubscribe_text] == LINK
    assert values[TAGS.unsubscribe_html] == LINK.replace("&", "&amp;")
    assert values[TAGS.address_html] == "mara@reader.example"


def test_an_address_that_is_markup_is_escaped_in_the_html_part():
    values = a_recipient("o'hara&co@reader.example").values
    assert values[TAGS.address_text] == "o'hara&co@reader.example"
    assert values[TAGS.address_html] == "o&#x27;hara&amp;co@reader.example"


def test_an_address_that_spells_a_tag_is_not_expanded():
    sly = "{uh-7f3a91}@reader.example"
    recipient = a_recipient(sly)
    content = Rendered(subject="S", preheader="", html="<p>{ah-7f3a91}</p>", text="{at-7f3a91}", nonce="7f3a91")
    sender = Sender(name="T", address=EmailAddress.parse("news@tideline.example"))
    message = Submission("a1", sender, content, (recipient,)).message(0)
    assert message.to.text == sly
    assert LINK not in message.text + message.html
    assert message.text == "…@reader.example"


def test_ren_06_an_article_cannot_name_a_tag_of_another_nonce():
    content = Rendered(subject="S", preheader="", html="{uh-000000}", text="{{ secret }} {ut-000000}", nonce="7f3a91")
    sender = Sender(name="T", address=EmailAddress.parse("news@tideline.example"))
    message = Submission("a1", sender, content, (a_recipient(),)).message(0)
    assert (message.html, message.text) == ("{uh-000000}", "{{ secret }} {ut-000000}")


def test_a_nonce_that_already_stands_in_a_text_is_noticed():
    assert TAGS.collide(["fine", "colour #7f3a91"])
    assert not TAGS.collide(["fine"])


def test_a_misspelt_tag_is_named_before_it_reaches_readers():
    content = Rendered("S {ux-7f3a91}", "", "{uh-7f3a91}{first-name-7f3a91}", "{ut-7f3a91}", "7f3a91")
    assert TAGS.unknown_in(content) == ("{first-name-7f3a91}", "{ux-7f3a91}")


def test_each_reader_has_a_one_click_link_and_a_stable_message_id():
    assert a_recipient().headers == (
        ("List-Unsubscribe", f"<{LINK}>"),
        ("Message-ID", f"<{'d' * 32}@news.tideline.example>"),
    )


def test_a_service_mail_has_no_list_headers():
    recipient = a_recipient(link="")
    assert [name for name, _ in recipient.headers] == ["Message-ID"]
    assert recipient.values[TAGS.unsubscribe_html] == ""


@pytest.mark.parametrize(
    "link",
    [
        "mailto:leave@tideline.example",
        "/unsubscribe/abc",
        "javascript:alert(1)",
        "https://news.example/a>,<https://evil.example/",
        "https://news.example/a\r\nBcc: all@evil.example",
        "https://news.example/ä",
    ],
)
def test_a_link_that_could_leave_its_header_is_refused(link):
    with pytest.raises(ValueError, match="unsubscribe link"):
        a_recipient(link=link)


@given(st.integers(1, 2**62), st.integers(1, 2**62))
def test_a_delivery_id_is_stable_opaque_and_fit_for_a_file_name(edition, subscriber):
    found = personalize.delivery_id(KEY, edition, subscriber)
    assert found == personalize.delivery_id(KEY, edition, subscriber)
    assert re.fullmatch(r"[0-9a-f]{32}", found)
    assert found != personalize.delivery_id(b"other" * 30, edition, subscriber)


def test_delivery_ids_differ_by_edition_by_reader_and_by_purpose():
    found = {personalize.delivery_id(KEY, edition, reader) for edition in range(30) for reader in range(30)}
    found |= {personalize.service_delivery_id(KEY, f"confirm:{n}") for n in range(30)}
    assert len(found) == 930


def test_the_common_headers_of_an_edition():
    assert common() == {
        "List-Id": '"The Tideline" <morning.news.tideline.example>',
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Feedback-ID": "12:morning:digest:newstidelineexa",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "Content-Language": "en-GB",
    }


@pytest.mark.parametrize(
    "title",
    [
        "Tide\r\nBcc: all@evil.example",
        "=?utf-8?q?=0D=0ABcc:all@evil.example?=",
        'Tide" <evil.example>, "x',
        "Tide\\",
        "Gezeiten für alle",
        "  ",
        "\x00\u2028",
    ],
)
def test_ren_02_a_list_name_stays_in_its_header(title):
    found = common(title)["List-Id"]
    assert found.isascii() and found.isprintable()
    assert "=?" not in found
    assert found.count("<") == 1 and found.endswith("<morning.news.tideline.example>")


def test_a_list_id_needs_a_domain_even_on_a_bare_address():
    home = Publication(title="T", description="", base_url="http://127.0.0.1:8080")
    assert common(publication=home)["List-Id"] == '"The Tideline" <morning.127-0-0-1.localhost>'
    six = Publication(title="T", description="", base_url="http://[::1]:8080")
    assert common(publication=six)["List-Id"] == '"The Tideline" <morning.1.localhost>'
    bucher = Publication(title="T", description="", base_url="https://bücher.example")
    assert common(publication=bucher)["List-Id"] == '"The Tideline" <morning.xn--bcher-kva.example>'


@pytest.mark.parametrize("base", ["https://a.b", "https://a-very-long-host-name.news.example", "http://127.0.0.1"])
def test_the_sender_part_of_feedback_id_is_5_to_15_characters(base):
    home = Publication(title="T", description="", base_url=base)
    last = common(publication=home)["Feedback-ID"].split(":")[-1]
    assert re.fullmatch(r"[a-z0-9]{5,15}", last)
