"""DNS records over real UDP: what is there, what is not, and what cannot be known."""

from contextlib import suppress

import pytest

from syndication.errors import FetchError
from syndication.outbound import records
from syndication.outbound.records import Records
from tests.nameserver import NameServer

LONG = "v=DKIM1; k=rsa; p=" + "A" * 400


def test_what_a_domain_says_of_itself_is_read() -> None:
    known = {
        ("news.press", "TXT"): ("v=spf1 mx -all", 'says "hello"'),
        ("s1._domainkey.news.press", "TXT"): (LONG,),
        ("s2._domainkey.news.press", "CNAME"): ("s2.provider.example.",),
    }
    with NameServer(known) as server:
        of = Records(server.address).of
        assert set(of("news.press", "TXT")) == {"v=spf1 mx -all", 'says "hello"'}
        assert of("s1._domainkey.news.press", "TXT") == (LONG,), "in pieces of 255 octets at most, and joined again"
        assert of("s2._domainkey.news.press", "CNAME") == ("s2.provider.example",)
        assert of("news.press", "CNAME") == of("nobody.press", "TXT") == ()


@pytest.mark.parametrize("fault", ["silent", "broken"])
def test_what_cannot_be_known_is_no_absence(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "SECONDS", 0.3)
    with NameServer({}, **{fault: ["news.press"]}) as server, pytest.raises(FetchError, match="do not tell the TXT"):
        Records(server.address).of("news.press", "TXT")


@pytest.mark.parametrize("name", ["a..b", "x" * 64 + ".press", ""])
def test_what_is_no_name_is_no_crash(name: str) -> None:
    with NameServer({}) as server, suppress(FetchError):
        assert Records(server.address).of(name, "TXT") == ()
