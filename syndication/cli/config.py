"""`config`: the settings in force, and where each comes from. Secrets are set or not set, and never shown."""

import typer

from syndication.cli import show
from syndication.cli.desk import desk_of
from syndication.settings import origin, service

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _noun() -> None:
    """What this installation is set to."""


@app.command("show")
def show_settings(context: typer.Context, as_json: show.Json = False) -> None:
    """Show every setting and whether it is the default, the file's or the environment's. Secrets: set or not set."""
    desk = desk_of(context)
    settings = service.load(desk.config, desk.data)
    found, secrets = origin.values(settings), origin.secrets(settings)
    if as_json:
        show.data(
            {
                "config": str(settings.config_file),
                "data": str(settings.data),
                "settings": [{"key": one.key, "value": one.value, "from": one.whence} for one in found],
                "secrets": [{"name": one.name, "set": one.is_set, "from": one.whence} for one in secrets],
            }
        )
        return
    rows = [{"key": one.key, "value": _said(one.value), "from": one.whence} for one in found]
    for secret in secrets:
        said = "set" if secret.is_set else "not set"
        rows.append({"key": f"secret {secret.name}", "value": said, "from": secret.whence})
    show.table({"key": "setting", "value": "value", "from": "from"}, rows, as_json=False)


def _said(value: object) -> object:
    """What is empty has to be seen as such."""
    return "(empty)" if value in ("", [], {}) else value
