"""A reader's whole way, in a browser, on a telephone and at a desk: from the front page to the kind page at the end.

Everything is the real service: its form, its outbox, its mails. A link that is only opened changes nothing (PUB-01);
the button that mail programs show for List-Unsubscribe leaves in one request (PUB-02, RFC 8058).
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import pytest

from syndication.demo.partners import Partners
from tests.journeys.looking import look
from tests.journeys.service import Service, until

pytestmark = pytest.mark.timeout(400)

STAMP_SECONDS = 2.2
"""A form that is sent sooner than two seconds after its page was drawn is taken for a robot's."""

OF_WHOLE_PAGES = ("landmark-one-main", "region")
"""Rules of axe for pages: a mail is shown within somebody else's page, which has landmarks of its own."""

STAYS = "stays@readers.example"


@dataclass(frozen=True)
class Place:
    """Where somebody reads: on what screen, from a service on which database."""

    service: Service
    partners: Partners
    context: Any
    address: str

    def news(self) -> str:
        """A partner brings out a story; we have it. Answers its title."""
        title = self.partners.next_arrival()
        assert title, "there are stories enough"
        self.service.collect(title)
        return title


SCREENS = {"phone": ("sqlite", 360, 760), "desk": ("postgresql", 1280, 900)}


@pytest.fixture(scope="module", params=SCREENS)
def place(
    request: pytest.FixtureRequest, browser: Any, partners: Partners, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    engine, width, height = SCREENS[request.param]
    url = ""
    if engine == "postgresql":
        new: Callable[[], str] = request.getfixturevalue("new_empty_postgres_database")
        url = new()
    service = Service(tmp_path_factory.mktemp(request.param), partners, database_url=url)
    if url:  # a database of one's own is prepared by hand, once
        service.command("migrate")
        service.command("apply")
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(60_000)
    with service:
        service.wait_first_polls()
        service.command("subscriber", "add", STAYS, "--newsletter", "morning", "--consent", "asked us by word of mouth")
        yield Place(service, partners, context, f"{request.param}@readers.example")
    context.close()


def test_pub_01_a_reader_signs_up_confirms_reads_and_leaves(place: Place) -> None:
    tab = place.context.new_page()
    sign_up(place, tab)
    confirm(place, tab)
    title = place.news()
    edition = place.service.mail_edition()
    counts = place.service.asked("edition", "report", str(edition))
    assert counts["adds_up"] and counts["counts"]["accepted"] == counts["counts"]["audience"] == 2
    read(place, tab, title, edition)
    leave(place, tab)
    got = len(place.service.mails(place.address))
    later = place.news()
    place.service.mail_edition()
    assert later in content(place.service.mails(STAYS)[0], "plain")
    assert len(place.service.mails(place.address)) == got, "who has left gets nothing more"
    tab.close()


def sign_up(place: Place, tab: Any) -> None:
    tab.goto(place.service.base + "/")
    drawn = time.monotonic()
    look(tab, "front")
    tab.get_by_label("Your mail address").fill(place.address)
    tab.wait_for_timeout(max(0.0, STAMP_SECONDS - (time.monotonic() - drawn)) * 1000)
    tab.get_by_role("button", name="Subscribe").click()
    tab.get_by_role("heading", name="Look into your mailbox").wait_for()
    look(tab, "asked")
    assert place.service.consent(place.address) == {"pending"}


def confirm(place: Place, tab: Any) -> None:
    open_mail(place, tab, re.compile("Please confirm"))
    look(tab, "mail-confirm")
    page = follow(place, tab, "Yes, send it to me")
    page.get_by_role("heading", name="One press, and you are in").wait_for()
    look(page, "confirm")
    only_opened(place, page.url, "pending")
    page.get_by_role("button", name="Yes, send it to me").click()
    page.get_by_role("heading", name="You are in").wait_for()
    look(page, "confirmed")
    assert place.service.consent(place.address) == {"confirmed"}
    page.close()


def read(place: Place, tab: Any, title: str, edition: int) -> None:
    """The digest as HTML and as text, the story behind its headline, and the edition on the web."""
    mail = place.service.mails(place.address)[0]
    assert title in content(mail, "html") and title in content(mail, "plain")
    assert place.address in content(mail, "html") and place.address in content(mail, "plain")
    assert_readable_text(content(mail, "plain"))
    open_mail(place, tab, re.compile("^The Long Shore, this morning"))
    look(tab, "mail-digest")
    assert tab.locator(".letter").get_by_text(title).count() == 1
    story = follow(place, tab, title)
    assert re.fullmatch(re.escape(place.service.base) + r"/articles/\d+", story.url)
    assert story.get_by_role("heading", level=1).inner_text() == title
    look(story, "article")
    story.close()
    web = follow(place, tab, re.compile("on the web"))
    assert web.url == f"{place.service.base}/editions/{edition}"
    assert web.get_by_role("link", name=title, exact=True).count() == 1
    look(web, "edition")
    web.close()


def leave(place: Place, tab: Any) -> None:
    page = follow(place, tab, "Unsubscribe with one click")
    page.get_by_role("heading", name="Leave The Long Shore, this morning?").wait_for()
    look(page, "unsubscribe")
    only_opened(place, page.url, "confirmed")
    page.get_by_role("button", name="Unsubscribe").click()
    page.get_by_role("heading", name="You have left").wait_for()
    look(page, "left")
    assert place.service.consent(place.address) == {"unsubscribed"}
    page.goto(page.url)
    page.get_by_role("heading", name="You have left").wait_for()
    page.close()


def test_pub_02_one_press_in_the_mail_program_leaves(place: Place) -> None:
    service, address = place.service, f"second-{place.address}"
    service.command("subscriber", "add", address, "--newsletter", "morning", "--consent", "signed a list at the fair")
    place.news()
    service.mail_edition()
    (mail,) = service.mails(address)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (url,) = re.findall(r"<(https?://[^>]+)>", mail["List-Unsubscribe"])
    only_opened(place, url, "confirmed", address)
    for _ in range(2):  # again is as good
        answer = service.ask("POST", url, {"List-Unsubscribe": "One-Click"})
        assert answer.status == 200 and "set-cookie" not in answer.headers
        assert service.consent(address) == {"unsubscribed"}
    assert service.consent(STAYS) == {"confirmed"}, "and nobody else has left"


@pytest.mark.parametrize("place", ["phone"], indirect=True)
def test_the_digest_is_as_good_in_a_mail_program(place: Place, browser: Any) -> None:
    """As some show it: the document alone, in a narrow pane and at its full width, with and without its style sheet."""
    place.partners.publish(1)
    place.news()
    place.service.mail_edition()
    mail = place.service.mails(STAYS)[0]
    html = content(mail, "html")
    assert len(bytes(mail)) < 90_000 and len(html.encode()) < 60_000
    ours = re.compile(re.escape(place.service.base) + r"/images/[0-9a-f]+-(640|1280)\.jpg\Z")
    for width in (360, 640):
        context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=True)
        tab = context.new_page()
        asked: list[str] = []
        tab.on("request", lambda request, asked=asked: asked.append(request.url))
        tab.set_content(html)
        look(tab, "digest", rules_off=OF_WHOLE_PAGES)
        assert tab.locator("h1").count() == 1
        pictures = tab.locator("img")
        assert all(ours.match(pictures.nth(n).get_attribute("src")) for n in range(pictures.count()))
        assert all(pictures.nth(n).get_attribute("alt") for n in range(pictures.count()))
        tab.set_content(re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))
        look(tab, "digest-bare", rules_off=OF_WHOLE_PAGES)
        assert all(map(ours.match, asked)), "a mail asks for nothing but pictures of our own house"
        context.close()


