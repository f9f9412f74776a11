"""One connection to the relay, spoken over: greeting, TLS, log-in, then message after message. In: a Wire. Out: Faring.

What RFC 2920 allows to be sent together is sent together: sender, recipient and DATA of a message are one packet where
the relay offers PIPELINING. The content leaves only after a 354, and its last dot with it; from then on until an answer
nobody knows whether the message was taken.
"""

import base64
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

from syndication.errors import SendError
from syndication.model.carrying import Fared, Fate
from syndication.model.wire import Wire, WireLost
from syndication.senders.dots import END
from syndication.senders.smtp_judge import Judgement, Step, judge
from syndication.senders.smtp_reply import Garbage, Reader, Reply

QUIT_SECONDS = 2.0


class Tls(StrEnum):
    STARTTLS = "starttls"  # asked for, and required
    IMPLICIT = "implicit"  # from the first byte
    NONE = "none"


Open = Callable[..., Awaitable[Wire]]


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail goes, and how we show who we are."""

    host: str
    port: int
    tls: Tls = Tls.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    helo: str = "localhost"
    connect_seconds: float = 15.0
    reply_seconds: float = 300.0
    messages_max: int = 100
    context: ssl.SSLContext | None = None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Down(Exception):
    """The relay takes no mail over this connection, and perhaps over none, for the moment."""


class Session:
    """A connection that is ready for messages. `open` makes one."""

    def __init__(self, wire: Wire, relay: Relay) -> None:
        self._wire, self._relay = wire, relay
        self._reader = Reader()
        self._busy = False  # a message is under way: answers that come now are its own
        self._unfinished = False  # a transaction was begun and refused: it is reset before the next one
        self.offers: dict[str, str] = {}
        self.messages = 0

    @property
    def alive(self) -> bool:
        return not self._busy and self._wire.alive and self._reader.clean

    @property
    def spent(self) -> bool:
        return self.messages >= self._relay.messages_max

    @property
    def size_max(self) -> int:
        size = self.offers.get("SIZE", "")
        return int(size) if size.isdigit() else 0

    # -- the beginning

    async def begin(self) -> None:
        """Raises Down, or SendError for what only a person can mend."""
        try:
            await self._begin()
        except (WireLost, Garbage) as error:
            self._wire.close()
            raise Down(f"{self._relay}: {error}") from error
        except (Down, SendError):
            await self.quit()
            raise
        except BaseException:
            self._wire.close()
            raise

    async def _begin(self) -> None:
        self._expect(await self._reply(), "greeted us with", 220)
        await self._greet()
        if self._relay.tls is Tls.STARTTLS:
            await self._secure()
            await self._greet()
        if self._relay.user:
            await self._log_in()

    async def _greet(self) -> None:
        reply = await self._ask(f"EHLO {self._relay.helo}")
        self._expect(reply, "answered EHLO with", 250)
        words = [line.split(" ", 1) for line in reply.lines[1:]]
        self.offers = {name.upper(): " ".join(rest).strip() for name, *rest in words}

    async def _secure(self) -> None:
        if "STARTTLS" not in self.offers or self._relay.context is None:
            raise Down(f"{self._relay} does not offer STARTTLS, and nothing is sent without it")
        self._expect(await self._ask("STARTTLS"), "answered STARTTLS with", 220)
        if not self._reader.clean:
            raise Down(f"{self._relay} sent more than its answer before TLS began")
        await self._wire.start_tls(self._relay.context, self._relay.host, self._relay.connect_seconds)
        self.offers = {}

    async def _log_in(self) -> None:
        known = self.offers.get("AUTH", "").upper().split()
        user, password = self._relay.user, self._relay.password
        if "PLAIN" in known:
            reply = await self._ask("AUTH PLAIN " + _base64(f"\0{user}\0{password}"))
        elif "LOGIN" in known:
            reply = await self._ask("AUTH LOGIN")
            for word in (user, password):
                if reply.code == 334:
                    reply = await self._ask(_base64(word))
        else:
            raise SendError(
                f"{self._relay} offers no way to log in that we know",
                why=f"it offers {', '.join(known) or 'none'}; we speak PLAIN and LOGIN",
                fix="leave the user empty if it lets this machine send without, or use its submission port",
            )
        if reply.code // 100 == 5:
            raise SendError(f"{self._relay} refuses our log-in", why=reply.said, fix="see to the user and the password")
        self._expect(reply, "answered our log-in with", 235)

    def _expect(self, reply: Reply, what: str, code: int) -> None:
        if reply.code == code:
            return
        said = f"{self._relay} {what} {reply.said}"
        if reply.code // 100 == 5:
            raise SendError(said, fix="ask whoever runs the relay why it does not want our mail")
        raise Down(said)

    # -- a message

    async def deliver(self, sender: str, recipient: str, data: bytes) -> Judgement:
        """Offer one message: `data` as it goes over the wire, its last dot included.

        Broken off from outside, the connection is of no more use: what it answers next belongs to this message.
        """
        self.messages += 1
        self._busy = True
        try:
            found = await self._deliver(sender, recipient, data)
        except BaseException:
            self._wire.close()
            raise
        if found.over:
            self._wire.close()
        self._busy = False
        return found

    async def _deliver(self, sender: str, recipient: str, data: bytes) -> Judgement:
        size = f" SIZE={len(data) - 3}" if "SIZE" in self.offers else ""
        commands = [
            (Step.MAIL, f"MAIL FROM:<{sender}>{size}"),
            (Step.RCPT, f"RCPT TO:<{recipient}>"),
            (Step.DATA, "DATA"),
        ]
        try:
            refused = await self._envelope(commands)
        except (WireLost, Garbage) as error:
            return self._broken(Fared(Fate.DEFERRED, f"before its content was sent: {error}"))
        return refused or await self._content(data)

    async def _envelope(self, commands: list[tuple[Step, str]]) -> Judgement | None:
        """Everything before the content. None: the relay waits for it."""
        reset, self._unfinished = ["RSET"] * self._unfinished, False
        if "PIPELINING" not in self.offers:
            for command in reset:
                await self._ask(command)
            for step, command in commands:
                if refused := judge(step, await self._ask(command)):
                    self._unfinished = True
                    return refused
            return None
        self._wire.send("".join(f"{line}\r\n" for line in [*reset, *(command for _, command in commands)]).encode())
        for _ in reset:
            await self._reply()
        answers = [(step, await self._reply()) for step, _ in commands]
        first = next((refused for step, reply in answers if (refused := judge(step, reply))), None)
        if first is not None:
            self._unfinished = True
            if answers[-1][1].code == 354:  # it waits for a content that has no reader: an empty one ends that
                self._wire.send(b".\r\n")
                await self._reply()
        return first

    async def _content(self, data: bytes) -> Judgement:
        try:
            # Apart, because a wire that is lost can say of the last thing sent whether it had left. Without its last
            # dot nothing is a message.
            *parts, last = (data.removesuffix(END), END) if self._wire.secure else (data,)
            for part in parts:
                self._wire.send(part)
            self._wire.send(last)
            reply = await self._reply()
        except WireLost as error:
            if error.unsent:
                return self._broken(Fared(Fate.DEFERRED, f"within its content: {error}"))
            return self._broken(Fared(Fate.UNCERTAIN, f"after its last dot: {error}"))
        except Garbage as error:
            return self._broken(Fared(Fate.UNCERTAIN, f"after its last dot: {error}"))
        found = judge(Step.END, reply)
        assert found is not None  # noqa: S101 - the end is always judged
        return found

    def _broken(self, fared: Fared) -> Judgement:
        self._wire.close()
        return Judgement(fared, over=True, again=fared.fate is Fate.DEFERRED)

    # -- the end

    async def quit(self) -> None:
        """Say so, if that is still possible, and hang up."""
        try:
            self._wire.send(b"QUIT\r\n")
            await self._reply(QUIT_SECONDS)
        except (WireLost, Garbage):
            pass  # it is gone already
        finally:
            self._wire.close()

    async def _ask(self, command: str) -> Reply:
        self._wire.send(command.encode() + b"\r\n")
        return await self._reply()

    async def _reply(self, seconds: float | None = None) -> Reply:
        while (reply := self._reader.next()) is None:
            self._reader.feed(await self._wire.read(seconds or self._relay.reply_seconds))
        return reply


async def open_session(relay: Relay, open_wire: Open) -> Session:
    """Connect, and go through everything that comes before a message. Raises Down or SendError."""
    try:
        wire = await open_wire(
            relay.host,
            relay.port,
            tls=relay.context if relay.tls is Tls.IMPLICIT else None,
            seconds=relay.connect_seconds,
        )
    except WireLost as error:
        raise Down(f"{relay}: {error}") from error
    session = Session(wire, relay)
    await session.begin()
    return session


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
