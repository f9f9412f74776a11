"""Several threads at one kind of work. In: the work, how many may be at it. Out: how often it was done.

Knows nothing of what is done. The first error ends all lanes, once each has finished what it had begun, and is raised.
"""

import threading
from collections.abc import Callable


def side_by_side(work: Callable[[], bool], lanes: int, stopping: Callable[[], bool]) -> int:
    """Call `work` until it answers False, in `lanes` threads, this one among them. Answers how often it was True."""
    effort = _Effort(work, stopping)
    others = [threading.Thread(target=effort.run, name=f"lane-{n}", daemon=True) for n in range(1, lanes)]
    for other in others:
        other.start()
    effort.run()
    for other in others:
        other.join()
    if effort.error is not None:
        raise effort.error
    return effort.done


class _Effort:
    def __init__(self, work: Callable[[], bool], stopping: Callable[[], bool]) -> None:
        self._work = work
        self._stopping = stopping
        self._guard = threading.Lock()
        self.done = 0
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            while self.error is None and not self._stopping() and self._work():
                with self._guard:
                    self.done += 1
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that asked for all this
            with self._guard:
                self.error = self.error or error
