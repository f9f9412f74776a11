"""The outbox in a browser: a mail's HTML is a guest in a sandbox."""

import pytest

from syndication.model.delivery import Recipient, Sender, Submission
from syndication.model.edition import Rendered
from syndication.model.subscriber import EmailAddress
from tests.builders import NOW

ADA = EmailAddress.parse("ada@readers.example")


@pytest.fixture
def mail_id(house):
    content = Rendered(
        subject="Guten Morgen <script>alert(1)</script> ☀",
        preheader="",
        html='<html><head><title>x</title></head><body><script>alert(1)</script><a href="https://a.example/">a</a></body></html>',
        text="Read https://news.example.org/confirm/abc. <script>alert(1)</script>\n",
        nonce="a1b2c3",
    )
    house.spool.submit(
        Submission(
            attempt_id="1",
            sender=Sender("Sound & Shore", EmailAddress.parse("desk@example.org")),
            content=content,
            recipients=(Recipient(1, ADA, "0" * 32),),
            date=NOW,
        )
    )
    (mail,) = house.spool.listing(10)
    return mail.id


def test_a_mail_is_listed_and_read_with_its_links_and_headers(house, mail_id):
    listing = house.get("/outbox/", private=True)
    assert f'href="/outbox/{mail_id}"' in listing.text
    assert "ada@readers.example" in listing.text
    page = house.get(f"/outbox/{mail_id}", private=True).text
    assert "Guten Morgen &lt;script&gt;alert(1)&lt;/script&gt; ☀" in page
    assert '<a href="https://news.example.org/confirm/abc">https://news.example.org/confirm/abc</a>' in page
    assert "<script" not in page
    assert "Message-ID" in page or "Subject" in page


def test_a_mails_html_runs_nothing_and_loads_nothing(house, mail_id):
    answer = house.get(f"/outbox/{mail_id}/html", private=True)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert "img-src" not in policy
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert '<base target="_blank">' in answer.text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in house.get(f"/outbox/{mail_id}", private=True).text


def test_a_mail_is_downloaded_as_the_bytes_it_is(house, mail_id):
    answer = house.get(f"/outbox/{mail_id}/mail.eml", private=True)
    assert answer.body == house.spool.read(mail_id)
    assert answer.headers["content-type"] == "message/rfc822"
    assert "attachment" in answer.headers["content-disposition"]


@pytest.mark.parametrize("path", ["/outbox/nope", "/outbox/nope/html", "/outbox/..%2fpasswd", "/outbox/passing"])
def test_an_unknown_mail_is_404(house, path):
    assert house.get(path, private=True).status == 404


def test_the_public_listener_knows_no_outbox(house, mail_id):
    for path in ("/outbox/", f"/outbox/{mail_id}", f"/outbox/{mail_id}/html"):
        assert house.get(path).status == 404
