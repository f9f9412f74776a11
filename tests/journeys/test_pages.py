"""Every kind of page in a real browser: no fault that axe finds, nothing too wide, nothing asked of anybody else.

Then a reader's whole way through it, by clicks: sign up, the mail in the outbox, confirm, leave.
"""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from syndication.jobs.index import index
from syndication.jobs.notify import Notifier
from syndication.model.delivery import Sender
from syndication.model.subscriber import EmailAddress
from syndication.storage import schema
from syndication.storage.database import Database
from syndication.storage.messages import Letters
from syndication.storage.search import Index
from syndication.storage.subscribers import Registry
from tests.web.house import KEY, RENDERER, SIGNER, House, furnish, opened

PAGES = {
    "front": "/",
    "article": "/articles/1",
    "excerpt": "/articles/2",
    "hostile": "/articles/3",
    "edition": "/editions/1",
    "archive": "/archive",
    "month": "/archive/2026-05",
    "day": "/archive/2026-05-07",
    "feeds": "/feeds",
    "topic": "/topics/harbour",
    "partner": "/partners/upland-post",
    "search": "/search",
    "found": "/search?q=ferry",
    "subscribe": "/subscribe",
    "feed": "/feeds/all",
    "missing": "/nowhere",
    "confirm": "",
    "unsubscribe": "",
    "outbox": "",
    "mail": "",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Any) -> Iterator[House]:
    directory = tmp_path_factory.mktemp("pages")
    shutil.copy(sqlite_template, directory / "house.db")
    database = Database(f"sqlite:///{directory / 'house.db'}")
    furnish(database)
    with opened(database, directory) as found:
        found.publish()
        index(Index(database))
        found.sign_up()
        send_letters(found)
        yield found
    database.close()


def send_letters(house: House) -> None:
    notifier = Notifier(
        registry=Registry(house.database),
        letters=Letters(house.database),
        outbox=house.spool,
        email=RENDERER.email,
        signer=SIGNER,
        publication=house.publication,
        sender=Sender("Sound & Shore", EmailAddress.parse("desk@example.org")),
        key=KEY,
        address_key=KEY,
        message_id_domain="news.example.org",
    )
    assert notifier.run(clock=lambda: house.clock[0]).accepted == 1


def address(house: House, page: str) -> str:
    private = f"http://127.0.0.1:{house.private_port}/outbox/"
    token_pages = {"confirm": house.confirm_path(), "unsubscribe": house.leave_path()}
    if page == "outbox":
        return private
    if page == "mail":
        return private + house.spool.listing(1)[0].id
    return f"http://127.0.0.1:{house.port}{token_pages.get(page) or PAGES[page]}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_fault_that_axe_finds_and_fits_a_narrow_screen(browser, house, page, scheme):
    from axe_playwright_python.sync_playwright import Axe

    # Our policy lets no script run, axe's neither: it is lifted here, and kept in the test below.
    context = browser.new_context(
        viewport={"width": 360, "height": 800}, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
    )
    try:
        tab = context.new_page()
        tab.goto(address(house, page))
        for width in (360, 1280):
            tab.set_viewport_size({"width": width, "height": 800})
            found = Axe().run(tab)
            assert found.violations_count == 0, found.generate_report()
            assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"too wide at {width}"
        assert tab.locator("h1").count() == 1
    finally:
        context.close()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_styled_runs_nothing_and_asks_nobody_else(browser, house, page):
    context = browser.new_context()
    try:
        tab = context.new_page()
        asked, said = [], []
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda message: said.append(message.text))
        tab.on("dialog", lambda dialog: said.append("a dialog opened"))
        tab.goto(address(house, page), wait_until="networkidle")
        ours = tuple(f"http://127.0.0.1:{port}/" for port in (house.port, house.private_port))
        assert all(url.startswith(ours) for url in asked), asked
        assert [words for words in said if "404" not in words] == []
        assert tab.evaluate("document.styleSheets.length") == 1
        assert tab.evaluate("getComputedStyle(document.querySelector('.skip')).position") == "absolute"
    finally:
        context.close()


def test_the_keyboard_reaches_the_content_first(browser, house):
    context = browser.new_context()
    try:
        tab = context.new_page()
        tab.goto(address(house, "article"))
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.textContent") == "Skip to the content"
        tab.keyboard.press("Enter")
        assert tab.evaluate("document.activeElement.id") == "content"
    finally:
        context.close()


def test_a_reader_signs_up_confirms_and_leaves_by_clicks(browser, database, tmp_path):
    furnish(database)
    with opened(database, tmp_path) as house:
        house.publish()
        context = browser.new_context()
        try:
            walk(context, house)
        finally:
            context.close()


def walk(context: Any, house: House) -> None:
    tab = context.new_page()
    tab.goto(address(house, "front"))
    tab.get_by_label("Your mail address").fill("ada@readers.example")
    house.clock[0] = house.clock[0].replace(minute=house.clock[0].minute + 1)  # a person takes their time
    tab.get_by_role("button", name="Subscribe").click()
    tab.get_by_role("heading", name="Look into your mailbox").wait_for()
    send_letters(house)
    tab.goto(address(house, "outbox"))
    tab.get_by_role("link", name="Please confirm: The Morning Sound").click()
    with context.expect_page() as opened_page:
        tab.frame_locator("iframe").get_by_role("link", name="Yes, send it to me").click()
    confirm = opened_page.value
    confirm.get_by_role("button", name="Yes, send it to me").click()
    confirm.get_by_role("heading", name="You are in").wait_for()
    assert [row["state"] for row in house.rows(schema.subscription)] == ["confirmed"]
    tab.goto(address(house, "unsubscribe"))
    tab.get_by_role("button", name="Unsubscribe").click()
    tab.get_by_role("heading", name="You have left").wait_for()
    assert [row["state"] for row in house.rows(schema.subscription)] == ["unsubscribed"]
