"""How each transport stands, and who waits for what, in words for `status`."""

from collections.abc import Mapping

from syndication.cli import show
from syndication.deliveries import route as rules
from syndication.model.route import ALL, Route, Usage, Waiting
from syndication.wiring import House, now


def routes_of(house: House) -> dict[str, Route]:
    return {placed.ledger_name: placed.section.route(placed.ledger_name) for placed in house.settings.transports}


def ways(found: Mapping[str, Route], usages: Mapping[str, Usage]) -> list[str]:
    """One line a transport, in their order."""
    lines = []
    for name, route in found.items():
        usage = usages.get(name, Usage())
        opening, most = rules.opening(route, usage, now()), rules.allowance(route, usage.days)
        used = usage.used.get(ALL, 0)
        count = f", {used:,} of {most:,} today" if most is not None else f", {used:,} today" if route.limited else ""
        state = f"takes nothing until {show.plain(opening.until)}: {opening.why}" if opening.until else "takes mail"
        lines.append(f"{name}: {state}{count}")
    return lines


def words(one: Waiting) -> str:
    """As in: edition 5, due …: 1,500 readers in 3 batches until …: sendgrid has sent its 2,000 of today."""
    due = show.plain(one.due_at)
    start = f"edition {one.edition_id}, due {due}: {one.readers:,} readers in {one.batches} batches"
    if not one.why:
        return f"{start}, in their turn"
    return f"{start} until {show.plain(one.until)}: {one.why.removeprefix('waits: ')}"
