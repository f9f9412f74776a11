"""Patterns with possessive repeats (`*+`, `++`), which never look back and so cost linear time on hostile text.

Python's own `re` has them since 3.11, but takes wrong turns in repeated groups until 3.11.5 (found on Debian 12's
3.11.2: "</p>" stayed in a text). There the package regex, installed for those versions only, reads the same patterns.
"""

import re
import sys
from typing import AnyStr

if sys.version_info >= (3, 11, 5):

    def possessive(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
        """`pattern`, compiled by whoever reads it right."""
        return re.compile(pattern, flags)

else:
    import regex

    _FLAGS = {re.I: regex.I, re.S: regex.S, re.M: regex.M}

    def possessive(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
        """`pattern`, compiled by whoever reads it right."""
        named = sum(theirs for ours, theirs in _FLAGS.items() if flags & ours)
        return regex.compile(pattern, named | regex.V0)  # type: ignore[return-value]  # it answers as re's does
