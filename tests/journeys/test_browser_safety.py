"""SAN-11: whatever a partner sends, nothing of it runs in a reader's browser, and nothing is asked of anybody else.

A hostile partner is collected, published and mailed by the real service. Every page, feed and mail that shows its
stories is opened in Chromium, once under our policy headers and once with them lifted, so that the cleaned markup has
to be harmless by itself. Every other host leads to the trap, which counts. At the end the same attempts, not cleaned,
are opened in the same browser: there they do run, so the counters can count.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from syndication.demo.partners import Partners
from tests.journeys.hostile import ATTEMPTS, BENIGN, EVIL, Partner, prose
from tests.journeys.service import Service, quiet_zone, until
from tests.journeys.trap import Trap

pytestmark = pytest.mark.timeout(400)

READER = "reader@readers.example"
PUBLICATION = """
[publication]
title = "The Long Shore"
publisher = "Long Shore Press Association"
address = "1 Quay Street"
contact = "desk@example.org"
[feed.all]
title = "Everything"
items_max = 500
"""
SETTLING_MS = 80
"""So long every page is watched once it has loaded: that nothing happens is no event."""
HARM = (
    "script, iframe, object, embed, form, input, button, base, link, style, meta, svg, math, img, video, audio, "
    "[style], [id], [name]"
)


@dataclass
class Poisoned:
    service: Service
    trap: Trap
    browser: Any
    ran: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def context(self, *, policy: bool) -> Any:
        """A browser of its own in which whatever runs, asks or speaks up is written down."""
        context = self.browser.new_context(bypass_csp=not policy, accept_downloads=False)
        context.expose_function("ran", lambda name: self.ran.append(name))
        context.on("request", lambda request: self.asked.append(request.url))
        context.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        context.set_default_timeout(60_000)
        return context

    def foreign(self) -> list[str]:
        ours = (self.service.base + "/", self.service.private + "/", "about:", "data:text/html")
        return [url for url in self.asked if not url.startswith(ours)]

    def article_ids(self) -> list[int]:
        return [row["id"] for row in self.service.rows("article")]

    def mail_ids(self) -> list[str]:
        listing = self.service.get(f"{self.service.private}/outbox/").text
        return re.findall(r'href="/outbox/([^"/]+)"', listing)


@pytest.fixture(scope="module")
def poisoned(launch: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Poisoned]:
    with Partners() as partners, Partner() as partner, Trap() as trap:
        publication = PUBLICATION + partner.sources().replace("ZONE", quiet_zone())
        with Service(
            tmp_path_factory.mktemp("poisoned"), partners, publication=publication, allow=(partner.address,)
        ) as service:
            until("the first polls", lambda: len(service.rows("article")) == 4)
            partner.turn()
            service.command("source", "poll", "--all")
            until("the harm", lambda: len(service.rows("article")) == 4 * (len(ATTEMPTS) + 1))
            for newsletter in partner.feeds():
                service.command("subscriber", "add", READER, "--newsletter", newsletter, "--consent", "asked")
                service.mail_edition(newsletter)
            service.wait_published()
            browser = launch(f"--host-resolver-rules=MAP * 127.0.0.1:{trap.port}, EXCLUDE 127.0.0.1")
            yield Poisoned(service, trap, browser)


def addresses(poisoned: Poisoned) -> dict[str, list[str]]:
    base, private = poisoned.service.base, poisoned.service.private
    return {
        "articles": [f"{base}/articles/{id}" for id in poisoned.article_ids()],
        "lists": [f"{base}/", f"{base}/archive", f"{base}/feeds/all", *(f"{base}/editions/{n}" for n in range(1, 5))],
        "feeds": [f"{base}/feeds/all.{ending}" for ending in ("rss", "atom", "json")] + [f"{base}/opml"],
        "mails": [f"{private}/outbox/{id}" for id in poisoned.mail_ids()],
        "mail bodies": [f"{private}/outbox/{id}/html" for id in poisoned.mail_ids()],
    }


@pytest.mark.parametrize("policy", [True, False], ids=["as served", "without our policy"])
@pytest.mark.parametrize("kind", ["articles", "lists", "feeds", "mails", "mail bodies"])
def test_san_11_nothing_runs_and_nothing_is_asked(poisoned: Poisoned, kind: str, policy: bool) -> None:
    context = poisoned.context(policy=policy)
    tab = context.new_page()
    found = addresses(poisoned)[kind]
    if policy and kind == "articles":
        found = found[::4]  # one policy holds for all of them
    assert found
    for url in found:
        tab.goto(url)
        tab.wait_for_timeout(SETTLING_MS)
        if kind == "articles":
            assert tab.locator("h1").count() == 1
            assert tab.locator(".body").locator(HARM).count() == 0, url
        if kind in ("articles", "lists"):
            schemes = tab.evaluate("[...new Set([...document.querySelectorAll('a')].map(a => a.protocol))]")
            assert set(schemes) <= {"http:", "https:", "mailto:", "feed:"}, url
    context.close()
    assert (poisoned.ran, poisoned.dialogs, poisoned.foreign(), poisoned.trap.asked) == ([], [], [], [])


def test_san_11_a_digest_runs_nothing_in_a_mail_program(poisoned: Poisoned) -> None:
    """The document alone, as a mail program has it, which may have no policy at all."""
    mails = poisoned.service.mails(READER)
    assert len(mails) == 4
    context = poisoned.context(policy=False)
    tab = context.new_page()
    for mail in mails:
        part = mail.get_body(("html",))
        assert part is not None
        html = part.get_content()
        assert html.count("About ") > 20
        tab.set_content(html)
        tab.wait_for_timeout(SETTLING_MS)
        assert tab.locator("img, script, svg, iframe, form, object, link, base").count() == 0
    context.close()
    assert (poisoned.ran, poisoned.dialogs, poisoned.foreign(), poisoned.trap.asked) == ([], [], [], [])


def test_san_11_the_words_are_kept_and_what_looks_like_markup_is_words(poisoned: Poisoned) -> None:
    """Safe, and not by being empty: every story is there, its paragraphs too, and template syntax is printed."""
    titles = {row["article_id"]: row["title"] for row in poisoned.service.rows("article_revision")}
    to_the_end = 0
    for id, title in titles.items():
        page = poisoned.service.get(f"/articles/{id}").text
        slug, _, rest = title.partition(": ")
        name = next((name for name in ATTEMPTS if rest.startswith(f"About {name} ")), "")
        assert (name or rest == BENIGN) and prose(slug + name) in page, title
        to_the_end += bool(name) and prose(name + slug) in page
    # An element that is never closed takes what comes after it along, as it would in any browser.
    assert to_the_end >= 0.8 * 4 * len(ATTEMPTS)
    (syntax,) = [id for id, title in titles.items() if title.startswith("rss: About our own syntax")]
    assert "{{ 7 * 7 }} {% include &#39;pages/base.html&#39; %}" in poisoned.service.get(
        f"/articles/{syntax}"
    ).text.replace("'", "&#39;")


def test_san_11_the_same_attempts_do_run_where_nobody_cleans(poisoned: Poisoned) -> None:
    """The control: without it, four tests that find nothing would prove nothing."""
    watched = Poisoned(poisoned.service, poisoned.trap, poisoned.browser)
    context = watched.context(policy=True)
    tab = context.new_page()
    tab.goto(f"{EVIL}/all", wait_until="commit")
    until(
        "the harm",
        lambda: tab.wait_for_timeout(50) or (len(set(watched.ran)) >= 10 and len(set(watched.trap.asked)) >= 10),
    )
    context.close()
    assert watched.foreign()
    poisoned.trap.asked.clear()
