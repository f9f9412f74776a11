"""What a relay's answer to one message means. In: the step, a Reply. Out: a Judgement. Pure: a table.

Up to the answer to the last dot nothing is accepted. A temporary refusal that speaks of the receiving host, and not of
one mailbox, makes the whole domain rest. What is said of us, and not of the reader, stops all sending.
"""

from dataclasses import dataclass
from enum import StrEnum

from syndication.model.carrying import Fared, Fate
from syndication.senders.smtp_reply import Reply

CLOSING = 421
NEEDS_US = frozenset({530, 534, 535, 538})
"""Authentication is missing, too weak or wrong (RFC 4954, section 6); or TLS is (RFC 3207, section 4)."""


class Step(StrEnum):
    MAIL = "mail"  # who it is from
    RCPT = "rcpt"  # who it is for
    DATA = "data"  # before its content
    END = "end"  # after its last dot


@dataclass(frozen=True, slots=True)
class Judgement:
    fared: Fared
    over: bool = False
    """The connection is of no more use."""
    again: bool = False
    """Offered over another connection it may be accepted at once."""
    slow: bool = False
    """The domain asks for a rest."""
    stop: bool = False
    """Every other message would fare alike until a person acts."""


def judge(step: Step, reply: Reply) -> Judgement | None:
    """None: the step was taken, the message goes on. After END it always ends."""
    kind = reply.code // 100
    if step is Step.END:
        return _ended(reply, kind)
    if kind == (3 if step is Step.DATA else 2):
        return None
    if reply.code == CLOSING:
        return Judgement(Fared(Fate.DEFERRED, reply.said), over=True, again=True)
    if kind == 4:
        return Judgement(Fared(Fate.DEFERRED, reply.said), slow=_of_the_host(reply))
    if kind == 5:
        return Judgement(Fared(Fate.REFUSED, reply.said), stop=step is Step.MAIL or reply.code in NEEDS_US)
    return Judgement(Fared(Fate.DEFERRED, f"{step} was answered out of turn: {reply.said}"), over=True)


def _ended(reply: Reply, kind: int) -> Judgement:
    if kind == 2:
        return Judgement(Fared(Fate.ACCEPTED, reply.said))
    if reply.code == CLOSING:
        return Judgement(Fared(Fate.DEFERRED, reply.said), over=True, again=True)
    if kind == 4:
        return Judgement(Fared(Fate.DEFERRED, reply.said), slow=_of_the_host(reply))
    if kind == 5:
        return Judgement(Fared(Fate.REFUSED, reply.said), stop=reply.code in NEEDS_US)
    return Judgement(Fared(Fate.UNCERTAIN, f"the last dot was answered with {reply.said}"), over=True)


def _of_the_host(reply: Reply) -> bool:
    """X.3 the host's system, X.4 the network, X.5 the protocol, X.7 its policy (RFC 3463, section 3)."""
    return reply.enhanced[2:3] in ("3", "4", "5", "7") if reply.enhanced else False
