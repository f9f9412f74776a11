"""DEL-09: whatever form of address a person types, a mail goes to that one mailbox, or nowhere."""

import email
import email.policy
from dataclasses import replace

import pytest

from syndication.model.subscriber import EmailAddress
from syndication.senders import mime, sendgrid_body
from tests.senders.submissions import a_batch, a_reader
from tests.standin import rules


@pytest.mark.parametrize(
    "typed",
    [
        "mara@reader.example",
        "Mara.O'Neil+tide@Reader.Example",
        "mara@bücher.example",
        "{ut-7f3a91}@reader.example",
        "!#$%&'*/=?^_`{|}~@reader.example",
        '"a@b"@reader.example',
        '"mara"@reader.example',
        "a@reader.example, b@reader.example",
        "a@reader.example; b@reader.example",
        "mara@reader.example (at work)",
        "Mara <mara@reader.example>",
        "mára@reader.example",
        "-mara@reader.example",
        "mara@reader.example\r\nBcc: all@evil.example",
        "mara@[127.0.0.1]",
        "m" * 65 + "@reader.example",
        "m@" + "reader." * 40 + "example",
        "mara@",
        "",
    ],
)
def test_del_09_an_address_is_refused_or_is_exactly_one_mailbox(typed):
    try:
        address = EmailAddress.parse(typed)
    except ValueError:
        return
    reader = a_reader(0, address=typed)
    submission = a_batch(recipients=(reader,))
    body = sendgrid_body.build(submission, sandbox=False, ip_pool="")
    assert body["personalizations"][0]["to"] == [{"email": address.text}]
    assert rules.errors_in(body, 0.0) == []
    mail = email.message_from_bytes(mime.to_bytes(submission.message(0)), policy=email.policy.default)
    assert [box.addr_spec for box in mail["To"].addresses] == [address.text]


def test_del_09_a_sender_of_an_international_domain_is_written_in_ascii():
    sender = replace(a_batch().sender, address=EmailAddress.parse("news@küste.example"))
    body = sendgrid_body.build(a_batch(1, sender=sender), sandbox=False, ip_pool="")
    assert body["from"]["email"] == "news@xn--kste-0ra.example"
