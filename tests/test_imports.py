"""Who may know whom: the arrows of the house, read off our own source, and who may touch the world outside (COL-21)."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest

import syndication

HOUSE = Path(syndication.__file__).parent

ROOMS = {"sources", "articles", "feeds", "editions", "subscribers", "deliveries"}
NOUNS = {"model", "errors", "patterns", "selectors"}
MIDDLE = ROOMS | NOUNS | {"rendering"}
EVERYTHING = MIDDLE | {
    "jobs",
    "web",
    "schedule",
    "engine",
    "senders",
    "storage",
    "outbound",
    "imaging",
    "settings",
    "logs",
    "wiring",
}

ARROWS: dict[str, set[str]] = {
    "errors": set(),
    "patterns": set(),
    "selectors": set(),
    "model": set(),
    **dict.fromkeys(ROOMS, NOUNS),
    "rendering": NOUNS,
    "senders": NOUNS,
    "storage": NOUNS,
    "outbound": NOUNS,
    "imaging": NOUNS,
    "settings": NOUNS,
    "logs": NOUNS,
    "jobs": MIDDLE,
    "web": MIDDLE | {"jobs"},
    "schedule": MIDDLE | {"jobs"},
    "engine": MIDDLE | {"jobs"},
    "demo": NOUNS | {"__init__"},  # our version, in its Server header
    "wiring": EVERYTHING - {"wiring"} | {"__init__"},
    "cli": EVERYTHING | {"demo", "__init__"},
    "__main__": {"cli"},
    "__init__": {"sources", "articles"},  # the library face, looked up when first asked for
}

# One room each, whose opening lines say that it alone knows the library.
ALONE_KNOWS = {
    "pycurl": "outbound",
    "imaplib": "outbound.imap",
    "dns": "outbound.records",
    "PIL": "imaging.child",
    "sendgrid": "senders.sendgrid",
    "python_http_client": "senders.sendgrid",
    "sqlalchemy": "storage",
    "alembic": "storage",
    "psycopg": "storage",
    "sqlite3": "storage",
    "jinja2": "rendering",
    "css_inline": "rendering",
    "apscheduler": "schedule",
    "feedgen": "feeds.xml_feed",
    "feedparser": "sources",
    "nh3": "articles.sanitize",
    "trafilatura": "articles.extract.second",
    "starlette": "web",
    "granian": "web",
    "typer": "cli",
    "rich": "cli",
    "pydantic": "settings",
    "procrastinate": "engine",
}

CLIENTS = {
    "pycurl",
    "urllib.request",
    "urllib3",
    "http.client",
    "requests",
    "niquests",
    "httpx",
    "httpcore",
    "aiohttp",
    "ftplib",
    "smtplib",
    "imaplib",
    "poplib",
    "nntplib",
    "telnetlib",
    "xmlrpc.client",
    "websockets",
    "paramiko",
}
CONNECTING = {"create_connection", "open_connection", "create_datagram_endpoint", "urlopen", "urlretrieve"}
# Each with its reason; a further one needs as good a reason.
CONNECTS_TO_ITSELF = {
    "web/serve.py": {"open_connection"},  # knocks at its own listener until it answers
    "outbound/wire.py": {"create_connection"},  # to the mail host that the settings name; libcurl cannot pipeline SMTP
}

TOUCHES_THE_WORLD = {
    "asyncio",
    "ctypes",
    "fcntl",
    "http",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "random",
    "secrets",
    "select",
    "selectors",
    "shutil",
    "socket",
    "ssl",
    "subprocess",
    "tempfile",
    "threading",
    "time",
}
AT_THE_EDGE = {"feeds/publish.py": {"fcntl", "os", "pathlib", "tempfile"}}  # writes the public folder, all or nothing


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("syndication", include_external_packages=True, cache_dir=None)


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def our_imports() -> Iterator[tuple[str, str]]:
    """Each module of ours with each module that it imports, wherever in the file that stands."""
    for module in graph().modules:
        if module.split(".")[0] == "syndication":
            yield from ((module, imported) for imported in graph().find_modules_directly_imported_by(module))


@cache
def trees() -> dict[str, ast.Module]:
    return {str(path.relative_to(HOUSE)): ast.parse(path.read_bytes()) for path in sorted(HOUSE.rglob("*.py"))}


def imported_names(tree: ast.Module) -> set[str]:
    """Every dotted name that an import could bring in: of `from a import b` both `a` and `a.b`."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Constant) and node.value in CLIENTS:
            names.add(str(node.value))  # for importlib
    return names


