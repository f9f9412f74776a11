"""Ctrl-C during long work: once to finish what is in hand, twice to break it off."""

import os
import signal

import pytest
import typer

from syndication.cli.stop import leave_if, stoppable


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_con_13_the_first_signal_asks_and_the_second_breaks_off(number, capsys):
    with stoppable("the batch in hand") as stopping:
        assert not stopping()
        os.kill(os.getpid(), number)
        assert stopping()
        assert "the batch in hand is finished first" in capsys.readouterr().err
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)


def test_con_13_afterwards_a_signal_means_what_it_did():
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with stoppable("it"):
        assert signal.getsignal(signal.SIGINT) is not before[0]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_a_command_that_was_stopped_says_so_in_its_code():
    leave_if(lambda: False)
    with pytest.raises(typer.Exit) as left:
        leave_if(lambda: True)
    assert left.value.exit_code == 130
