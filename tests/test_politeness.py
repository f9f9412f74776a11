"""docs/politeness.md names a test for each rule; here those names are looked up, and the one rule that has no home."""

import re
from pathlib import Path

from syndication.settings.service import load
from syndication.wiring import House

HERE = Path(__file__).parent
TABLE = HERE.parent / "docs" / "politeness.md"


def test_every_rule_of_politeness_has_the_test_it_names() -> None:
    named = set(re.findall(r"`(test_\w+)`", TABLE.read_text(encoding="utf-8")))
    written = {
        name for path in HERE.rglob("test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text("utf-8"))
    }
    assert len(named) > 25
    assert named - written == set()


def test_every_request_names_us_and_an_address_for_complaints(tmp_path: Path) -> None:
    config = tmp_path / "syndication.toml"
    for text, contact in (
        ('[service]\nbase_url = "https://news.example.org"\n', "https://news.example.org"),
        ('[outbound]\ncontact = "mailto:desk@example.org"\n', "mailto:desk@example.org"),
    ):
        config.write_text(text, encoding="utf-8")
        house = House(load(config, tmp_path))
        agent = house.exchange._manners.user_agent
        house.close()
        assert re.fullmatch(rf"Syndication/\S+ \(\+{re.escape(contact)}\)", agent)
