"""Puts the real parts together. Alone imports every edge."""

from syndication.wiring.clock import now
from syndication.wiring.house import House

__all__ = ["House", "now"]
