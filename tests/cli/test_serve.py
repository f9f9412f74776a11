"""`run`: a database made and filled at the first start, a warning where one is due, and a way out that is clean."""

import select
import signal
import subprocess
import time
from pathlib import Path

import pytest

from syndication.cli.serve import prepare
from syndication.wiring import House
from tests.conftest import free_port

SECONDS = 60.0


@pytest.fixture
def house():
    opened = House.open()
    yield opened
    opened.close()


def test_the_first_start_makes_and_fills_a_database(operator, house, capsys):
    operator.publication()
    house.make_data()
    prepare(house)
    assert "publication.toml, applied: 9 added" in capsys.readouterr().err
    assert operator("source", "list", "--json").json[0]["source"] == "harbour"


def test_a_later_start_only_says_what_is_not_in_force(operator, house, capsys):
    operator.sets_up()
    operator.publication(more='[topic.sea]\ntitle = "Sea"\n')
    prepare(house)
    said = capsys.readouterr().err
    assert "not applied yet: 2 added" in said
    assert "syndication apply" in said
    assert operator("apply", "--json").json["added"] == ["topic sea", "feed topic-sea"]


def test_sto_09_a_start_warns_of_a_secret_that_others_can_read(operator, house, capsys):
    operator.has_news(readers=1)
    Path("data/secret.key").chmod(0o644)
    prepare(house)
    said = capsys.readouterr().err
    assert "warning: " in said
    assert "can be read by others; chmod 600" in said


def test_run_serves_until_it_is_asked_to_stop_and_a_second_one_names_it(operator):
    public, private = free_port(), free_port()
    operator.settings(
        f'[service]\nlisten = "127.0.0.1:{public}"\nprivate_listen = "127.0.0.1:{private}"\n'
        f'base_url = "http://127.0.0.1:{public}"\n'
    )
    operator.has_news(readers=2)
    process = subprocess.Popen(operator.command("run"), stderr=subprocess.PIPE, text=True)
    try:
        until_it_says(process, "service ready")
        second = operator("run")
        assert second.code == 1
        assert f"process {process.pid} on " in second.err  # STO-04
        came = operator("edition", "build", "morning", "--json")
        assert (came.code, came.json["sent_by"]) == (0, "service")
        deadline = time.monotonic() + SECONDS
        while operator("edition", "report", 1, "--json").json["state"] != "settled":
            assert time.monotonic() < deadline
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
    finally:
        process.kill()
        process.communicate()


def until_it_says(process: "subprocess.Popen[str]", words: str) -> None:
    until = time.monotonic() + SECONDS
    assert process.stderr is not None
    said = []
    while time.monotonic() < until and select.select([process.stderr], [], [], 1.0) is not None:
        line = process.stderr.readline()
        said.append(line)
        if words in line:
            return
        assert line, "".join(said)
    raise AssertionError("".join(said))
