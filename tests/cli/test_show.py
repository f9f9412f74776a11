"""How commands speak: text made harmless, tables that fit, JSON that is JSON, talk that stops nothing."""

import io
import json
import sys
import unicodedata
from datetime import UTC, datetime

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from syndication.cli import show
from syndication.cli.exits import Exit
from syndication.model.edition import EditionState


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch):
    """Answers what was written to a terminal so many columns wide."""

    def at(columns: int) -> Terminal:
        screen = Terminal()
        monkeypatch.setattr(sys, "stdout", screen)
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.delenv("NO_COLOR", raising=False)
        return screen

    return at


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (EditionState.SENDING, "sending"),
        (datetime(2026, 5, 7, 6, 30, tzinfo=UTC), "2026-05-07 06:30:00Z"),
        (datetime(2026, 5, 7, 6, 30), "2026-05-07 06:30"),  # a slot's local time has no zone
        (("bay", "harbour"), "bay, harbour"),
        ("two\nlines\tand  blanks", "two lines and blanks"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;a title\x07after", "after"),
        ("\x1b]8;;https://evil.example/\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bPq#0;2;0\x1b\\picture", "picture"),
        ("\x9b2Jwiped", "wiped"),  # the one-byte form of ESC [
        ("\x1b(0lines\x1bc", "lines"),
        ("back\x08\x08\x7fspace", "backspace"),
        ("\u202egnp.exe", "gnp.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("an unfinished \x1b[", "an unfinished"),
    ],
)
def test_con_15_a_value_is_one_harmless_line(value, text):
    assert show.plain(value) == text


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_con_15_nothing_a_terminal_obeys_is_left(value):
    shown = show.plain(value)
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert show.plain(shown) == shown


def test_con_15_a_document_keeps_its_lines_and_nothing_else(capsys):
    show.text("one\n\ttwo \x1b[2J\x9b1mthree\r\n")
    assert capsys.readouterr().out == "one\n\ttwo three\n"


def test_con_15_json_is_valid_and_raw_controls_are_written_out(capsys):
    title = "a\x1b[31m\x9b2J\u202eb\u200d\U000e0041 é"
    show.data({"title": title})
    printed = capsys.readouterr().out
    assert json.loads(printed) == {"title": title}
    assert not set(printed) & set("\x1b\x9b\u202e\u200d\U000e0041")
    assert "é" in printed


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_json_says_what_it_was_given(value):
    written = io.StringIO()
    kept, sys.stdout = sys.stdout, written
    try:
        show.data([value])
    finally:
        sys.stdout = kept
    assert json.loads(written.getvalue()) == [value]


ROWS = [{"slug": "harbour", "title": "A long title that nobody could fold into very few cells"}]
COLUMNS = {"slug": "source", "title": "title"}


def test_con_13_a_pipe_gets_whole_lines_without_colour(capsys):
    show.table(COLUMNS, [{**ROWS[0], "title": "x" * 500}], as_json=False)
    assert capsys.readouterr().out == f"source   title\nharbour  {'x' * 500}\n"


def test_con_13_a_narrow_terminal_folds_the_widest_column(terminal):
    screen = terminal(40)
    show.table(COLUMNS, ROWS, as_json=False)
    lines = screen.getvalue().splitlines()
    assert all(len(line) <= 40 + len("\x1b[1m\x1b[0m\x1b[1m\x1b[0m\x1b[1m\x1b[0m") for line in lines)
    assert "harbour  A long title" in screen.getvalue()


def test_con_13_a_table_that_does_not_fit_becomes_a_paragraph_for_each_row(terminal):
    screen = terminal(40)
    many = {f"column-{n}": f"column-{n}" for n in range(6)}
    show.table(many, [{name: f"value {n}" for n, name in enumerate(many)}] * 2, as_json=False)
    lines = screen.getvalue().replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines()
    assert lines[0] == "column-0  value 0"
    assert lines[6] == ""
    assert lines[7:13] == lines[:6]


def test_con_13_no_color_leaves_no_colour(terminal, monkeypatch):
    screen = terminal(80)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(sys, "stderr", screen)
    show.complain("it failed", "why", "fix")
    assert "\x1b[31" not in screen.getvalue()
    assert "\x1b[1;31" not in screen.getvalue()


class Broken(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError

    def flush(self) -> None:
        raise BrokenPipeError


def test_con_13_data_that_nobody_reads_ends_the_command(monkeypatch):
    monkeypatch.setattr(sys, "stdout", Broken())
    with pytest.raises(typer.Exit) as left:
        show.table(COLUMNS, ROWS, as_json=False)
    assert left.value.exit_code == Exit.UNREAD


def test_con_13_talk_that_nobody_reads_ends_nothing(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Broken())
    show.say("still at work")
    show.complain("it failed", "why", "fix")


def test_an_empty_table_is_an_empty_list_in_json_and_a_word_to_people(capsys):
    show.table(COLUMNS, [], as_json=True)
    show.table(COLUMNS, [], as_json=False, empty="no source yet")
    said = capsys.readouterr()
    assert (said.out, said.err) == ("[]\n", "no source yet\n")


def test_one_thing_is_a_line_for_each_of_its_fields(capsys):
    show.fields({"source": "harbour", "trouble": "", "topics": ("sea", "land")}, as_json=False)
    assert capsys.readouterr().out == "source  harbour\ntopics  sea\n        land\n"


def test_progress_is_silent_in_a_pipe(capsys):
    with show.progress("polling", 3) as tell:
        tell(1)
        tell(3, 3)
    assert capsys.readouterr() == ("", "")


def test_progress_moves_on_a_terminal(terminal, monkeypatch):
    screen = terminal(80)
    monkeypatch.setattr(sys, "stderr", screen)
    with show.progress("polling") as tell:
        tell(2, 4)
    assert "2/4" in screen.getvalue()


def test_a_long_table_reads_as_a_short_one_does(capsys: pytest.CaptureFixture[str]) -> None:
    columns = {"name": "name", "said": "what was said"}
    rows = [{"name": f"日本 {n}" if n % 2 else f"harbour {n}", "said": f"tide {n}"} for n in range(show.ROWS_DRAWN_MAX)]
    show.table(columns, rows, as_json=False)
    short = capsys.readouterr().out.splitlines()
    show.table(columns, [*rows, {"name": "last", "said": None}], as_json=False)
    long = capsys.readouterr().out.splitlines()
    assert long == [*(line.rstrip() for line in short), "last"]
