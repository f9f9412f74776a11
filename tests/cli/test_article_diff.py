"""`article show --diff`: what each revision changed, and whether readers are told of it."""

import json
import sqlite3


def has_revision(rev, title):
    connection = sqlite3.connect("data/syndication.db")
    (content,) = connection.execute("SELECT content FROM article_revision WHERE article_id = 1 AND rev = 1").fetchone()
    changed = json.dumps(json.loads(content) | {"title": title})
    connection.execute(
        "INSERT INTO article_revision (article_id, rev, hash, seen_at, title, content) VALUES (1, ?, ?, ?, ?, ?)",
        (rev, f"hash {rev}", "2026-05-07 08:30:00.000000", title, changed),
    )
    connection.commit()
    connection.close()


def test_each_revision_is_shown_word_by_word(operator):
    operator.has_news()
    assert "nothing has changed" in operator("article", "show", 1, "--diff").err
    has_revision(2, "Ferry 7 sails again")
    has_revision(3, "Ferry 7 sails  again.")
    said = operator("article", "show", 1, "--diff").out
    assert "revision 2, seen 2026-05-07 08:30:00Z, a correction: readers are told" in said
    assert "Ferry [-1-]{+7+} sails again" in said
    assert "revision 3, seen 2026-05-07 08:30:00Z, a small edit: nobody is told" in said
    data = operator("article", "show", 1, "--diff", "--json").json
    assert [row["correction"] is None for row in data] == [False, True]
    assert data[0]["correction"]["replaced"] == [{"before": "1", "after": "7"}]
