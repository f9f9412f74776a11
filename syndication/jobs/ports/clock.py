"""The time, asked for. Jobs that last longer than a moment are handed a Clock; all others are handed `now`."""

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Answers the present instant, aware, in UTC."""
