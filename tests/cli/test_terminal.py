"""The real command line in real pipes and a real terminal: clean output, right codes, no half-done change (CON-13)."""

import fcntl
import os
import pty
import select
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

SECONDS = 30.0


def run(operator, *arguments, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        operator.command(*arguments), capture_output=True, text=True, env={**os.environ, **environment}, timeout=SECONDS
    )


def on_a_terminal(command: list[str], columns: int, **environment: str) -> tuple[int, str]:
    """Run it with stdout and stderr on a terminal so wide; answers its exit code and what the screen got."""
    screen, end = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    keep = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
    process = subprocess.Popen(command, stdin=end, stdout=end, stderr=end, env={**keep, "TERM": "xterm", **environment})
    os.close(end)
    shown = b""
    until = time.monotonic() + SECONDS
    with suppress(OSError):  # the other end is closed
        while time.monotonic() < until and (part := os.read(screen, 65536) if ready(screen, until) else b""):
            shown += part
    os.close(screen)
    return process.wait(SECONDS), shown.decode()


def ready(fd: int, until: float) -> bool:
    return bool(select.select([fd], [], [], max(0.0, until - time.monotonic()))[0])


def test_con_13_a_pipe_gets_plain_text_and_json_only(operator):
    operator.has_news()
    listed = run(operator, "article", "list", FORCE_COLOR="")
    assert listed.returncode == 0
    assert "\x1b" not in listed.stdout + listed.stderr
    assert listed.stdout.startswith("id  published")
    assert listed.stderr == ""


def test_con_13_a_narrow_terminal_gets_lines_that_fit(operator):
    operator.has_news()
    code, shown = on_a_terminal(operator.command("article", "list"), 40, NO_COLOR="1")
    plain = shown.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert code == 0
    assert max(len(line.rstrip("\r")) for line in plain.split("\n")) <= 40
    assert "title      Ferry 3 sails again" in plain
    assert "\x1b[3" not in shown  # no colour


def test_con_13_work_shows_its_progress_on_a_terminal_and_leaves_a_clean_screen(operator):
    operator.sets_up()
    operator.partner.lists(1, 2)
    code, shown = on_a_terminal(operator.command("source", "poll"), 100)
    assert code == 0
    assert "polling" in shown
    assert "fresh" in shown


def test_con_13_a_reader_who_leaves_ends_the_command_quietly(operator):
    operator.has_news()
    process = subprocess.Popen(
        operator.command("article", "list", "--json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    _, said = process.communicate(timeout=SECONDS)
    assert process.returncode == 141
    assert said == b""


def test_con_13_talk_that_nobody_hears_stops_no_work(operator, rows):
    operator.has_news(readers=2)
    process = subprocess.Popen(
        operator.command("edition", "build", "morning"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    process.stderr.close()
    assert process.wait(SECONDS) == 0
    assert rows("SELECT state FROM edition") == [("settled",)]


def test_con_13_a_full_disk_under_stdout_is_told(operator):
    operator.has_news()
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            operator.command("article", "list"), stdout=full, stderr=subprocess.PIPE, text=True, timeout=SECONDS
        )
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_con_13_a_terminal_without_utf_8_gets_no_error(operator):
    operator.has_news()
    done = run(operator, "edition", "preview", "morning", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.isascii()


@pytest.fixture
def slow(operator):
    """A poll, begun: one source has answered, the other answers only when it is let."""
    operator.sets_up(more=f'[source.bay]\npartner = "harbour"\nurl = "{operator.partner.url("/bay")}"\n')
    operator.partner.lists(1)
    operator.partner.lists(5, path="/bay", title="Bay")
    operator.partner.hold["/bay"] = threading.Event()
    process = subprocess.Popen(
        operator.command("source", "poll"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    until = time.monotonic() + SECONDS
    while set(operator.partner.asked) != {"/feed", "/bay"}:
        assert time.monotonic() < until, "the sources were not asked"
        time.sleep(0.02)
    yield process
    process.kill()
    process.wait()


def stop(process: subprocess.Popen[str]) -> None:
    """One Ctrl-C, understood."""
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    assert "stopping: what has answered is finished first" in process.stderr.readline()


def test_con_13_ctrl_c_once_keeps_what_has_come(slow, operator, rows):
    stop(slow)
    operator.partner.hold["/bay"].set()
    slow.communicate(timeout=SECONDS)
    assert slow.returncode == 130
    assert rows("SELECT slug FROM source JOIN article ON source_id = source.id") == [("harbour",)]


def test_con_13_ctrl_c_twice_breaks_off_and_leaves_whole_rows(slow, rows):
    stop(slow)
    slow.send_signal(signal.SIGINT)
    _, said = slow.communicate(timeout=SECONDS)
    assert slow.returncode == 130
    assert "Traceback" not in said
    assert rows("PRAGMA integrity_check") == [("ok",)]
    torn = "SELECT count(*) FROM article WHERE id NOT IN (SELECT article_id FROM article_revision)"
    assert rows(torn) == [(0,)]


INTERRUPTED_SENDING = """
import os, signal, sys
from syndication.senders.spool import Spool

submit = Spool.submit
def submit_and_be_interrupted(self, submission):
    os.kill(os.getpid(), signal.SIGINT)
    return submit(self, submission)
Spool.submit = submit_and_be_interrupted
from syndication.cli.app import main
main(["edition", "build", "morning"])
"""


def test_con_13_ctrl_c_while_sending_finishes_the_batch_and_leaves_the_rest_planned(operator, rows):
    operator.settings("[mail]\nbatch_size = 2\n")
    operator.has_news(readers=5)
    done = subprocess.run([sys.executable, "-c", INTERRUPTED_SENDING], capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 130
    assert "3 readers wait" in done.stderr
    assert rows("SELECT state, count FROM batch ORDER BY n") == [("accepted", 2), ("planned", 2), ("planned", 1)]
    assert len(list((operator.folder / "data" / "outbox").glob("*.eml"))) == 2


def test_con_13_a_kill_during_apply_leaves_all_of_it_or_nothing(operator):
    operator.sets_up()
    operator.publication(more="".join(f'[topic.t{n}]\ntitle = "T{n}"\n' for n in range(300)))
    process = subprocess.Popen(operator.command("apply"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.3)  # anywhere at all
    process.send_signal(signal.SIGINT)
    process.wait(SECONDS)
    connection = sqlite3.connect(operator.folder / "data" / "syndication.db")
    (count,) = connection.execute("SELECT count(*) FROM topic").fetchone()
    connection.close()
    assert count in (1, 301)
