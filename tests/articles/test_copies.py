"""Pairs of short texts in many languages, told apart as a person would: `tests/corpus/copies.jsonl`, a pair a line.

Copies are cut, framed, escaped, put right or spelt otherwise. No copies are forms with other facts in them, follow-ups,
translations, the same news in other words, and two live blogs that began with the same line.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from syndication import compare_texts
from syndication.articles.relate import COPY_CONTAINMENT
from syndication.model.story import Relation

PAIRS = [json.loads(line) for line in (Path(__file__).parent.parent / "corpus" / "copies.jsonl").open(encoding="utf-8")]


@pytest.mark.parametrize("pair", PAIRS, ids=[pair["kind"].encode("ascii", "replace").decode() for pair in PAIRS])
def test_a_pair_is_told_as_a_person_would(pair: dict[str, str]) -> None:
    near = compare_texts(pair["a"], pair["b"])
    assert compare_texts(pair["b"], pair["a"]) == near
    if pair["relation"] == "no copy":
        assert near.relation is not Relation.COPY, near
    else:
        assert near.relation.value == pair["relation"], near


def test_the_pairs_are_hard_and_many() -> None:
    kinds = Counter(pair["relation"] for pair in PAIRS)
    assert kinds["copy"] >= 50 and kinds["no copy"] >= 40
    forms = [pair for pair in PAIRS if pair["relation"] == "no copy"]
    near = [compare_texts(pair["a"], pair["b"]).containment for pair in forms]
    assert sum(one >= COPY_CONTAINMENT for one in near) >= 5, "words alone would join them"
