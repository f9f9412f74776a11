"""The sample partners on the web, and what a visitor gets from them."""

import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from syndication.demo.partners import Partners

NOW = datetime(2026, 5, 7, 6, 30, 15, 250_000, tzinfo=UTC)


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:  # loopback only
        return bytes(answer.read())


@pytest.fixture
def partners() -> Iterator[Partners]:
    """As they are when the demo starts: wave 0 is out."""
    with Partners(clock=lambda: NOW) as partners:
        yield partners


@pytest.fixture(scope="session")
def whole() -> Iterator[Partners]:
    """Every story is out, and the wrong one corrected."""
    with Partners(clock=lambda: NOW) as partners:
        partners.publish(1)
        partners.correct()
        while partners.next_arrival():
            pass
        yield partners
