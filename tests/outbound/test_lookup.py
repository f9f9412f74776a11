import threading
from concurrent.futures import wait

import pytest

from syndication.outbound.lookup import Resolver, system_look_up


class Directory:
    """Knows a few names; a name in a dead zone keeps its asker waiting until `revive`."""

    def __init__(self, names: dict[str, tuple[str, ...]]) -> None:
        self.names = names
        self.alive = threading.Event()
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> tuple[str, ...]:
        self.asked.append(host)
        if host.startswith("dead"):
            self.alive.wait(20)
        if host not in self.names:
            raise OSError(f"{host} is not known")
        return self.names[host]


def test_a_literal_is_its_own_answer_and_nobody_is_asked():
    directory = Directory({})
    resolver = Resolver(directory, threads_max=1)
    assert resolver.submit("127.0.0.1", 80).result(0) == ("127.0.0.1",)
    assert resolver.submit("::1", 80).result(0) == ("::1",)
    assert directory.asked == []


def test_an_error_is_handed_to_the_one_who_asked():
    future = Resolver(Directory({}), threads_max=1).submit("none.example", 80)
    with pytest.raises(OSError, match="not known"):
        future.result(5)


def test_col_19_dead_names_hold_up_no_other_name():
    directory = Directory({"live.example": ("192.0.2.1",)})
    resolver = Resolver(directory, threads_max=41)
    dead = [resolver.submit(f"dead{n}.example", 80) for n in range(40)]
    assert resolver.submit("live.example", 80).result(5) == ("192.0.2.1",)
    assert not any(future.done() for future in dead)
    directory.alive.set()
    assert len(wait(dead, 5).done) == 40


def test_more_look_ups_than_threads_wait_their_turn():
    directory = Directory({f"n{n}.example": (f"192.0.2.{n}",) for n in range(30)})
    resolver = Resolver(directory, threads_max=2)
    futures = [resolver.submit(f"n{n}.example", 80) for n in range(30)]
    assert [future.result(5) for future in futures] == [(f"192.0.2.{n}",) for n in range(30)]


@pytest.mark.parametrize("spelling", ["2130706433", "0x7f.1", "127.1", "0177.0.0.1"])
def test_col_04_the_machine_reads_odd_numbers_as_an_address(spelling):
    assert system_look_up(spelling, 80) == ("127.0.0.1",)


@pytest.mark.parametrize("name", ["a..b", "x" * 64 + ".example"])
def test_a_name_that_cannot_be_asked_for_is_an_error_of_the_future(name):
    assert Resolver(system_look_up, threads_max=1).submit(name, 80).exception(10) is not None
