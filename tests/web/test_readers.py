"""Where a feed reader takes up a feed."""

from urllib.parse import parse_qs, unquote, urlsplit

from syndication.web.readers import readers


def test_the_address_arrives_whole_whatever_is_in_it():
    address = "https://news.example.org/news/feeds/all.atom?a=1&b=2"
    links = {link.text: link.url for link in readers(address)}
    assert links["An app on this device"] == f"feed:{address}"
    assert unquote(urlsplit(links["Feedly"]).path).endswith(f"feed/{address}")
    for name, key in (("Inoreader", "add_feed"), ("NewsBlur", "url"), ("The Old Reader", "url")):
        assert parse_qs(urlsplit(links[name]).query) == {key: [address]}
