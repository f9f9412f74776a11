"""Hosts and transports that a test makes and need not clean up."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from syndication.outbound.address import AddressPolicy
from syndication.outbound.transport import Transport
from tests.outbound.hosts import Host, Script


@pytest.fixture
def host() -> Iterator[Callable[..., Host]]:
    """`host(script)` begins to listen."""
    made: list[Host] = []

    def make(script: Script, **more: Any) -> Host:
        made.append(Host(script, **more))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def transport() -> Iterator[Callable[..., Transport]]:
    """`transport(host, …)` may go to these hosts and nowhere else; texts are entries of the allow-list."""
    made: list[Transport] = []

    def make(*allowed: Host | str, policy: Any = None, **more: Any) -> Transport:
        places = tuple(one if isinstance(one, str) else one.place for one in allowed)
        made.append(Transport(policy or AddressPolicy(places), user_agent="Test/1", **more))
        return made[-1]

    yield make
    for one in made:
        one.close()
