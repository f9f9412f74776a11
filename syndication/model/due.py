"""Due: what the rows say is waiting for somebody to do it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Due:
    """Work that may be begun now, by the task that does it. Each tuple holds edition ids, lowest first."""

    collect: bool = False
    """A source is due, or its lease ran out."""
    ask_hubs: bool = False
    """A hub is to be asked to tell us of news, or asked again."""
    publish: bool = False
    """A feed is stale."""
    index: bool = False
    """An article is not in the index of words as it is now."""
    images: bool = False
    """An article's rights are to be carried out, or a picture is to be fetched or removed."""
    drain: bool = False
    """Events wait to be applied."""
    notify: bool = False
    """A service mail waits, or its lease ran out."""
    assemble: tuple[int, ...] = ()
    """Open, or left by an assembler whose lease ran out."""
    plan: tuple[int, ...] = ()
    """Frozen, or planned in part."""
    send: tuple[int, ...] = ()
    """Being sent, with a batch that is planned and due."""
    settle: tuple[int, ...] = ()
    """With a batch whose lease ran out, in whatever state the edition is; or being sent, with every batch terminal."""
