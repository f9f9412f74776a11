"""From a due slot to an edition that is planned: every reader in one batch, everything written. `send` needs no more.

`open_due` makes editions of slots; `assemble` fills and renders one; a person may have to `approve` it; `plan` walks
the audience. `steer` is a person's hand on it; `preview` and `test_send` write nothing of it.
"""

from syndication.jobs.compose.assemble import assemble, build_now, preview
from syndication.jobs.compose.desk import Desk, Draft
from syndication.jobs.compose.opening import Opened, hold_due, open_due
from syndication.jobs.compose.planning import plan
from syndication.jobs.compose.standing import recheck
from syndication.jobs.compose.steer import approve, cancel, pause, resume, skip
from syndication.jobs.compose.trial import TESTS_A_MINUTE, rendered_of, test_send

__all__ = [
    "TESTS_A_MINUTE",
    "Desk",
    "Draft",
    "Opened",
    "approve",
    "assemble",
    "build_now",
    "cancel",
    "hold_due",
    "open_due",
    "pause",
    "plan",
    "preview",
    "recheck",
    "rendered_of",
    "resume",
    "skip",
    "test_send",
]
