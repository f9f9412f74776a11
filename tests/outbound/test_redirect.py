import pytest

from syndication.model.exchange import Answer, Request
from syndication.outbound.redirect import Refusal, absolute, follow

FEED = "https://news.example/rss"


def moved(location: str | None, *, status: int = 301, url: str = FEED) -> Answer:
    headers = () if location is None else (("location", location),)
    return Answer(url=url, status=status, headers=headers, body=b"", peer="8.8.8.8")


def test_a_redirect_leads_on():
    assert follow(Request(FEED), moved("/feed"), [FEED]) == Request("https://news.example/feed")


@pytest.mark.parametrize("status", [200, 300, 304, 305, 306, 404])
def test_other_statuses_stand(status):
    assert follow(Request(FEED), moved("/feed", status=status), [FEED]) is None


def test_a_redirect_to_nowhere_stands():
    assert follow(Request(FEED), moved(None), [FEED]) is None


def test_who_asks_for_no_redirects_gets_the_answer_itself():
    assert follow(Request(FEED, redirects_max=0), moved("/feed"), [FEED]) is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_request_with_a_body_is_never_sent_on(status):
    assert follow(Request(FEED, method="POST", body=b"{}"), moved("/feed", status=status), [FEED]) is None


SECRETS = (("Authorization", "Basic eA=="), ("cookie", "a=1"), ("Proxy-Authorization", "b"), ("If-None-Match", '"1"'))


@pytest.mark.parametrize(
    "location",
    [
        "https://other.example/rss",
        "https://news.example:8443/rss",
        "https://sub.news.example/rss",
        "//other.example/",
        "https://news.example.other.example/",
    ],
)
def test_col_07_another_origin_gets_no_credentials_and_no_cookies(location):
    asked = Request(FEED, headers=SECRETS, credentials=(("X-Api-Key", "secret"),))
    following = follow(asked, moved(location), [FEED])
    assert isinstance(following, Request)
    assert following.credentials == ()
    assert following.headers == (("If-None-Match", '"1"'),)


@pytest.mark.parametrize(
    "location", ["/feed", "https://news.example:443/feed", "https://NEWS.example./feed", "?page=2"]
)
def test_col_07_the_same_origin_keeps_them(location):
    asked = Request(FEED, headers=SECRETS, credentials=(("X-Api-Key", "secret"),))
    following = follow(asked, moved(location), [FEED])
    assert isinstance(following, Request)
    assert (following.headers, following.credentials) == (asked.headers, asked.credentials)


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://news.example/rss", "from https to http"),
        ("ftp://news.example/rss", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("javascript:alert(1)", "only http and https"),
        ("https://a:b@news.example/", "@ after user-info"),
        ("https://news.example\\@x/", "backslash"),
        ("https://[::1/", "host"),
        ("/rss", "a loop"),
        ("https://news.example./rss#again", "a loop"),
    ],
)
def test_col_06_a_redirect_that_may_not_be_followed(location, reason):
    refusal = follow(Request(FEED), moved(location), [FEED])
    assert isinstance(refusal, Refusal)
    assert reason in refusal.reason


def test_col_06_the_sixth_redirect_is_refused():
    seen = [f"https://news.example/{n}" for n in range(5)]
    assert isinstance(follow(Request(FEED), moved("/5"), seen), Request)
    refusal = follow(Request(FEED), moved("/6"), [*seen, "https://news.example/5"])
    assert isinstance(refusal, Refusal)
    assert "more than 5 redirects" in refusal.reason


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("feed", "https://news.example/feed"),
        ("../x", "https://news.example/x"),
        (" /a b ", "https://news.example/a%20b"),
        ("/\u00c3\u00bcber", "https://news.example/%C3%BCber"),  # UTF-8, as header bytes are decoded
        ("/\u00fcber", "https://news.example/%C3%BCber"),  # Latin-1
        ("/a#part", "https://news.example/a"),
        ("/%20a", "https://news.example/%20a"),
    ],
)
def test_a_location_is_made_absolute_as_browsers_do(location, url):
    assert absolute(FEED, location) == url
