"""Alembic's way in. It is handed a connection inside a transaction, so a migration is there whole or not at all.

Tables of the queue engine (`procrastinate_*`) are that engine's own and are not looked at.
"""

from alembic import context

from syndication.storage.migrations import ours
from syndication.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_name=ours,
)
context.run_migrations()
