"""Feeds as files for a web server: documents -> files, compressed forms, and a configuration that serves them.

The configuration gives each file the headers that the service itself gives it, and passes everything else on to the
service. It is text for nginx (1.18 and later, no module beyond the usual) and for Caddy (2.6 and later). Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from syndication.model.feed import Coding, FeedDocument, FeedFormat, Publication, Signal
from syndication.web import images, policy
from syndication.web.shelf import CACHE, SIGNALS

ENDINGS: Mapping[Coding, str] = {Coding.BR: "br", Coding.ZSTD: "zst", Coding.GZIP: "gz"}
FOLDER = "server"
"""Of the configurations, inside the published folder."""

IMAGE_PATH = "/images/[0-9a-f]{32}-[0-9]+[.]jpg"
_NAMES = r"[a-z0-9][a-z0-9-]*(?:/archive/[0-9]+)?"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the files lie, and where the service listens: both as the web server sees them."""

    directory: str
    service: str
    """Address and port."""


def files_of(documents: Mapping[str, FeedDocument]) -> dict[str, bytes]:
    """`documents`: by path below the folder. Each as it is, and in each coding that makes it shorter."""
    files: dict[str, bytes] = {}
    for path, document in documents.items():
        files[path] = document.data
        files |= {f"{path}.{ENDINGS[coding]}": data for coding, data in document.packed}
    return files


def configurations(publication: Publication, place: Place, documents: Mapping[str, FeedDocument]) -> dict[str, bytes]:
    signalled = {
        signal: sorted(path for path, document in documents.items() if signal in document.signals) for signal in Signal
    }
    return {
        f"{FOLDER}/nginx.conf": nginx(publication, place, signalled).encode(),
        f"{FOLDER}/Caddyfile": caddy(publication, place, signalled).encode(),
    }


def nginx(publication: Publication, place: Place, signalled: Mapping[Signal, Iterable[str]]) -> str:
    address = urlsplit(publication.base_url)
    root = address.path.rstrip("/")
    lines = [
        "# nginx: put this file, or a link to it, where your http block includes files from, such as",
        "# /etc/nginx/conf.d/. `syndication feed publish` writes it; reload nginx when it has changed.",
        "# What a client takes, the shortest form first. A q of 0 says no.",
        "map $http_accept_encoding $syndication_form {",
        '    default "";',
        *(
            rf'    "~*(^|[ ,]){coding.value}(?!\s*;\s*q=0(\.0*)?\s*(,|$))\s*(;|,|$)" ".{ending}";'
            for coding, ending in ENDINGS.items()
        ),
        "}",
        "# What is served in the end, also where a form was not prepared.",
        "map $uri $syndication_coding {",
        "    volatile;",
        '    default "";',
        *(rf"    ~\.{ending}$ {coding.value};" for coding, ending in ENDINGS.items()),
        "}",
        *_signals(signalled),
        "upstream syndication {",
        f"    server {place.service};",
        "    keepalive 16;",
        "}",
        "server {",
        *_listen(address.scheme, address.hostname or "localhost", address.port),
        "    server_tokens off;",
        f"    root {_quoted(place.directory)};",
    ]
    for format in FeedFormat:
        lines += _location(publication, root, format)
    lines += _images(root)
    lines += _pass_on("@syndication", "http://syndication")
    # Below a path of its own the service is asked without it: it serves its pages at the top.
    lines += _pass_on(f"{root}/", "http://syndication/" if root else "http://syndication")
    return "\n".join([*lines, "}"]) + "\n"


def _pass_on(location: str, to: str) -> list[str]:
    return [
        f"    location {location} {{",
        f"        proxy_pass {to};",
        "        proxy_http_version 1.1;",
        '        proxy_set_header Connection "";',
        "        proxy_set_header Host $http_host;",
        "        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
        "    }",
    ]


def _signals(signalled: Mapping[Signal, Iterable[str]]) -> list[str]:
    """A map for each header that only some documents carry. nginx leaves out a header without a value."""
    lines = []
    for signal, paths in signalled.items():
        ((_, value),) = SIGNALS[signal]
        lines += [f"map $syndication_feed $syndication_{signal.value} {{", '    default "";']
        lines += [f'    "{path.removeprefix("feeds/")}" {value.decode()};' for path in paths]
        lines.append("}")
    return lines


def _listen(scheme: str, host: str, port: int | None) -> list[str]:
    if scheme == "http":
        return [f"    listen {port or 80};", f"    server_name {host};"]
    return [
        f"    listen {port or 443} ssl;",
        f"    server_name {host};",
        "    # As certbot keeps them; name your own if they lie elsewhere.",
        f"    ssl_certificate /etc/letsencrypt/live/{host}/fullchain.pem;",
        f"    ssl_certificate_key /etc/letsencrypt/live/{host}/privkey.pem;",
    ]


