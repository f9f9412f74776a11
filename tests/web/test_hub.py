"""The hub's door: what may be asked, what is refused and in which words. What comes of it is `jobs.announce`'s."""

import pytest

from syndication.storage import schema
from syndication.web.hub import LEASE_SECONDS, LEASE_SECONDS_MAX, LEASE_SECONDS_MIN

EAR = "https://ear.example/hears?mine=1"


def ask(house, **fields):
    usual = {"mode": "subscribe", "callback": EAR, "topic": f"{house.publication.base_url}/feeds/all.atom"}
    asked = {f"hub.{name}": value for name, value in (usual | fields).items() if value is not None}
    return house.post("/websub/hub", asked)


def rows(house):
    return house.rows(schema.hub_subscription)


@pytest.mark.parametrize("ending", ["atom", "rss", "json"])
def test_a_feed_names_the_hub_and_the_hub_knows_the_feed(still, ending):
    told = still.get(f"/feeds/all.{ending}")
    base = still.publication.base_url
    for answer in (told, still.get(f"/feeds/all.{ending}", {"If-None-Match": "*"})):
        assert f'<{base}/websub/hub>; rel="hub"' in answer.headers["link"]
        assert f'<{base}/feeds/all.{ending}>; rel="self"' in answer.headers["link"]
    assert f"{base}/websub/hub" in told.text


def test_a_wish_is_written_down_and_answered_202(house):
    answer = ask(house, secret="s3cret", lease_seconds="86400")
    assert (answer.status, answer.headers["cache-control"]) == (202, "no-store")
    (row,) = rows(house)
    assert (row["topic"], row["callback"]) == ("all.atom", EAR)
    assert (row["asked"], row["asked_secret"], row["asked_seconds"]) == ("subscribe", "s3cret", 86400)
    assert row["lease_until"] is None  # nothing holds before the callback said yes
    assert ask(house, mode="unsubscribe").status == 202
    assert rows(house)[0]["asked"] == "unsubscribe"


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (None, LEASE_SECONDS),
        ("1", LEASE_SECONDS_MIN),
        ("0", LEASE_SECONDS_MIN),
        ("99999999999", LEASE_SECONDS_MAX),
    ],
)
def test_a_lease_is_within_our_bounds(house, asked, given):
    assert ask(house, lease_seconds=asked).status == 202
    assert rows(house)[0]["asked_seconds"] == given


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"mode": "publish"}, 400, "hub.mode"),
        ({"mode": None}, 400, "hub.mode"),
        ({"callback": None}, 400, "hub.callback"),
        ({"callback": "ftp://ear.example/"}, 400, "hub.callback"),
        ({"callback": "javascript:alert(1)"}, 400, "hub.callback"),
        ({"callback": "https://ear.example/#x"}, 400, "hub.callback"),
        ({"callback": "https://ear.example/" + "x" * 2000}, 400, "hub.callback"),
        ({"callback": "https://user:pass@ear.example/"}, 400, "hub.callback"),
        ({"topic": "https://elsewhere.example/feeds/all.atom"}, 400, "hub.topic"),
        ({"topic": None}, 400, "hub.topic"),
        ({"secret": "x" * 200}, 400, "hub.secret"),
        ({"lease_seconds": "-1"}, 400, "hub.lease_seconds"),
        ({"lease_seconds": "soon"}, 400, "hub.lease_seconds"),
    ],
)
def test_what_is_refused_is_refused_in_words(house, fields, status, words):
    answer = ask(house, **fields)
    assert (answer.status, answer.headers["content-type"]) == (status, "text/plain; charset=utf-8")
    assert words in answer.text
    assert rows(house) == []


@pytest.mark.parametrize("name", ["none.atom", "all.xml", "all", "own-" + "a" * 32 + ".atom", "all/archive/1.atom"])
def test_only_what_is_published_can_be_listened_to(house, name):
    answer = ask(house, topic=f"{house.publication.base_url}/feeds/{name}")
    assert (answer.status, rows(house)) == (404, [])


def test_pub_15_a_flood_of_wishes_is_answered_429(house):
    answers = [ask(house, callback=f"https://ear.example/{n}").status for n in range(22)]
    assert answers == [202] * 20 + [429] * 2


def test_pub_15_only_a_form_of_some_size_is_read(house):
    json = house.ask("POST", "/websub/hub", {"Content-Type": "application/json"}, "{}")
    assert json.status == 415
    long = house.post("/websub/hub", {"hub.secret": "x" * 20_000})
    assert long.status == 413
    assert house.get("/websub/hub").status == 405
    assert rows(house) == []
