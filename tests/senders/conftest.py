"""A running stand-in, and the product's real way out to it."""

from collections.abc import Iterator

import pytest

from syndication.outbound.address import AddressPolicy
from syndication.outbound.transport import Transport
from tests.standin.handle import Handle

KEY = "SG.kept-quiet.a-key-that-nobody-may-read"


@pytest.fixture(scope="session")
def one_standin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handle]:
    running = Handle(tmp_path_factory.mktemp("standin") / "accepted.jsonl", "--key", KEY)
    yield running
    running.stop()


@pytest.fixture
def standin(one_standin: Handle) -> Handle:
    one_standin.reset()
    return one_standin


@pytest.fixture
def transport() -> Iterator[Transport]:
    opened = Transport(AddressPolicy(("127.0.0.0/8",)), user_agent="syndication-tests/1")
    yield opened
    opened.close()
