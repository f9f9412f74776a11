"""Wire: a line to the operator's own mail host. WireLost: nothing more comes over it."""

import ssl
from typing import Protocol


class WireLost(Exception):
    """The line is dead. `unsent`: of the last thing handed over, the end never left this machine."""

    def __init__(self, why: str, *, unsent: bool = False) -> None:
        super().__init__(why)
        self.unsent = unsent


class Wire(Protocol):
    secure: bool

    @property
    def alive(self) -> bool:
        """Nothing is known to be wrong with it, and nothing has come that nobody asked for."""
        ...

    def send(self, data: bytes) -> None:
        """Hand over. Raises WireLost when the line is known to be dead: then nothing of `data` left."""
        ...

    async def read(self, seconds: float) -> bytes:
        """What has come, at least a byte. Raises WireLost."""
        ...

    async def start_tls(self, context: ssl.SSLContext, host: str, seconds: float) -> None:
        """Secure the line from here on. Raises WireLost, also when something came before that nobody asked for."""
        ...

    def close(self) -> None: ...
