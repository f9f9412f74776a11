"""Pictures over real HTTP and through the real child: what is allowed is kept, what cannot be had is tried again and
given up, several workers share the work, and a kill at any statement leaves nothing half done."""

import io
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image

from syndication.imaging.redraw import redraw
from syndication.jobs import images as job
from syndication.model.article import ArticleState, Figure
from syndication.model.image import Drawn, ImageSize
from syndication.model.rights import ImageRight, Rights
from syndication.outbound.address import AddressPolicy
from syndication.outbound.transport import Transport
from syndication.storage import articles
from syndication.storage.database import Database
from syndication.storage.image_files import ImageFiles
from syndication.storage.images import Gallery
from syndication.storage.schema import image
from tests.builders import NOW, a_source, an_article, put_article, put_publication
from tests.imaging.pictures import a_picture, written

PHOTO = a_picture((1000, 700))
DRAWN = Drawn(((ImageSize(640, 400, 5), b"small"),))


class Pictures:
    """A host on loopback: path -> status and body, other headers beside."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.headers: dict[str, str] = {}
        self.asked: list[str] = []
        pictures = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                pictures.asked.append(self.path)
                status, body = pictures.answers.get(self.path, (404, b""))
                self.send_response(status)
                for name, value in pictures.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def figure(self, name: str, status: int = 200, body: bytes = PHOTO, credit: str = "Harbour Daily") -> Figure:
        self.answers[f"/{name}"] = (status, body)
        return Figure(f"http://{self.address}/{name}", "The ferry.", credit)


@pytest.fixture
def pictures() -> Iterator[Pictures]:
    running = Pictures()
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def transport(pictures) -> Iterator[Transport]:
    made = Transport(AddressPolicy((pictures.address,)), user_agent="Test")
    yield made
    made.close()


@pytest.fixture
def gallery(database, tmp_path):
    with database.write() as connection:
        put_publication(connection)
    return Gallery(database, ImageFiles(tmp_path / "images"))


def put(database, *figures, **given):
    with database.write() as connection:
        return put_article(connection, an_article(figures=figures), **given)


def run(gallery, transport, now=NOW):
    return job.images(gallery=gallery, exchange=transport, redraw=redraw, clock=lambda: now)


def rows(database):
    with database.read() as connection:
        return connection.execute(sa.select(image).order_by(image.c.id)).all()


def test_what_is_allowed_is_fetched_redrawn_and_kept_and_a_second_round_does_nothing(
    database, gallery, transport, pictures, tmp_path
):
    own, agency = pictures.figure("own.jpg"), pictures.figure("agency.jpg", credit="Lena Holm/AFP")
    id = put(database, own, agency)
    done = run(gallery, transport)
    assert (done.kept, done.refused) == (1, 0)
    assert pictures.asked == ["/own.jpg"]
    with database.read() as connection:
        stored = articles.get(connection, id)
    assert stored is not None
    (kept,) = stored.images
    assert [(size.width, size.height) for size in kept.sizes] == [(640, 448), (1000, 700)]
    data = ImageFiles(tmp_path / "images").read(kept.path(kept.small)[8:])
    assert data is not None
    assert Image.open(io.BytesIO(data)).size == (640, 448)
    assert run(gallery, transport) == job.Round()
    assert len(pictures.asked) == 1


@pytest.mark.parametrize(
    ("status", "body", "again"),
    [
        (404, b"", True),  # a picture often stands a while after its story
        (503, b"", True),
        (429, b"", True),
        (403, b"", False),
        (410, b"", False),
        (200, b"<html>log in</html>", False),
        (200, b"<svg xmlns='http://www.w3.org/2000/svg'/>", False),
        (200, a_picture((1, 1), "GIF", "P"), False),
    ],
)
def test_what_does_not_come_is_tried_again_where_that_may_help(
    database, gallery, transport, pictures, status, body, again
):
    put(database, pictures.figure("x.jpg", status, body))
    assert run(gallery, transport).refused == 1
    (row,) = rows(database)
    assert row.reason
    assert row.state == ("wanted" if again else "refused")
    assert row.next_try_at == (NOW + timedelta(minutes=1) if again else None)


def test_a_picture_that_comes_late_is_kept_and_one_that_never_comes_is_given_up(database, gallery, transport, pictures):
    put(database, pictures.figure("late.jpg", 404, b""))
    run(gallery, transport)
    pictures.figure("late.jpg")
    assert run(gallery, transport, NOW + timedelta(seconds=59)) == job.Round()
    assert run(gallery, transport, NOW + timedelta(minutes=1)).kept == 1
    put(database, pictures.figure("never.jpg", 500, b""))
    now = NOW
    for _ in range(len(job.BACK_OFF) + 1):
        run(gallery, transport, now)
        now += timedelta(days=2)
    assert rows(database)[1].state == "refused"
    assert run(gallery, transport, now) == job.Round()


def test_a_picture_that_came_without_its_end_is_asked_for_again(database, gallery, transport, pictures):
    put(database, pictures.figure("half.jpg", body=written(Image.effect_noise((800, 600), 90), "JPEG")[:9000]))
    assert run(gallery, transport).refused == 1
    assert rows(database)[0].reason == "the end of it is missing"
    pictures.figure("half.jpg")
    assert run(gallery, transport, NOW + timedelta(minutes=2)).kept == 1


def test_a_host_that_asks_to_wait_is_not_asked_before(database, gallery, transport, pictures):
    pictures.headers["Retry-After"] = "7200"
    put(database, pictures.figure("x.jpg", 503, b""))
    run(gallery, transport)
    assert rows(database)[0].next_try_at == NOW + timedelta(hours=2)


def test_col_02_a_picture_on_a_private_address_is_refused_for_good(database, gallery, tmp_path, pictures):
    closed = Transport(AddressPolicy(()), user_agent="Test")
    try:
        put(database, pictures.figure("x.jpg"))
        run(gallery, closed)
    finally:
        closed.close()
    assert pictures.asked == []
    (row,) = rows(database)
    assert (row.state, row.next_try_at) == ("refused", None)
    assert "refused" in row.reason


def test_col_10_more_bytes_than_a_picture_may_have_are_not_read(database, gallery, transport, pictures, monkeypatch):
    monkeypatch.setattr(job, "BYTES_MAX", 1000)
    put(database, pictures.figure("x.jpg"))
    run(gallery, transport)
    assert rows(database)[0].state == "refused"


def test_under_embargo_pictures_are_made_ready_and_of_what_is_held_none_is_asked(
    database, gallery, transport, pictures
):
    with database.write() as connection:
        put_publication(connection, sources=[a_source(id=0, rights=Rights(embargo_minutes=600))])
    put(database, pictures.figure("ready.jpg"))
    put(database, pictures.figure("held.jpg"), state=ArticleState.HELD)
    assert run(gallery, transport).kept == 1
    assert pictures.asked == ["/ready.jpg"]


def test_a_right_to_pictures_that_is_taken_back_removes_them(database, gallery, transport, pictures, tmp_path):
    put(database, pictures.figure("x.jpg"))
    run(gallery, transport)
    assert list((tmp_path / "images").rglob("*.jpg"))
    with database.write() as connection:
        put_publication(connection, sources=[a_source(id=0, rights=Rights(images=ImageRight.NONE))])
    done = run(gallery, transport)
    assert (done.changed, done.dropped) == (1, 1)
    assert not list((tmp_path / "images").rglob("*.jpg"))


def test_workers_share_the_work_and_no_picture_is_fetched_twice(database, tmp_path, gallery, pictures):
    figures = [pictures.figure(f"{n}.jpg") for n in range(24)]
    for n in range(0, 24, 4):
        put(database, *figures[n : n + 4])
    job.decide(gallery, lambda: NOW)

    def worker(_: int) -> job.Round:
        mine = Transport(AddressPolicy((pictures.address,)), user_agent="Test")
        try:
            return job.images(gallery=gallery, exchange=mine, redraw=lambda _: DRAWN, clock=lambda: NOW)
        finally:
            mine.close()

    with ThreadPoolExecutor(3) as pool:
        rounds = list(pool.map(worker, range(3)))
    assert sum(done.kept for done in rounds) == 24
    assert sorted(pictures.asked) == sorted(f"/{n}.jpg" for n in range(24))
    assert {row.state for row in rows(database)} == {"kept"}


# -- killed


class Served:
    """Answers every picture at once, without a network: the child that is to be killed needs none."""

    def fetch_all(self, requests):
        from syndication.model.exchange import Answer

        for request in requests:
            yield request, Answer(request.url, 200, (), b"picture", "127.0.0.1")


def mortal(url: str, folder: str, seed: int) -> None:
    """Do the work until a seeded statement, then end as if the power went."""
    database, left = Database(url), random.Random(seed).randrange(2, 70)

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(database._writer, "before_cursor_execute", count)
    sa.event.listen(database._writer, "commit", count)
    gallery = Gallery(database, ImageFiles(Path(folder)))
    job.images(gallery=gallery, exchange=Served(), redraw=lambda _: DRAWN, clock=lambda: NOW)


@pytest.mark.parametrize("seed", range(4))
def test_kil_02_a_worker_killed_anywhere_leaves_rows_and_files_that_agree(
    database, database_url, gallery, tmp_path, seed
):
    for n in range(6):
        put(database, Figure(f"https://harbour.example/{n}.jpg", "", "Harbour Daily"))
    code = f"from tests.jobs.test_images import mortal; mortal({database_url!r}, {str(tmp_path / 'images')!r}, {seed})"
    ended = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], timeout=60, check=False)
    assert ended.returncode in (0, -signal.SIGKILL)
    files = ImageFiles(tmp_path / "images")
    for row in rows(database):
        if row.state == "kept":
            assert files.has(row.hash, [ImageSize(*size) for size in row.sizes])
    later = NOW + job.LEASE  # what it had in hand is anybody's by then
    job.images(gallery=gallery, exchange=Served(), redraw=lambda _: DRAWN, clock=lambda: later)
    assert [row.state for row in rows(database)] == ["kept"] * 6
