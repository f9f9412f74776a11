import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.outbound.address import judge_url
from syndication.outbound.url import URL_CHARACTERS_MAX, read_url


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "ftp://files.example/feed",
        "gopher://old.example/1",
        "data:text/xml,<rss/>",
        "javascript:alert(1)",
        "feed://news.example/rss",
        "dict://news.example:11211/stat",
        "//news.example/rss",
        "news.example/rss",
        "",
    ],
)
def test_col_01_only_http_and_https_are_fetched(url):
    assert "only http and https" in (judge_url(url) or "")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://reader:secret@news.example/rss", "character 22 is an @"),
        ("https://news.example@10.0.0.1/", "character 21 is an @"),
        ("https://news.example\\@10.0.0.1/", "character 21 is a backslash"),
        ("https://news.example/a b", "character 23 is space"),
        ("https://news.example/\trss", "character 22 is a control character (U+0009)"),
        ("https://news.example/rss\n", "character 25 is a control character (U+000A)"),
        ("https://news.example/\x00", "character 22 is a control character (U+0000)"),
        (" https://news.example/", "character 1 is space"),
        ("https://news.example/\u00a0", "character 22 is no-break space"),
        ("https://news\u200b.example/", "character 13 is zero width space"),
        ("https://news.example/\u202etxt", "character 22 is right-to-left override"),
    ],
)
def test_col_09_an_ambiguous_spelling_is_refused_with_its_position(url, reason):
    assert reason in (judge_url(url) or "")


@pytest.mark.parametrize(
    "url",
    [
        "https:news.example/",
        "https:/news.example/",
        "https://",
        "https:///rss",
        "https://:443/",
        "https://news..example/",
        "https://.example/",
        "https://news.example:0/",
        "https://news.example:65536/",
        "https://news.example:port/",
        "https://news.example:80:80/",
        "https://127.0.0.1%2eexample/",
        "https://[::1/",
        "https://[::1%25eth0]/",
        "https://[news.example]/",
        "https://a/c\u2100.example\uff20x/".replace("/c", ""),
        "https://\u2100.example/",  # would become "a/c.example"
        "https://news.example/" + "a" * URL_CHARACTERS_MAX,
    ],
)
def test_a_host_or_port_that_cannot_be_is_refused(url):
    assert judge_url(url)


@pytest.mark.parametrize(
    ("url", "out"),
    [
        ("https://News.Example", "https://news.example/"),
        ("HTTPS://news.example:443/rss?a=1&b=%20#top", "https://news.example/rss?a=1&b=%20"),
        ("http://news.example:8080?q", "http://news.example:8080/?q"),
        ("https://news.example./rss", "https://news.example/rss"),
        ("https://zeitung.example/über/ärger", "https://zeitung.example/%C3%BCber/%C3%A4rger"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://[2606:4700:0::1111]/", "https://[2606:4700::1111]/"),
        ("http://my_feeds.example/", "http://my_feeds.example/"),
        ("http://１２７.0.0.1/", "http://127.0.0.1/"),
        ("http://0x7f.1/", "http://0x7f.1/"),  # judged as what it resolves to
    ],
)
def test_a_url_goes_out_in_ascii(url, out):
    assert read_url(url).url == out


@given(st.text(max_size=60))
def test_whatever_is_read_reads_the_same_again(text):
    for url in (text, "http://" + text):
        if judge_url(url) is None:
            first = read_url(url)
            assert first.url.isascii()
            assert read_url(first.url) == first


@given(st.text(max_size=60))
def test_a_host_never_holds_what_another_parser_would_cut_at(text):
    url = f"http://{text}/"
    if judge_url(url) is None:
        assert not set(read_url(url).host) & set("@/\\?# %")
