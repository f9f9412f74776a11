"""One line for each outcome, and nothing in it that does not belong there."""

import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.logs import Line, mask, set_up


@pytest.fixture
def logs():
    """Set-up that is taken back after the test."""
    yield set_up
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if type(handler).__module__ == "syndication.logs"]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(logging.WARNING)
    logging.getLogger("syndication").setLevel(logging.NOTSET)


def a_line(message="collected", *args, exc_info=None, part="", secrets=(), **keys) -> str:
    record = logging.LogRecord("syndication.jobs.collect", logging.INFO, "x.py", 1, message, args, exc_info)
    record.created = 1778135400.1234
    vars(record).update(keys)
    return Line(part=part, secrets=secrets).format(record)


def test_a_line_has_time_level_part_place_outcome_and_keys():
    assert a_line(part="back", source="harbour-daily", new=3) == (
        "2026-05-07T06:30:00.123Z INFO back jobs.collect collected source=harbour-daily new=3"
    )


def test_a_value_with_spaces_or_an_equals_sign_is_quoted_and_forges_no_key():
    assert a_line(reason='no "b" edition=9').endswith('reason="no \\"b\\" edition=9"')
    assert a_line(reason="").endswith('reason=""')


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\nlines", r"two\nlines"),
        ("carriage\rreturn", r"carriage\rreturn"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("bell\x07 and nul\x00", r"bell\x07 and nul\x00"),
        ("c1 \x9b31m", r"c1 \x9b31m"),
        ("separator\u2028paragraph\u2029next\x85", r"separator\u2028paragraph\u2029next\x85"),
        ("right\u202eto left", r"right\u202eto left"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("Zeitung für Köln, 東京", "Zeitung für Köln, 東京"),
    ],
)
def test_sto_07_line_breaks_and_ansi_codes_are_escaped(text, shown):
    assert shown in a_line("%s", text)
    assert shown in a_line(reason=text)


TOKEN = "AbCdEfGh0123456789ijklmnopQRSTUVWX-_yz"


@pytest.mark.parametrize(
    "text",
    [
        "refused ann.reader+news@mail.example by its host",
        "<ann.reader@mail.example>",
        "to=ann.reader@mail.example, next",
        '"ann reader"@mail.example',
        "mailto:ann.reader@mail.example?subject=x",
        "?email=ann.reader%40mail.example&x=1",
        "550 5.1.1 <ann.reader@mail.example>: unknown",
        "ann.reader@bücher.example",
        "ann.reader\n@mail.example ann.reader@mail.example",
    ],
)
def test_sto_07_addresses_are_masked(text):
    for line in (a_line(text), a_line(detail=text)):
        assert "[address]" in line
        assert "mail.example" not in line.replace("@mail.example ", "")
        assert "bücher" not in line


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("GET /confirm/abc.def-123 200", "abc.def"),
        ("POST /unsubscribe/abc HTTP/1.1", "/abc"),
        ("https://news.example/preferences/" + TOKEN + "?x=1", TOKEN),
        ("token=abcdef", "abcdef"),
        ('{"api_key": "abcdef"}', "abcdef"),
        ("password: hunter2", "hunter2"),
        ("Authorization: Bearer abcdef.ghi", "abcdef"),
        ("authorization=Basic dXNlcjpwYXNz", "dXNlc"),
        ("using SG.abcdefgh12345.ABCDEFGHIJ-klm", "abcdefgh"),
        ("postgresql+psycopg://house:pa55@db.example/x", "pa55"),
        ("https://user:pa55@feeds.example/rss", "pa55"),
        (f"met {TOKEN} there", TOKEN),
    ],
)
def test_sto_07_tokens_and_keys_are_masked(text, secret):
    assert secret not in a_line(text)
    assert secret not in a_line(detail=text)


def test_sto_07_a_key_named_for_a_secret_shows_none():
    assert "s3same" not in a_line(password="s3same")


