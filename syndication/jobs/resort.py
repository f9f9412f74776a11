"""Topics whose rules have changed -> stored articles sorted anew. Says nothing to do when no rule has changed.

In slices, so that no writer waits; a round that was cut short is made again, because its mark is written last.
"""

from collections.abc import Callable
from hashlib import blake2b

from syndication.articles.topics import decide
from syndication.jobs.ports.sorting import Sorting

SLICE = 500


def resort(
    sorting: Sorting,
    *,
    stopping: Callable[[], bool] = lambda: False,
    tell: Callable[[int], None] = lambda done: None,
) -> int:
    """Sort what is stored by the rules as they are now; answers how many articles have other topics by it."""
    topics = sorting.topics()
    mark = _mark((topics, sorted(sorting.defaults().items())))
    if mark == sorting.mark():
        return 0
    last, done, changed = 0, 0, 0
    while part := sorting.after(last, limit=SLICE):
        if stopping():
            return changed
        decided = {one.id: decide(one.article, one.source, topics) for one in part}
        other = {one.id: decided[one.id] for one in part if set(decided[one.id]) != set(one.topics)}
        if other:
            sorting.write(other)
        last, done, changed = part[-1].id, done + len(part), changed + len(other)
        tell(done)
    sorting.finish(mark)
    return changed


def _mark(rules: object) -> str:
    return blake2b(repr(rules).encode(), digest_size=16).hexdigest()
