"""Migrations: one for each step of a release, in order, never edited once released. They travel in the wheel."""

HEAD = "0015"
"""The newest of them. Stands here too so that a look at a database needs no Alembic to know that it is current."""


def ours(name: str | None, kind: str, _parents: object = None) -> bool:
    """Whether a table is of this schema. The queue engine keeps its own tables, and its own migrations, beside it.

    The index of words is another thing on each engine, and no table that the schema could describe.
    """
    return not (kind == "table" and name is not None and name.startswith(("procrastinate_", "article_search")))