def test_sto_07_known_secrets_are_masked_wherever_they_stand():
    assert a_line("posted with %s", "open-sesame", secrets=["open-sesame"]).endswith("posted with [secret]")


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-07T06:30:00.123Z",
        "d41d8cd98f00b204e9800998ecf8427e",  # a hash
        "/feeds/harbour-daily.atom",
        "the-harbour-reopens-after-the-great-storm-of-2026",
        "14c5d75ce93.dfd.64b469",  # a provider's reference
        "sqlite:////var/lib/house/house.db",
        "key=confirm:17:2026-03-29",
        "3 of 500 reported in 62 min",
    ],
)
def test_what_helps_an_operator_stays(text):
    assert mask(text) == text


def test_an_exception_is_one_line_with_its_cause_and_place():
    try:
        try:
            raise ValueError("bad\nbyte from ann@mail.example")
        except ValueError as error:
            raise RuntimeError("the entry cannot be read") from error
    except RuntimeError:
        line = a_line("task failed", exc_info=sys.exc_info(), task="collect")
    assert 'task=collect error="RuntimeError: the entry cannot be read < ValueError: bad\\nbyte from [address]"' in line
    assert re.search(r" at=test_logs\.py:\d+$", line)


def test_a_slip_in_a_format_string_costs_no_line():
    assert "collected %d" in a_line("collected %d", "three")


def test_a_line_is_bounded():
    assert len(a_line("x" * 1_000_000)) < 4_100


@given(st.text(), st.text())
def test_a_line_is_one_line_whatever_is_in_it(message, value):
    line = a_line("%s", message, key=value)
    assert len(line.splitlines()) == 1
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", line)


@given(st.from_regex(r"[a-z0-9.+_-]{1,20}@[a-z0-9-]{1,20}\.example", fullmatch=True), st.text(max_size=20))
def test_no_address_gets_through(address, around):
    assert address not in a_line(f"{around} {address} {around}")


def test_a_file_takes_the_lines_and_belongs_to_its_owner(logs, tmp_path):
    file = tmp_path / "logs" / "house.log"
    logs(part="front", file=file, stderr=False)
    logging.getLogger("syndication.web").info("served", extra={"status": 200})
    logging.getLogger("library").info("chatter")
    assert file.read_text().endswith("INFO front web served status=200\n")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_was_moved_away_is_begun_anew(logs, tmp_path):
    file = tmp_path / "house.log"
    logs(file=file, stderr=False)
    log = logging.getLogger("syndication.web")
    log.info("before")
    file.rename(tmp_path / "house.log.1")
    log.info("after")
    assert "before" in (tmp_path / "house.log.1").read_text()
    assert "after" in file.read_text()
    assert "before" not in file.read_text()


def test_set_up_again_replaces_what_was(logs, tmp_path):
    logs(file=tmp_path / "one.log", stderr=False)
    logs(file=tmp_path / "two.log", stderr=False)
    logging.getLogger("syndication").info("said once")
    assert not (tmp_path / "one.log").exists()
    assert (tmp_path / "two.log").read_text().count("said once") == 1


def test_dsk_02_a_full_log_disk_stops_nothing(logs, tmp_path, capfd):
    file = tmp_path / "house.log"
    file.symlink_to("/dev/full")
    logs(file=file, stderr=False)
    log = logging.getLogger("syndication.web")
    for number in range(3):
        log.info("lost", extra={"number": number})
    file.unlink()  # room again
    log.info("kept")
    assert "kept lost_lines=3" in file.read_text()
    assert capfd.readouterr().err == ""


def test_dsk_02_a_full_stderr_stops_nothing_and_spoils_no_exit(tmp_path):
    program = (
        "import logging; from syndication.logs import set_up; set_up();"
        "[logging.getLogger('syndication').info('line') for _ in range(2000)]; print('went on')"
    )
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=full, timeout=60)
    assert (ended.returncode, ended.stdout) == (0, b"went on\n")


def test_a_directory_in_the_place_of_the_file_stops_nothing(logs, tmp_path):
    logs(file=tmp_path, stderr=False)
    logging.getLogger("syndication").info("nowhere to go")
