"""Where the templates and configuration that come with the product lie: in the wheel, or beside it in a checkout."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def given(name: str) -> Path:
    """The folder `templates` or `config` as shipped."""
    packed = PACKAGE / "_given" / name
    return packed if packed.is_dir() else PACKAGE.parent / name
