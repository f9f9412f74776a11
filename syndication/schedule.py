"""The alarm clock. In: newsletters, an agenda. Out: wake-ups at their slots, and ticks. Alone knows APScheduler.

It remembers nothing: due times are in the rows, so a tick that was missed heals itself at the next. Its jobs read a few
rows and wake tasks. Slots are our own function, hung in as a trigger, because the scheduler's local-time triggers lose
whole days after a spring change and fire twice in autumn. Newsletters are read again at each round of the reconciler: a
schedule that was changed, added or removed counts from then on.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from syndication.editions.slot import next_slot, zone
from syndication.errors import SettingsError, SyndicationError
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.due import Agenda
from syndication.jobs.ports.tasks import TaskPort
from syndication.jobs.reconcile import collect_if_due, reconcile
from syndication.model.newsletter import Newsletter, Schedule

log = logging.getLogger(__name__)

STEP_SECONDS = 5.0
"""A wall clock that moves this much against the monotonic one was set, and did not just drift."""


@dataclass(frozen=True, slots=True)
class Ticks:
    """Seconds between two ticks of each kind."""

    reconcile_seconds: float = 15.0
    sources_seconds: float = 3.0
    tidy_seconds: float = 6 * 3600.0
    watch_seconds: float = 1.0


class SlotTrigger(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """A schedule's slots, as APScheduler asks for them."""

    __slots__ = ("_schedule",)

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        # After the last one fired and never after `now` alone: a clock that stepped back has nothing to fire again.
        return next_slot(self._schedule, (previous_fire_time or now).astimezone(UTC)).due_at

    def __str__(self) -> str:
        return f"slots {self._schedule}"


class AlarmClock:
    """`start` it, and at the end `stop` it. All its threads are daemons and its jobs last moments."""

    def __init__(
        self,
        tasks: TaskPort,
        agenda: Agenda,
        newsletters: Callable[[], Iterable[Newsletter]],
        clock: Clock,
        *,
        ticks: Ticks | None = None,
    ) -> None:
        self._tasks, self._agenda, self._newsletters, self._clock = tasks, agenda, newsletters, clock
        self._ticks = ticks or Ticks()
        self._hung: dict[str, Schedule] = {}
        self._refused: dict[str, Schedule] = {}
        self._stopped = threading.Event()
        self._hanging = threading.Lock()
        self._watcher = threading.Thread(target=self._watch, name="clock", daemon=True)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(2)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )

    def start(self) -> None:
        """The first round is at once: it finds what became due while nobody was there."""
        # A round that is still at work when the next is due is not worth a line each time.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._tick("reconcile", self.round, self._ticks.reconcile_seconds)
        self._tick("sources", self._look_for_sources, self._ticks.sources_seconds)
        self._tick("tidy", lambda: self._tasks.wake("tidy"), self._ticks.tidy_seconds)
        self._scheduler.start()
        self._watcher.start()

    def stop(self) -> None:
        """No tick begins after this; one that is at work is waited for."""
        self._stopped.set()
        if self._scheduler.running:
            self._watcher.join()
            # The scheduler waits for its jobs with its own lock held, so none may be hanging a schedule in meanwhile.
            with self._hanging:
                self._scheduler.shutdown(wait=True)

    def round(self) -> None:
        """Hang in the schedules as they are now, and wake whatever is due."""
        if not self._hanging.acquire(blocking=False):
            return  # a round is at work, or the end has come
        try:
            self._hang(dict(self._schedules()))
            reconcile(self._agenda, self._tasks, self._clock())
        except SyndicationError as error:
            log.warning("round put off", extra={"why": error})
        finally:
            self._hanging.release()

    def next_slots(self) -> dict[str, datetime]:
        """When each schedule that is hung in fires next, in UTC."""
        jobs = {name: self._scheduler.get_job(name) for name in sorted(self._hung)}
        return {name: job.next_run_time.astimezone(UTC) for name, job in jobs.items() if job and job.next_run_time}

    def _schedules(self) -> Iterable[tuple[str, Schedule]]:
        for newsletter in self._newsletters():
            for schedule in newsletter.schedules:
                yield f"{newsletter.slug} {schedule.cadence.value}", schedule

    def _hang(self, wanted: dict[str, Schedule]) -> None:
        for name in [name for name in self._hung if self._hung[name] != wanted.get(name)]:
            self._scheduler.remove_job(name)
            del self._hung[name]
        for name, schedule in wanted.items():
            if name not in self._hung and self._refused.get(name) != schedule:
                self._hang_one(name, schedule)

    def _hang_one(self, name: str, schedule: Schedule) -> None:
        try:
            zone(schedule.zone)
        except SettingsError as error:  # one newsletter's mistake, said once and kept from the others
            self._refused[name] = schedule
            log.error("schedule refused", extra={"stream": name, "why": error})
            return
        self._scheduler.add_job(self._tasks.wake, SlotTrigger(schedule), args=("open-slots",), id=name, name=name)
        self._hung[name] = schedule

    def _look_for_sources(self) -> None:
        try:
            collect_if_due(self._agenda, self._tasks, self._clock())
        except SyndicationError as error:
            log.debug("sources not asked", extra={"why": error})  # the round says it, less often

    def _tick(self, name: str, job: Callable[[], None], seconds: float) -> None:
        trigger = IntervalTrigger(seconds=seconds, timezone=UTC)
        self._scheduler.add_job(job, trigger, id=f"tick {name}", name=name, next_run_time=datetime.now(UTC))

    def _watch(self) -> None:
        """Notice that the wall clock was set: set back, it would keep the ticks waiting for the time to come again."""
        offset = self._clock().timestamp() - time.monotonic()
        while not self._stopped.wait(self._ticks.watch_seconds):
            now = self._clock().timestamp() - time.monotonic()
            if abs(now - offset) > STEP_SECONDS:
                log.warning("the clock was set", extra={"step_seconds": round(now - offset)})
                self._tick_now()
            offset = now

    def _tick_now(self) -> None:
        for job in self._scheduler.get_jobs():
            if job.id.startswith("tick "):
                job.modify(next_run_time=datetime.now(UTC))
