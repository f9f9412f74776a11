"""`newsletter`: the promises, their readers, their next slots."""


def test_a_listing_and_one_newsletter_on_both_engines(on_both):
    on_both.sets_up(newsletter='at = "06:30"\nzone = "Europe/Lisbon"\ncadences = ["daily", "weekly"]')
    on_both.subscribes("ada@readers.example")
    (row,) = on_both("newsletter", "list", "--json").json
    assert (row["newsletter"], row["readers"], row["cadences"]) == ("morning", 1, ["daily", "weekly"])
    shown = on_both("newsletter", "show", "morning", "--json").json
    assert shown.keys() == {*row, "settings", "slots"}
    assert {slot["cadence"] for slot in shown["slots"]} == {"daily", "weekly"}
    assert all(slot["local"].endswith("T06:30:00") for slot in shown["slots"])
    assert min(slot["due"] for slot in shown["slots"]) == row["next"]
    assert "Europe/Lisbon" in on_both("newsletter", "show", "morning").out
    assert "daily, weekly" in on_both("newsletter", "list").out


def test_a_name_that_is_none(operator):
    operator.sets_up()
    said = operator("newsletter", "show", "mornng")
    assert (said.code, said.out) == (4, "")
    assert "did you mean 'morning'?" in said.err
