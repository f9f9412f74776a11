"""Which error earns which exit code."""

import pytest

from syndication import errors
from syndication.cli.exits import Exit, code_for


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.SettingsError, Exit.CONFIG),
        (errors.NotFoundError, Exit.NOT_FOUND),
        (errors.PolicyError, Exit.REFUSED),
        (errors.FetchError, Exit.LATER),
        (errors.BusyError, Exit.LATER),  # a locked database: the same command may work in a minute
        (errors.StoreError, Exit.FAILED),
        (errors.ParseError, Exit.FAILED),
        (errors.RenderError, Exit.FAILED),
        (errors.SendError, Exit.FAILED),
    ],
)
def test_an_error_earns_its_code(error, code):
    assert code_for(error("something")) is code


def test_the_codes_are_those_that_the_outside_relies_on():
    assert [code.value for code in Exit][:8] == list(range(8))
