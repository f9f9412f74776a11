"""Runs tasks in this process. In: wake-ups. Out: tasks run in a bounded pool for each queue. Knows no task by name.

A wake-up that is already waiting is not doubled. One that comes while its task is running is kept and run again after,
because the running one may have read its rows before they changed; the same task and subject never run side by side.
A task that fails is logged and nothing is tried again here: the reconciler finds what the rows say is still due.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from syndication.jobs.ports.tasks import Queue, Task

log = logging.getLogger(__name__)

Wakeup = tuple[str, int]

POOL_SIZES: Mapping[Queue, int] = MappingProxyType(
    {
        Queue.MAIL: 1,
        Queue.SEND: 2,
        Queue.FETCH: 1,
        Queue.RENDER: 1,
        Queue.EVENTS: 1,
        Queue.MISC: 1,
        Queue.IMAGES: 1,
    }
)
"""Threads of each queue, unless told otherwise. One fetch task drives hundreds of exchanges by itself."""

WAITING_MAX = 10_000
"""Wake-ups that may wait in one queue. What does not fit is dropped; the reconciler renews it."""


class LocalEngine:
    """Fulfils TaskPort. `register` all tasks, `start`, and at the end `stop`; wake-ups before `start` wait for it."""

    def __init__(
        self, tasks: Iterable[Task] = (), *, sizes: Mapping[Queue, int] = POOL_SIZES, waiting_max: int = WAITING_MAX
    ) -> None:
        """`sizes` names only the queues that differ from POOL_SIZES. Raises ValueError for a pool without a thread."""
        # One lock for all pools, so that "nothing waits and nothing runs" is asked of all of them in one moment.
        self._changed = threading.Condition()
        self._pools = {
            queue: _Pool(queue, {**POOL_SIZES, **sizes}[queue], waiting_max, self._run_one, self._changed)
            for queue in Queue
        }
        self._tasks: dict[str, Task] = {}
        self._stopping = threading.Event()
        for task in tasks:
            self.register(task)

    def register(self, task: Task) -> None:
        """Raises ValueError for a second task of the same name."""
        if task.name in self._tasks:
            raise ValueError(f"there is a task named {task.name!r} already")
        self._tasks[task.name] = task

    def start(self) -> None:
        for pool in self._pools.values():
            pool.start()

    def wake(self, task: str, subject: int = 0) -> None:
        self._pools[self._tasks[task].queue].add((task, subject))

    def stopping(self) -> bool:
        """Whether no new work should be begun. Long tasks ask between two pieces of work."""
        return self._stopping.is_set()

    def rest(self, seconds: float) -> bool:
        """Wait until nothing runs and nothing waits, `seconds` at most. Answers whether it came to that."""
        with self._changed:
            return self._changed.wait_for(lambda: not any(pool.busy() for pool in self._pools.values()), seconds)

    def stop(self, drain_seconds: float) -> bool:
        """Begin nothing more, let what runs finish, `drain_seconds` at most. Answers whether all of it did."""
        self._stopping.set()
        for pool in self._pools.values():
            pool.close()
        return self.rest(drain_seconds)

    def _run_one(self, wakeup: Wakeup) -> None:
        name, subject = wakeup
        try:
            self._tasks[name].run(subject)
        except BaseException:  # whatever a task raises, the thread is needed for the next one
            log.exception("task failed", extra={"task": name, "subject": subject})


class _Pool:
    """The threads of one queue and the wake-ups that wait for them, oldest first."""

    def __init__(
        self, queue: Queue, size: int, waiting_max: int, run: Callable[[Wakeup], None], changed: threading.Condition
    ) -> None:
        if size < 1 or waiting_max < 1:
            raise ValueError(f"queue {queue.value} needs a thread and a place to wait, got {size} and {waiting_max}")
        self._queue, self._size, self._waiting_max, self._run = queue, size, waiting_max, run
        self._changed = changed
        self._waiting: deque[Wakeup] = deque()
        self._known: set[Wakeup] = set()  # the same as _waiting, for a quick look
        self._running: dict[Wakeup, bool] = {}  # the value: whether it was woken again meanwhile
        self._closed = False
        self._full = False

    def start(self) -> None:
        for number in range(self._size):
            # A daemon, so that a task which outlasts the grace time cannot keep the process alive.
            threading.Thread(target=self._work, name=f"{self._queue.value}-{number}", daemon=True).start()

    def add(self, wakeup: Wakeup) -> None:
        with self._changed:
            if self._closed or wakeup in self._known:
                return
            if wakeup in self._running:
                self._running[wakeup] = True
                return
            self._put(wakeup)

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._known.clear()
            self._running = dict.fromkeys(self._running, False)
            self._changed.notify_all()

    def busy(self) -> bool:
        """Asked with the lock held."""
        return bool(self._waiting or self._running)

    def _put(self, wakeup: Wakeup) -> None:
        full = len(self._waiting) >= self._waiting_max
        if full and not self._full:  # said once, not once for each
            log.warning(
                "queue full, wake-ups dropped", extra={"queue": self._queue.value, "waiting": self._waiting_max}
            )
        self._full = full
        if not full:
            self._waiting.append(wakeup)
            self._known.add(wakeup)
            self._changed.notify_all()

    def _work(self) -> None:
        while (wakeup := self._take()) is not None:
            self._run(wakeup)
            self._done(wakeup)

    def _take(self) -> Wakeup | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            if self._closed:
                return None
            wakeup = self._waiting.popleft()
            self._known.discard(wakeup)
            self._running[wakeup] = False
            return wakeup

    def _done(self, wakeup: Wakeup) -> None:
        with self._changed:
            if self._running.pop(wakeup):
                self._put(wakeup)
            self._changed.notify_all()
