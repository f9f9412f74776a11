"""`demo`: the whole service with sample partners and sample readers."""

import typer


def register(app: typer.Typer) -> None:
    return None
