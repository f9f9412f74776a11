"""Puts the real parts together. Alone imports every edge."""

from syndication.wiring.house import House
from syndication.wiring.tasks import now

__all__ = ["House", "now"]
