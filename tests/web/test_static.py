"""The configurations for web servers, in those servers: the same bytes and the same headers as the service's own."""

import http.client
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from syndication.feeds.pack import pack
from syndication.feeds.publish import publish_to
from syndication.model.feed import FeedDocument, FeedFormat, Publication, Signal
from syndication.web import images, policy
from syndication.web.shelf import CACHE
from syndication.web.static import Place, configurations, files_of
from tests.builders import a_publication
from tests.conftest import free_port, needs

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
CADDY = shutil.which("caddy")
AT = datetime(2026, 5, 7, 6, 30, tzinfo=UTC)
TEXT = b"<rss>" + b"The ferry sails again. " * 400 + b"</rss>"

DOCUMENTS = {
    "feeds/all.rss": pack(FeedDocument(FeedFormat.RSS, TEXT, '"r"', AT)),
    "feeds/all.atom": pack(FeedDocument(FeedFormat.ATOM, TEXT * 2, '"a"', AT, signals=(Signal.NOINDEX, Signal.TDM))),
    "feeds/all.json": FeedDocument(FeedFormat.JSON, b"{}", '"j"', AT),  # too short to be compressed
    "feeds/all/archive/1.atom": pack(FeedDocument(FeedFormat.ATOM, TEXT * 3, '"p"', AT)),
}


def published(folder: Path, publication: Publication, service_port: int) -> Path:
    place = Place(str(folder), f"127.0.0.1:{service_port}")
    publish_to(folder, files_of(DOCUMENTS) | configurations(publication, place, DOCUMENTS))
    return folder


def nginx_around(folder: Path, config: Path) -> Path:
    """The rest of nginx's configuration, for one who may not be root."""
    whole = folder / "nginx-whole.conf"
    scratch = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole.write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log stderr;\nevents {{}}\n"
        f"http {{ access_log off; {scratch} include {config}; }}\n"
    )
    return whole


class Service(BaseHTTPRequestHandler):
    """Stands in for the service: says what it was asked for."""

    def do_GET(self) -> None:
        body = f"service {self.path} {self.headers['Host']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def a_service() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def running(command: list[str], port: int, home: Path) -> Iterator[None]:
    environment = {"HOME": str(home), "PATH": "/usr/bin:/usr/sbin:/bin", "XDG_DATA_HOME": str(home)}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
                break
            except OSError:
                try:
                    assert process.wait(0.05) is None, process.stderr and process.stderr.read().decode()
                except subprocess.TimeoutExpired:
                    continue
        yield
    finally:
        process.terminate()
        process.communicate(timeout=20)


def nginx(folder: Path) -> list[str]:
    needs(NGINX, "nginx (Debian: nginx-light)")
    return [str(NGINX), "-c", str(nginx_around(folder.parent, folder / "server/nginx.conf"))]


def caddy(folder: Path) -> list[str]:
    needs(CADDY, "Caddy (Debian: caddy)")
    config = folder.parent / "Caddyfile"
    config.write_text(f"{{\n\tadmin off\n}}\nimport {folder}/server/Caddyfile\n")
    return [str(CADDY), "run", "--adapter", "caddyfile", "--config", str(config)]


SERVERS = ["nginx", "nginx-below", "caddy", "caddy-below"]
Get = Callable[..., tuple[int, dict[str, str], bytes]]


@pytest.fixture(scope="module", params=[(nginx, ""), (nginx, "/news"), (caddy, ""), (caddy, "/news")], ids=SERVERS)
def get(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    command, root = request.param
    port = free_port()
    publication = a_publication(base_url=f"http://localhost:{port}{root}")

    def ask(path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, root + path, headers={"Host": f"localhost:{port}"} | named)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, data

    ask.base_url = publication.base_url  # type: ignore[attr-defined]
    with a_service() as service_port:
        folder = published(tmp_path_factory.mktemp("server") / "public", publication, service_port)
        with running(command(folder), port, folder.parent):
            yield ask


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_is_served_with_the_headers_of_the_service(get: Get, path: str) -> None:
    document = DOCUMENTS[path]
    status, headers, data = get(f"/{path}")
    assert (status, data) == (200, document.data)
    assert headers["content-type"] == document.format.media_type
    assert headers["cache-control"] == CACHE.decode()
    assert "Accept-Encoding" in headers["vary"]
    base = get.base_url  # type: ignore[attr-defined]
    assert headers["link"] == f'<{base}/{path}>; rel="self", <{base}/websub/hub>; rel="hub"'
    for name, value in policy.FEED:
        assert headers[name.decode()] == value.decode()
    assert ("x-robots-tag" in headers, "tdm-reservation" in headers) == ((path == "feeds/all.atom",) * 2)
    assert "content-encoding" not in headers


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("gzip", "gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip;q=1.0, *;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.0,zstd;q=0", ""),
        ("identity", ""),
        ("brotli, xbr, gzipped", ""),
    ],
)
def test_the_form_that_a_client_takes_is_the_one_that_was_prepared(get: Get, accept: str, coding: str) -> None:
    document = DOCUMENTS["feeds/all.rss"]
    status, headers, data = get("/feeds/all.rss", accept_encoding=accept)
    assert (status, headers.get("content-encoding", "")) == (200, coding)
    assert data == (dict(document.packed)[coding] if coding else document.data)  # type: ignore[index]
    assert headers["content-type"] == document.format.media_type
    again = get("/feeds/all.rss", accept_encoding=accept, if_none_match=headers["etag"])
    assert (again[0], again[2]) == (304, b"")


