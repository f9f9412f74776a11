"""What is offered to SendGrid, and who is not."""

from dataclasses import replace

import pytest

from syndication.model.delivery import Sender
from syndication.senders import sendgrid_body
from tests.senders.submissions import CONTENT, TAGS, a_batch, a_reader


def built(submission, **options):
    return sendgrid_body.build(submission, **{"sandbox": False, "ip_pool": "", **options})


def test_the_body_of_a_batch():
    body = built(a_batch(2))
    personalizations = body.pop("personalizations")
    assert body == {
        "from": {"email": "news@tideline.example", "name": "The Tideline"},
        "reply_to": {"email": "desk@tideline.example"},
        "subject": CONTENT.subject,
        "content": [{"type": "text/plain", "value": CONTENT.text}, {"type": "text/html", "value": CONTENT.html}],
        "headers": {
            "List-Id": '"Morning" <morning.news.tideline.example>',
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Feedback-ID": "12:morning:digest:newstidelineexa",
            "Auto-Submitted": "auto-generated",
            "Precedence": "bulk",
            "Content-Language": "en",
        },
        "categories": ["morning"],
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
            "subscription_tracking": {"enable": False},
            "ganalytics": {"enable": False},
        },
        "mail_settings": {"sandbox_mode": {"enable": False}},
    }
    reader = a_reader(1)
    assert personalizations[1] == {
        "to": [{"email": "reader1@reader.example"}],
        "headers": {
            "List-Unsubscribe": "<https://news.tideline.example/unsubscribe/v1.1?a=1&b=2>",
            "Message-ID": f"<{reader.delivery_id}@news.tideline.example>",
        },
        "substitutions": dict(reader.values),
        "custom_args": {"nl_sub": "att-0001", "nl_dlv": reader.delivery_id},
    }


def test_what_is_optional_is_left_out_or_said():
    plain = Sender("", a_batch().sender.address)
    body = built(a_batch(category="", sender=plain), sandbox=True, ip_pool="digests")
    assert body["from"] == {"email": "news@tideline.example"}
    assert body["mail_settings"] == {"sandbox_mode": {"enable": True}}
    assert body["ip_pool_name"] == "digests"
    assert not {"categories", "reply_to", "custom_args", "asm", "template_id", "send_at"} & set(body)


@pytest.mark.parametrize(
    ("text", "plain", "markup"),
    [
        ("[unsubscribe]", "[ unsubscribe]", "&#91;unsubscribe]"),
        ("[Unsubscribe] [WEBLINK]", "[ Unsubscribe] [ WEBLINK]", "&#91;Unsubscribe] &#91;WEBLINK]"),
        ("[Unsubscribe_Preferences]", "[ Unsubscribe_Preferences]", "&#91;Unsubscribe_Preferences]"),
        ("[Sender_Name]", "[ Sender_Name]", "&#91;Sender_Name]"),
        ("<%asm_group_unsubscribe_raw_url%>", "< %asm_group_unsubscribe_raw_url%>", None),
        ("<<% %>", "<< % %>", None),
        ("[unsubscribed] [1] [sic] 5 < 6%", "[unsubscribed] [1] [sic] 5 < 6%", "[unsubscribed] [1] [sic] 5 < 6%"),
    ],
)
def test_ren_06_text_that_spells_a_tag_of_the_service_is_broken_up(text, plain, markup):
    content = replace(CONTENT, subject=text, text=text, html=text)
    body = built(a_batch(content=content))
    assert body["subject"] == plain
    assert body["content"][0]["value"] == plain
    assert body["content"][1]["value"] == (markup or text.replace("<%", "&lt;%"))
    assert sendgrid_body.broken_up(plain) == plain


def test_ren_01_a_subject_and_a_name_stay_on_one_line():
    hostile = "Tide\r\nBcc: all@evil.example\x00"
    body = built(a_batch(content=replace(CONTENT, subject=hostile), sender=Sender(hostile, a_batch().sender.address)))
    assert body["subject"] == body["from"]["name"] == "Tide Bcc: all@evil.example"


def test_del_07_the_same_address_twice_is_named_the_second_time():
    twice = (a_reader(0), a_reader(1), a_reader(2, address="READER0@reader.example"))
    assert sendgrid_body.faults(a_batch(recipients=twice)) == ((2, "the address is in this submission twice"),)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"values": {f"{{t{n}-7f3a91}}": "x" for n in range(21)}}, "21 tags"),
        ({"values": {TAGS.address_text: "å" * 4000}}, "bytes of a reader's own values"),
        ({"values": {TAGS.address_text: "[unsubscribe]"}}, "spells a tag of the service"),
        ({"values": {TAGS.address_text: "<%x%>"}}, "spells a tag of the service"),
        ({"values": {TAGS.address_text: TAGS.unsubscribe_text, TAGS.unsubscribe_text: "x"}}, "one of our tags"),
        ({"values": {TAGS.address_text: "\ud800"}}, "no Unicode text"),
        ({"delivery_id": "d" * 490}, "ids too long"),
        ({"headers": (("Subject", "mine"),)}, "not ours to set"),
        ({"headers": (("X-SG-EID", "mine"),)}, "not ours to set"),
        ({"headers": (("List-Unsubscribe", "<https://a.example>\r\nBcc: x"),)}, "not a line of printable ASCII"),
        ({"headers": (("List-Unsubscribe", "<https://ä.example>"),)}, "not a line of printable ASCII"),
        ({"headers": (("Bad Name", "x"),)}, "not ours to set"),
        ({"headers": (("precedence", "list"),)}, "stands there twice"),
    ],
)
def test_del_09_a_reader_who_would_be_refused_is_named_and_not_offered(change, reason):
    faults = sendgrid_body.faults(a_batch(recipients=(a_reader(0), a_reader(1, **change), a_reader(2))))
    assert [position for position, _ in faults] == [1]
    assert reason in faults[0][1]
    alike = a_batch(recipients=tuple(a_reader(n, **change) for n in range(3)))
    assert [position for position, _ in sendgrid_body.faults(alike)] == [0, 1, 2]


def test_a_batch_without_fault_has_none():
    assert sendgrid_body.faults(a_batch(50)) == ()
    assert sendgrid_body.header_fault(a_batch().headers) == ""
