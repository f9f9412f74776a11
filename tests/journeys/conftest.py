"""What the journeys share: a browser, the sample partners, and the real service on each of the two databases."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from syndication.demo.partners import Partners
from tests.conftest import needs
from tests.journeys.service import Service

CHROMIUM = shutil.which("chromium")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def launch() -> Iterator[Callable[..., Any]]:
    """Starts Chromium with these switches more. Each is closed at the end of the module."""
    needs(CHROMIUM, "Chromium (Debian: chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = []

        def start(*switches: str) -> Any:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*SWITCHES, *switches])
            launched.append(browser)
            return browser

        yield start
        for browser in launched:
            browser.close()


@pytest.fixture(scope="module")
def browser(launch: Callable[..., Any]) -> Any:
    return launch()


@pytest.fixture(scope="module")
def partners() -> Iterator[Partners]:
    with Partners() as found:
        yield found


@pytest.fixture(scope="module")
def service(partners: Partners, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service on SQLite, its partners polled once, so that what comes from now on is news."""
    with Service(tmp_path_factory.mktemp("service"), partners) as started:
        started.wait_first_polls()
        yield started
