"""What a person with eyes would notice of a page, noticed by a program; and pictures of it for people who look.

With SCREENS=DIR in the environment every look leaves a picture there, in light and in dark.
"""

import os
from pathlib import Path
from typing import Any

SCHEMES = ("light", "dark")


def look(tab: Any, name: str, *, rules_off: tuple[str, ...] = ()) -> None:
    """Nothing that axe finds, and nothing wider than the screen; whichever way the reader likes the light."""
    from axe_playwright_python.sync_playwright import Axe

    width = tab.viewport_size["width"]
    options = {"resultTypes": ["violations"], "rules": {rule: {"enabled": False} for rule in rules_off}}
    for scheme in SCHEMES:
        tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(tab, options=options)
        assert found.violations_count == 0, f"{name}, {scheme}: {found.generate_report()}"
        wide = tab.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide[0] <= wide[1], f"{name} is {wide[0]} wide on a screen of {wide[1]}"
        if folder := os.environ.get("SCREENS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            tab.screenshot(path=f"{folder}/{name}-{width}-{scheme}.png", full_page=True)