def test_a_form_that_was_not_prepared_is_no_lie(get: Get) -> None:
    status, headers, data = get("/feeds/all.json", accept_encoding="br, gzip, zstd")
    assert (status, data) == (200, b"{}")
    assert "content-encoding" not in headers


def test_head_is_get_without_its_body(get: Get) -> None:
    whole = get("/feeds/all.rss", accept_encoding="gzip")
    status, headers, data = get("/feeds/all.rss", "HEAD", accept_encoding="gzip")
    assert (status, data, headers["etag"]) == (200, b"", whole[1]["etag"])


@pytest.mark.parametrize("path", ["/", "/feeds/all", "/feeds/new.rss", "/articles/1", "/search?q=a%20b"])
def test_all_else_is_asked_of_the_service(get: Get, path: str) -> None:
    host = get.base_url.removeprefix("http://").removesuffix("/news")  # type: ignore[attr-defined]
    assert get(path)[2].decode() == f"service {path} {host}"


@pytest.mark.parametrize(
    "path",
    [
        "/server/nginx.conf",
        "/server/Caddyfile",
        "/.syndication.json",
        "/feeds/all.rss.gz",
        "/feeds/",
        "/nginx-whole.conf",
    ],
)
def test_pub_14_nothing_but_feeds_is_served_from_the_folder(get: Get, path: str) -> None:
    assert get(path)[2].startswith(b"service ")


@pytest.mark.parametrize(
    "path", ["/feeds/../server/nginx.conf", "/feeds/..%2fserver%2fnginx.conf", "/feeds/%00all.rss"]
)
def test_pub_14_no_spelling_leads_out_of_the_feeds(get: Get, path: str) -> None:
    data = get(path)[2]
    assert b"listen" not in data
    assert b"root" not in data


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_a_picture_may_be_kept_by_caches_for_a_day_as_by_the_service(tmp_path: Path, name: str) -> None:
    told = configurations(a_publication(), Place(str(tmp_path), "127.0.0.1:8080"), DOCUMENTS)[f"server/{name}"].decode()
    assert f'"{images.CACHE}"' in told and images.CACHE == "public, max-age=86400"
    assert "immutable" not in told


def test_an_https_publication_has_a_configuration_that_nginx_takes(tmp_path: Path) -> None:
    needs(NGINX, "nginx (Debian: nginx-light)")
    needs(shutil.which("openssl"), "openssl")
    folder = published(tmp_path / "public", a_publication(), 8080)
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    subprocess.run(
        f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=news.example.org"
        f" -keyout {key} -out {certificate}".split(),
        check=True,
        capture_output=True,
    )
    config = folder / "server/nginx.conf"
    text = config.read_text()
    assert "strict-transport-security" in text
    config.write_text(text.replace("/etc/letsencrypt/live/news.example.org", str(tmp_path)))
    subprocess.run([str(NGINX), "-t", "-c", str(nginx_around(tmp_path, config))], check=True, capture_output=True)


def test_an_https_publication_has_a_configuration_that_caddy_takes(tmp_path: Path) -> None:
    needs(CADDY, "Caddy (Debian: caddy)")
    folder = published(tmp_path / "public", a_publication(), 8080)
    told = subprocess.run(
        [str(CADDY), "validate", "--adapter", "caddyfile", "--config", str(folder / "server/Caddyfile")],
        env={"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    assert "strict-transport-security" in (folder / "server/Caddyfile").read_text()


def test_a_folder_with_odd_letters_is_quoted(tmp_path: Path) -> None:
    needs(NGINX, "nginx (Debian: nginx-light)")
    odd = tmp_path / "a public; folder {1}"
    publication = a_publication(base_url=f"http://localhost:{free_port()}")
    config = published(odd, publication, 8080) / "server/nginx.conf"
    copy = tmp_path / "nginx.conf"
    copy.write_bytes(config.read_bytes())
    subprocess.run([str(NGINX), "-t", "-c", str(nginx_around(tmp_path, copy))], check=True, capture_output=True)
