"""Wake whatever the rows say is due. In: the agenda, now. Out: wake-ups. It does no work itself, and decides nothing.

Every wake-up may be lost: a full queue, a killed process, a datagram that nobody read. This round, every few seconds,
makes that a delay and no more. Waking what is already at work is harmless, so it asks no questions.
"""

import logging
from datetime import datetime

from syndication.jobs.ports.due import Agenda
from syndication.jobs.ports.tasks import TaskPort
from syndication.model.due import Due

log = logging.getLogger(__name__)

EDITIONS_MAX = 200
"""Editions woken for one task in one round. The rest are as due in the next."""


def reconcile(agenda: Agenda, tasks: TaskPort, now: datetime) -> Due:
    """One round. Answers what was found due. Raises StoreError when the rows cannot be read."""
    due = agenda.due(now, limit=EDITIONS_MAX)
    # Whether a slot is due only the slot function can tell; asking it costs less than asking whether to.
    tasks.wake("open-slots")
    for task in ("drain", "notify", "collect", "publish", "index", "images"):
        if getattr(due, task):
            tasks.wake(task)
    if due.ask_hubs:
        tasks.wake("ask-hubs")
    for task in ("assemble", "plan", "send", "settle"):
        for edition_id in getattr(due, task):
            tasks.wake(task, edition_id)
    tasks.wake("doubt")  # it also looks how mail fares
    tasks.wake("tell")  # only it knows on which ways alerts are told
    tasks.wake("returns")  # only it knows whether there is a mailbox to read
    tasks.wake("announce")  # only it knows which hubs of others are told of our news
    log.debug("reconciled", extra={"due": due})
    return due


def collect_if_due(agenda: Agenda, tasks: TaskPort, now: datetime) -> bool:
    """Between two rounds: wake the collector when a source is due, and answer whether one was."""
    due = agenda.sources_due(now)
    if due:
        tasks.wake("collect")
    return due
