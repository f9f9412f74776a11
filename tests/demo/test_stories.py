"""The sample stories: as many as promised, each well-formed, no two alike but the one that is carried twice."""

import re
from collections import Counter
from itertools import combinations

import pytest

from syndication.articles.relate import compare_texts
from syndication.demo.house import HOUSES
from syndication.demo.paint import SCENES
from syndication.demo.stories import STORIES
from syndication.model.story import Relation

BY_SLUG = {story.slug: story for story in STORIES}


def test_waves_hold_what_they_should():
    waves = Counter(story.wave for story in STORIES)
    assert (waves[0], waves[1]) == (8, 8)
    later = {wave: count for wave, count in waves.items() if wave > 1}
    assert later == dict.fromkeys(range(2, 14), 1)


def test_each_partner_has_stories_in_each_part_of_the_day():
    for house in HOUSES:
        waves = [story.wave for story in STORIES if story.partner == house.slug]
        assert (waves.count(0), waves.count(1), len(waves)) == (2, 2, 7)


@pytest.mark.parametrize("slug", BY_SLUG)
def test_a_story_is_well_formed(slug):
    story = BY_SLUG[slug]
    assert 120 <= len(story.text.split()) <= 300
    assert story.title and story.byline and story.categories
    assert bool(story.summary) is (story.partner != "coast-courier")
    assert story.text.count("“") == story.text.count("”")
    assert all(paragraph.strip()[-1] in ".?!”" for paragraph in story.text.strip().split("\n\n"))
    assert not re.search(r"\"|--| ' |  +\S", story.title + story.summary)
    assert story.picture is None or story.picture.scene in SCENES


def test_slugs_and_titles_are_told_apart():
    assert len(BY_SLUG) == len({story.title for story in STORIES}) == len(STORIES)


def test_what_comes_before_the_first_wave_is_older_than_this_morning():
    assert all(story.minutes_before >= 24 * 60 for story in STORIES if story.wave == 0)
    assert all(story.minutes_before < 6 * 60 for story in STORIES if story.wave == 1)
    assert all(story.minutes_before == 0 for story in STORIES if story.wave > 1)


def test_one_story_is_carried_by_two_partners_and_all_others_are_distinct():
    pairs = {
        frozenset((one.slug, other.slug)): compare_texts(one.text, other.text).relation
        for one, other in combinations(STORIES, 2)
    }
    alike = {pair: relation for pair, relation in pairs.items() if relation is not Relation.DISTINCT}
    assert alike == {frozenset(("river-gates-close-in-earnest", "new-gates-hold-back-the-tide")): Relation.COPY}


def test_the_copy_names_its_originator_has_another_headline_and_is_shorter():
    copy, original = BY_SLUG["new-gates-hold-back-the-tide"], BY_SLUG["river-gates-close-in-earnest"]
    assert copy.originator == original.partner
    assert copy.title != original.title
    assert len(copy.text) < len(original.text)
    assert copy.wave == original.wave == 1


def test_one_story_of_this_morning_will_be_corrected():
    (story,) = [story for story in STORIES if story.correction]
    assert story.wave == 1
    assert sum(story.correction.wrong in " ".join(part.split()) for part in story.text.split("\n\n")) == 1
    assert story.correction.right not in story.text
