"""A secret -> what a request carries; what comes back holds no trace of it."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.errors import SettingsError
from syndication.model.exchange import Answer, Failure, FailureKind, Hop, Phase, Request
from syndication.sources.unlock import read_secret, unlock, veil

FEED = "https://harbour.example/feed"


@pytest.mark.parametrize(
    ("secret", "header"),
    [
        ("basic ada:let:me in", ("Authorization", f"Basic {b64encode(b'ada:let:me in').decode()}")),
        ("Basic ünïe:süß", ("Authorization", f"Basic {b64encode('ünïe:süß'.encode()).decode()}")),
        ("bearer abc.DEF-123\n", ("Authorization", "Bearer abc.DEF-123")),
        ("header X-Api-Key: 42 and more", ("X-Api-Key", "42 and more")),
        ("header Cookie:session=1", ("Cookie", "session=1")),
    ],
)
def test_a_secret_becomes_a_field_of_the_request(secret: str, header: tuple[str, str]) -> None:
    opened = unlock(Request(FEED), read_secret(secret, "harbour"), source_url=FEED)
    assert opened.credentials == (header,)
    assert opened.headers == ()  # where a redirect to another host would take it along


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "basic",
        "basic ada",
        "bearer two words",
        "ada:secret",
        "header no colon here",
        "header Host: elsewhere.example",
        "header X-Key: süß",
        "header X-Key: one\r\nX-Other: two",
        "key =x",
        "bearer " + "x" * 5000,
    ],
)
def test_a_secret_that_means_nothing_is_told_without_being_shown(secret: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_secret(secret, "harbour")
    assert "'harbour'" in caught.value.what
    assert len(secret) < 6 or secret not in str(caught.value)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://other.example/feed",
        "https://www.harbour.example/feed",  # a redirect there is adopted, but a password is not given away with it
        "http://harbour.example/feed",
        "https://harbour.example:8443/feed",
        "https://[no.address/",
    ],
)
def test_col_07_credentials_belong_to_one_origin(elsewhere: str) -> None:
    for secret in ("basic ada:secret", "key apikey: secret"):
        request = Request(elsewhere)
        assert unlock(request, read_secret(secret, "h"), source_url=FEED) is request


def test_a_page_beside_the_feed_gets_the_password_and_not_the_key() -> None:
    page = Request("https://harbour.example:443/news/1")
    assert unlock(page, read_secret("basic a:b", "h"), source_url=FEED).credentials
    assert unlock(page, read_secret("key k: v", "h"), source_url=FEED) is page


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (FEED, f"{FEED}?api%20key=a%26b"),
        (f"{FEED}?format=rss", f"{FEED}?format=rss&api%20key=a%26b"),
    ],
)
def test_a_key_goes_into_the_query_and_out_of_all_that_comes_back(url: str, asked: str) -> None:
    credential = read_secret("key apikey: a&b", "h")
    credential = type(credential)(parameter=("api key", "a&b"), words=credential.words)
    opened = unlock(Request(url), credential, source_url=url)
    assert opened.url == asked
    answer = Answer(asked, 200, (), b"", "192.0.2.1", hops=(Hop(301, asked.replace("%20", "+")),))
    veiled = veil(answer, credential)
    assert (veiled.url, [hop.url for hop in veiled.hops]) == (url, [url])


def test_a_failure_does_not_tell_the_key() -> None:
    credential = read_secret("key apikey: s3cr3t/value", "h")
    sent = unlock(Request(FEED), credential, source_url=FEED).url
    failure = Failure(sent, FailureKind.REFUSED, Phase.JUDGED, f"hop 1 (302 to {sent}): a loop")
    assert "s3cr3t" not in repr(veil(failure, credential))


def test_a_credential_never_shows_itself() -> None:
    for secret in ("basic ada:s3cr3t", "bearer s3cr3t", "header X-Key: s3cr3t", "key k: s3cr3t"):
        credential = read_secret(secret, "h")
        assert "s3cr3t" not in repr(credential)
        assert "s3cr3t" in credential.words


@given(st.text(max_size=60))
def test_any_line_is_a_credential_or_a_settings_error(text: str) -> None:
    try:
        credential = read_secret(text, "h")
    except SettingsError:
        return
    assert credential.headers or credential.parameter
