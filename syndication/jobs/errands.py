"""Groups whose entries the assistant cleans and judges meanwhile. In: groups of Gathered. Out: the same, settled.

Nothing is lost with it: what does not come back, or comes back undone, is told as such and settled at home.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from syndication.jobs.assess import may_be_sent, take_over, task_of
from syndication.jobs.gather import Gathered
from syndication.jobs.ports.assistant import Assistant, Pending
from syndication.model.feed import Topic

ENTRIES_MIN = 20
ENTRIES_EACH_MIN = 5
"""With fewer in a group, or of a source, the way there and back costs more than it saves."""


@dataclass(slots=True)
class Errands:
    """None: there is no assistant, and everything stays at home."""

    assistant: Assistant | None
    topics: Sequence[Topic]
    away: deque[tuple[Pending, list[Gathered]]] = field(default_factory=deque)

    def send(self, group: Sequence[Gathered]) -> Sequence[Gathered]:
        """Hand over what can be; answers what stays at home."""
        if self.assistant is None:
            return group
        going = [gathered for gathered in group if len(gathered.entries) >= ENTRIES_EACH_MIN and may_be_sent(gathered)]
        if sum(len(gathered.entries) for gathered in going) < ENTRIES_MIN:
            return group
        pending = self.assistant.begin([task_of(gathered) for gathered in going], self.topics)
        if pending is None:
            return group
        self.away.append((pending, going))
        sent = {gathered.due.source.id for gathered in going}
        return [gathered for gathered in group if gathered.due.source.id not in sent]

    def back(self, *, wait: bool) -> Iterator[list[tuple[Gathered, bool]]]:
        """Groups that are back: each source, and whether it is settled. `wait`: for all of them."""
        while self.away and (wait or self.away[0][0].done()):
            pending, group = self.away.popleft()
            found = pending.result()
            if found is None or len(found) != len(group):
                found = [None] * len(group)
            for gathered, assessed in zip(group, found, strict=True):
                if assessed is not None:
                    take_over(gathered, assessed)
            yield [(gathered, assessed is not None) for gathered, assessed in zip(group, found, strict=True)]
