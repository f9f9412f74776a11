"""A source by its name, or the nearest name there is."""

from syndication.cli.desk import unknown
from syndication.storage import sources
from syndication.storage.sources import SourceRow
from syndication.wiring import House


def source_of(house: House, slug: str) -> SourceRow:
    """Raises NotFoundError with the nearest name."""
    with house.database.read() as connection:
        rows = {row.source.slug: row for row in sources.listing(connection)}
    if slug not in rows:
        raise unknown("source", slug, list(rows))
    return rows[slug]
