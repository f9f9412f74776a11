"""The service as real processes: started, killed, stopped, started again."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndication.engine.lock import NAME, DirectoryLock, holder
from syndication.engine.part import named
from syndication.engine.supervise import Part, Patience, run
from syndication.errors import SettingsError, StoreError
from tests.engine import parts

ROOT = Path(__file__).parents[2]
SOON = 30.0


class House:
    """A data directory, the services started on it, and what their parts tell."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.events = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.events.bind(str(directory / "events"))
        self.events.settimeout(SOON)
        self.told: list[str] = []
        self.services: list[subprocess.Popen[str]] = []

    def start(self, kinds: str = "steady,steady", *, grace: float = 20.0, deaths: int = 4) -> subprocess.Popen[str]:
        program = "import sys; from tests.engine.parts import serve; serve(*sys.argv[1:])"
        service = subprocess.Popen(
            [sys.executable, "-c", program, str(self.directory), kinds, str(grace), str(deaths)],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )
        self.services.append(service)
        return service

    def hears(self, *beginnings: str) -> list[str]:
        """Wait until each of these has been told, in any order, and answer the words that followed each."""
        found: dict[str, str] = {}
        while len(found) < len(beginnings):
            told = self.events.recv(4096).decode()
            self.told.append(told)
            for beginning in beginnings:
                if beginning not in found and told.startswith(beginning):
                    found[beginning] = told.removeprefix(beginning).strip()
                    break
        return [found[beginning] for beginning in beginnings]

    def close(self) -> None:
        for service in self.services:
            service.kill()
            service.communicate(timeout=SOON)
        self.events.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.close()


def ended(service: subprocess.Popen[str]) -> tuple[int, str]:
    _, said = service.communicate(timeout=SOON)
    return service.returncode, said