# -- what a reader does


def open_mail(place: Place, tab: Any, subject: "re.Pattern[str]") -> None:
    """Find it in the outbox, where mail lies until there is a provider, and open it."""
    mails = tab.locator("li", has_text=f"To {place.address} ").get_by_role("link", name=subject)
    until("the mail", lambda: tab.goto(f"{place.service.private}/outbox/") and mails.count())
    mails.first.click()
    tab.frame_locator("iframe").locator("h1").wait_for()


def follow(place: Place, tab: Any, name: "str | re.Pattern[str]") -> Any:
    """Click a link in the mail; answers the page that opens."""
    with place.context.expect_page() as opened:
        tab.frame_locator("iframe").get_by_role("link", name=name).first.click()
    page = opened.value
    page.wait_for_load_state()
    return page


def only_opened(place: Place, url: str, state: str, address: str = "") -> None:
    """However often a link is opened, by scanners or by people, nothing has happened (PUB-01)."""
    for method in ("GET", "HEAD", "GET"):
        assert place.service.ask(method, url).status == 200
    assert place.service.consent(address or place.address) == {state}


def content(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None, f"the mail has no part that is {kind}"
    return str(part.get_content()).replace("\r\n", "\n")


def assert_readable_text(text: str) -> None:
    """Wrapped, its links numbered, its way out in plain sight."""
    prose = [line for line in text.splitlines() if "://" not in line]
    assert max(map(len, prose)) <= 72
    used = set(re.findall(r"\[(\d+)\]$", "\n".join(prose), re.MULTILINE))
    listed = set(re.findall(r"^\[(\d+)\] http", text, re.MULTILINE))
    assert used == listed and used
    assert re.search(r"Unsubscribe with one click:\nhttp", text)