def _location(publication: Publication, root: str, format: FeedFormat) -> list[str]:
    lines = [
        f'    location ~ "^{root}/feeds/(?<syndication_feed>{_NAMES}\\.{format.value})$" {{',
        *([f"        rewrite ^{root}(/.*)$ $1 break;"] if root else []),
        "        try_files $uri$syndication_form $uri @syndication;",
        "        types {}",
        f"        default_type {_quoted(format.media_type)};",
        "        add_header Content-Encoding $syndication_coding;",
        "        add_header Vary Accept-Encoding;",
    ]
    for name, value in _headers(publication, "$syndication_feed"):
        lines.append(f"        add_header {name} {_quoted(value)} always;")
    for signal in Signal:
        ((header, _),) = SIGNALS[signal]
        lines.append(f"        add_header {header.decode()} $syndication_{signal.value};")
    return [*lines, "    }"]


def _images(root: str) -> list[str]:
    lines = [
        f'    location ~ "^{root}{IMAGE_PATH}$" {{',
        *([f"        rewrite ^{root}(/.*)$ $1 break;"] if root else []),
        "        try_files $uri @syndication;",
        "        types {}",
        "        default_type image/jpeg;",
    ]
    return [*lines, *(f"        add_header {name} {_quoted(value)} always;" for name, value in _of_images()), "    }"]


def _of_images() -> list[tuple[str, str]]:
    return [("cache-control", images.CACHE), *((name.decode(), value.decode()) for name, value in policy.IMAGE)]


def caddy(publication: Publication, place: Place, signalled: Mapping[Signal, Iterable[str]]) -> str:
    address = urlsplit(publication.base_url)
    root = address.path.rstrip("/")
    lines = [
        "# Caddy: import this file from your Caddyfile, or name it with --config.",
        "# `syndication feed publish` writes it; reload Caddy when it has changed.",
        f"{address.scheme}://{address.netloc} {{",
        f"\troot * {_quoted(place.directory)}",
        "\troute {",
        # Below a path of its own the service is asked without it: it serves its pages at the top.
        *([f"\t\turi strip_prefix {root}"] if root else []),
        "\t\t@feed {",
        "\t\t\tmethod GET HEAD",
        f"\t\t\tpath_regexp feed ^/feeds/({_NAMES}\\.(?:rss|atom|json))$",
        "\t\t\tfile",
        "\t\t}",
        "\t\thandle @feed {",
        *(f"\t\t\t{line}" for line in _caddy_headers(publication, signalled)),
        "\t\t\tfile_server {",
        f"\t\t\t\tprecompressed {' '.join(coding.value for coding in ENDINGS)}",
        "\t\t\t}",
        "\t\t}",
        "\t\t@image {",
        "\t\t\tmethod GET HEAD",
        f"\t\t\tpath_regexp ^{IMAGE_PATH}$",
        "\t\t\tfile",
        "\t\t}",
        "\t\thandle @image {",
        "\t\t\theader Content-Type image/jpeg",
        *(f"\t\t\theader {name} {_quoted(value)}" for name, value in _of_images()),
        "\t\t\tfile_server",
        "\t\t}",
        "\t\thandle {",
        f"\t\t\treverse_proxy {place.service}",
        "\t\t}",
        "\t}",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _caddy_headers(publication: Publication, signalled: Mapping[Signal, Iterable[str]]) -> list[str]:
    lines = ["header Vary Accept-Encoding"]
    for format in FeedFormat:
        lines.append(f"@{format.value} path *.{format.value}")
        lines.append(f"header @{format.value} Content-Type {_quoted(format.media_type)}")
    lines += [f"header {name} {_quoted(value)}" for name, value in _headers(publication, "{re.feed.1}")]
    for signal, paths in signalled.items():
        ((header, told),) = SIGNALS[signal]
        if listed := " ".join(f"/{path}" for path in paths):
            lines.append(f"@{signal.value} path {listed}")
            lines.append(f"header @{signal.value} {header.decode()} {_quoted(told.decode())}")
    return lines


def _headers(publication: Publication, feed: str) -> list[tuple[str, str]]:
    """What every document carries. `feed` is the server's own word for its name."""
    own = f'<{publication.base_url}/feeds/{feed}>; rel="self"'
    hubs = [f'<{hub}>; rel="hub"' for hub in (publication.hub, *publication.hubs)]
    extra = policy.HTTPS_ONLY if publication.base_url.startswith("https:") else ()
    told = [(name.decode(), value.decode()) for name, value in (*policy.FEED, *extra)]
    return [("cache-control", CACHE.decode()), ("link", ", ".join([own, *hubs])), *told]


def _quoted(text: str) -> str:
    """As both servers read it: in double quotes, with those inside escaped."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