def lives(pid: str) -> bool:
    """Whether that process still runs; one that is dead and not yet buried does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def until_gone(pid: str) -> None:
    until = time.monotonic() + SOON
    while lives(pid):
        assert time.monotonic() < until, f"process {pid} lives on"
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_kil_01_a_signal_ends_the_service_in_order_with_status_0(house, number):
    service = house.start()
    house.hears("front ready", "back ready", "service ready")
    service.send_signal(number)
    assert house.hears("back leaves", "front leaves") == ["unready", "unready"]
    assert ended(service)[0] == 0
    order = [told for told in house.told if "leaves" in told]
    assert order == ["back leaves unready", "front leaves unready"]


def test_kil_01_readiness_is_off_while_the_back_drains_and_the_front_still_serves(house):
    service = house.start("steady,draining")
    house.hears("service ready", "front ready")
    service.terminate()
    assert house.hears("front unready", "back drains") == ["", "True"]
    assert service.poll() is None
    assert not any("leaves" in told for told in house.told)
    (house.directory / "done").touch()
    house.hears("back drained", "front leaves")
    assert house.told.index("back drained") < house.told.index("front leaves unready")
    assert ended(service)[0] == 0


def test_kil_01_the_grace_time_ends_even_for_a_part_that_will_not_leave(house):
    service = house.start("steady,stubborn", grace=2.0)
    (pid,) = house.hears("back up")
    house.hears("service ready")
    began = time.monotonic()
    service.terminate()
    house.hears("back stays", "front leaves")  # the front still has its farewell
    status, said = ended(service)
    assert status == 1
    assert "part killed" in said
    assert time.monotonic() - began < 10
    until_gone(pid)


def test_a_second_signal_does_not_wait(house):
    service = house.start("steady,stubborn", grace=600.0)
    house.hears("service ready")
    service.terminate()
    house.hears("back stays")
    service.terminate()
    assert ended(service)[0] == 1


def test_a_signal_during_the_start_ends_it_too(house):
    service = house.start()
    house.hears("front up")
    service.terminate()
    assert ended(service)[0] == 0


@pytest.mark.parametrize("when", ["front up", "back up", "service ready"])
def test_ctrl_c_reaches_the_whole_group_and_harms_no_part_that_is_starting(house, when):
    service = house.start()
    house.hears(when)
    os.killpg(service.pid, signal.SIGINT)
    status, said = ended(service)
    assert status == 0
    assert "KeyboardInterrupt" not in said


def test_kil_01_the_batch_in_hand_is_finished_and_no_other_begun(house):
    service = house.start("steady,working")
    house.hears("front ready", "back begins 1")
    service.terminate()
    house.hears("front unready")
    (house.directory / "batch-1").touch()
    house.hears("back ends 1", "back drained True")
    assert ended(service)[0] == 0
    assert not any(told.startswith("back begins 2") for told in house.told)


def test_a_part_that_fails_while_it_leaves_makes_the_status_1(house):
    service = house.start("steady,leaves_badly")
    house.hears("service ready")
    service.terminate()
    status, said = ended(service)
    assert status == 1
    assert "part left badly" in said


@pytest.mark.parametrize("victim", ["front", "back"])
def test_a_part_that_dies_is_started_again_and_readiness_follows(house, victim):
    other = {"front": "back", "back": "front"}[victim]
    service = house.start()
    (pid,) = house.hears(f"{victim} up")
    house.hears("front ready", "back ready")
    os.kill(int(pid), signal.SIGKILL)
    (again,) = house.hears(f"{victim} up")
    assert again != pid
    house.hears(f"{victim} ready")
    service.terminate()
    assert ended(service)[0] == 0
    assert [told for told in house.told if told.startswith(f"{other} up")] != []
    assert house.told.count("service ready") == 1


def test_the_other_part_is_told_that_the_service_is_not_ready(house):
    house.start("steady,steady", deaths=100)
    (pid,) = house.hears("back up")
    house.hears("front ready", "back ready")
    os.kill(int(pid), signal.SIGSTOP)  # keeps it from coming back before the front has seen it go
    os.kill(int(pid), signal.SIGKILL)
    house.hears("front unready")
    house.hears("front ready")


@pytest.mark.parametrize("kind", ["frail", "quitter"])
def test_a_part_that_keeps_dying_young_ends_the_service(house, kind):
    service = house.start(f"steady,{kind}", deaths=3)
    status, said = ended(service)
    assert status == 1
    assert said.count("part died") == 3
    house.hears("front leaves")
    assert sum(told.startswith("back up") for told in house.told) == 3


def test_the_pause_doubles_up_to_its_most():
    patience = Patience(pause_seconds=0.5, pause_seconds_max=30.0)
    assert [patience.pause(deaths) for deaths in (1, 2, 3, 4, 7, 50)] == [0.5, 1.0, 2.0, 4.0, 30.0, 30.0]


def test_signals_to_a_part_are_the_supervisors_business(house):
    service = house.start()
    (pid,) = house.hears("back up")
    house.hears("service ready")
    os.kill(int(pid), signal.SIGINT)  # Ctrl-C reaches the whole group
    os.kill(int(pid), signal.SIGTERM)
    service.terminate()
    house.hears("back leaves")
    assert ended(service)[0] == 0


def test_a_process_of_a_part_inherits_neither_lock_nor_deafness(house):
    service = house.start("steady,parent")
    assert house.hears("back child") == [f"{-signal.SIGTERM} False"]
    service.terminate()
    assert ended(service)[0] == 0


@pytest.mark.parametrize("kind", ["steady", "busy"])
def test_parts_die_with_a_supervisor_that_was_killed(house, kind):
    service = house.start(f"steady,{kind}")
    front, back = house.hears("front up", "back up")
    service.kill()
    until_gone(front)
    until_gone(back)


def test_a_start_right_after_a_kill_works_and_never_overlaps(house):
    pids: set[str] = set()
    for _ in range(5):
        service = house.start()
        front, back, _ = house.hears("front up", "back up", "service ready")
        assert not {pid for pid in pids if lives(pid)}
        pids |= {front, back}
        service.kill()
    service = house.start()
    house.hears("service ready")
    service.terminate()
    assert ended(service)[0] == 0


def test_sto_04_a_second_service_is_refused_with_the_holder_named(house):
    first = house.start()
    house.hears("service ready")
    status, said = ended(house.start())
    assert status != 0
    assert f"another service runs on {house.directory}" in said
    assert f"process {first.pid} on {socket.gethostname()}, started 2" in said
    assert first.poll() is None
    first.terminate()
    assert ended(first)[0] == 0


def test_sto_04_short_commands_join_as_guests(house):
    house.start()
    house.hears("service ready")
    found = holder(house.directory)
    assert found is not None
    assert found.alive
    assert found.pid == house.services[0].pid


def test_sto_04_the_lock_ends_with_its_holder_and_the_file_stays(house):
    service = house.start()
    house.hears("service ready")
    service.terminate()
    assert ended(service)[0] == 0
    assert (house.directory / NAME).exists()
    found = holder(house.directory)
    assert found is not None
    assert not found.alive
    service = house.start()
    house.hears("service ready")


def test_what_comes_before_is_asked_with_the_directory_held_and_ends_it_all(tmp_path):
    def port_in_use() -> None:
        with pytest.raises(StoreError, match=f"process {os.getpid()}"):
            DirectoryLock(tmp_path).take(parts.NOW)
        raise SettingsError("the port is in use")

    with pytest.raises(SettingsError, match="in use"):
        run(tmp_path, [Part("front", "nowhere:front")], before=port_in_use)
    DirectoryLock(tmp_path).take(parts.NOW)  # free again


def test_sto_04_a_refused_service_asks_for_nothing(tmp_path):
    lock = DirectoryLock(tmp_path)
    lock.take(parts.NOW)
    asked: list[int] = []
    with pytest.raises(StoreError, match="another service"):
        run(tmp_path, [Part("front", "nowhere:front")], before=lambda: asked.append(1))
    assert asked == []
    lock.release()


def test_a_directory_that_is_not_there_is_an_error_in_words(tmp_path):
    with pytest.raises(StoreError, match=r"cannot be used.*No such file.*Check that it exists"):
        DirectoryLock(tmp_path / "nowhere").take(parts.NOW)


def test_a_lock_whose_holder_cannot_be_read_is_waited_for_a_moment_only(tmp_path):
    lock = DirectoryLock(tmp_path)
    lock.take(parts.NOW)
    (tmp_path / NAME).write_text("")
    with pytest.raises(StoreError, match="an unknown process"):
        DirectoryLock(tmp_path).take(parts.NOW, leaving_seconds=0.1)
    lock.release()
    DirectoryLock(tmp_path).take(parts.NOW)


def test_a_part_is_named_so_that_another_process_finds_it():
    assert named(parts.steady) == "tests.engine.parts:steady"
    assert named("house:front") == "house:front"
    with pytest.raises(ValueError, match="top of a module"):
        named(lambda life: None)
