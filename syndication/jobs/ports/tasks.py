"""TaskPort: wake-ups for work whose truth is a row in the database. Losing or doubling one is harmless."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol


class Queue(StrEnum):
    """Queues by urgency, most urgent first."""

    MAIL = "mail"
    SEND = "send"
    FETCH = "fetch"
    RENDER = "render"
    EVENTS = "events"
    MISC = "misc"
    IMAGES = "images"


TASKS: Mapping[str, Queue] = MappingProxyType(
    {
        "collect": Queue.FETCH,
        "ask-hubs": Queue.MISC,
        "publish": Queue.RENDER,
        "index": Queue.RENDER,
        "announce": Queue.EVENTS,
        "open-slots": Queue.MISC,
        "assemble": Queue.RENDER,  # an edition
        "plan": Queue.SEND,  # an edition
        "send": Queue.SEND,  # an edition
        "settle": Queue.MISC,  # an edition
        "returns": Queue.EVENTS,
        "drain": Queue.EVENTS,
        "doubt": Queue.MISC,
        "notify": Queue.MAIL,
        "tell": Queue.MISC,
        "tidy": Queue.MISC,
        "images": Queue.IMAGES,
    }
)
"""Every task of the house and its queue. The subject is 0 but where an id is named."""


@dataclass(frozen=True, slots=True)
class Task:
    """A named function that an engine runs. `run` takes the subject's id (0 when there is none)."""

    name: str
    queue: Queue
    run: Callable[[int], None]


class TaskPort(Protocol):
    def wake(self, task: str, subject: int = 0) -> None:
        """Ask for `task` to be run for `subject` soon. Returns at once; a wake-up already waiting is not doubled.

        Raises KeyError for a task that nobody registered. A full queue drops the wake-up: the reconciler renews it.
        """
        ...
