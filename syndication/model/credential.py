"""Credential: what opens a feed that is not for everyone. It is never printed, compared or stored."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class Credential:
    """Header fields, or one parameter of the query. `words` are the parts that a log must not hold."""

    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    parameter: tuple[str, str] | None = field(default=None, repr=False)
    words: tuple[str, ...] = field(default=(), repr=False)