def within(name: str, of: set[str]) -> bool:
    parts = name.split(".")
    return any(".".join(parts[:length]) in of for length in range(1, len(parts) + 1))


def test_every_room_has_its_place_in_the_house():
    present = {room_of(module) for module in graph().modules if module.split(".")[0] == "syndication"}
    assert present <= set(ARROWS)


@pytest.mark.parametrize("room", sorted(ARROWS))
def test_imports_follow_the_arrows(room):
    astray = {
        f"{module} imports {imported}"
        for module, imported in our_imports()
        if imported.split(".")[0] == "syndication"
        and room_of(module) == room
        and room_of(imported) not in ARROWS[room] | {room}
    }
    assert astray == set()


def test_the_six_rooms_never_import_one_another():
    for room in ROOMS:
        assert not ARROWS[room] & ROOMS


def test_there_is_no_way_round_between_rooms():
    """The arrows as a whole have no circle, but for the library face above everything."""
    left = {room: set(may) - {"__init__"} for room, may in ARROWS.items() if room != "__init__"}
    while left:
        leaves = {room for room, may in left.items() if not may & set(left)}
        assert leaves, f"a circle among {sorted(left)}"
        left = {room: may for room, may in left.items() if room not in leaves}


@pytest.mark.parametrize(("library", "owner"), ALONE_KNOWS.items())
def test_one_room_alone_knows_a_library(library, owner):
    knowing = {module for module, imported in our_imports() if imported == library}
    strangers = {one for one in knowing if not f"{one}.".startswith(f"syndication.{owner}.")}
    assert strangers == set()


def test_col_21_nothing_but_the_one_way_out_knows_a_client_library():
    astray = {
        f"{path} imports {name}"
        for path, tree in trees().items()
        if not path.startswith("outbound/")
        for name in imported_names(tree)
        if within(name, CLIENTS)
    }
    assert astray == set()


def test_col_21_the_one_way_out_knows_one_client_library_and_one_for_the_operators_mailbox():
    known = {name for path, tree in trees().items() if path.startswith("outbound/") for name in imported_names(tree)}
    assert {name for name in known if within(name, CLIENTS)} == {"pycurl", "imaplib"}


def test_col_21_nothing_that_fetches_is_asked_of_the_second_opinion():
    """The library can fetch pages; we hand it a tree and take its one function that reads one."""
    named = {name for tree in trees().values() for name in imported_names(tree) if name.startswith("trafilatura")}
    assert named == {"trafilatura.core", "trafilatura.core.bare_extraction"}


def test_col_21_nobody_opens_a_connection_by_hand():
    """Neither `socket.create_connection` and its like, nor a TCP socket made to connect."""
    astray = {
        f"{path}:{node.lineno} {name}"
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.Name)
        and (name := node.attr if isinstance(node, ast.Attribute) else node.id) in CONNECTING
        and name not in CONNECTS_TO_ITSELF.get(path, set())
    }
    assert astray == set()


def test_col_21_sockets_outside_the_one_way_out_stay_on_this_machine():
    """Whoever makes a socket listens, or speaks to its own machine through a UNIX socket."""
    makers = {path for path, tree in trees().items() if "socket" in imported_names(tree)}
    astray = {
        f"{path}:{node.lineno} connects"
        for path in makers
        if not path.startswith("outbound/")
        for node in ast.walk(trees()[path])
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("connect", "connect_ex", "sendto")
        and "AF_UNIX" not in ast.dump(trees()[path])
    }
    assert astray == set()


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_touches_neither_clock_nor_disk_nor_network(room):
    astray = {
        f"{path} imports {name}"
        for path, tree in trees().items()
        if path.startswith(f"{room}/")
        for name in imported_names(tree)
        if within(name, TOUCHES_THE_WORLD - AT_THE_EDGE.get(path, set())) and name != "http.HTTPStatus"
    }
    assert astray == set()


@pytest.mark.parametrize("room", sorted(ROOMS | {"model"}))
def test_a_room_never_asks_the_time(room):
    astray = {
        f"{path}:{node.lineno}"
        for path, tree in trees().items()
        if path.startswith(f"{room}/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today")
    }
    assert astray == set()
