"""Figures and kept pictures for tests."""

from typing import Any

from syndication.model.article import Figure
from syndication.model.image import Image, ImageSize


def a_figure(name: str = "boat", **given: Any) -> Figure:
    usual = {"src": f"https://harbour.example/pictures/{name}.jpg", "caption": "The ferry.", "credit": "Harbour Daily"}
    return Figure(**usual | given)


def an_image(figure: Figure | None = None, **given: Any) -> Image:
    usual: dict[str, Any] = {
        "origin": (figure or a_figure()).src,
        "hash": "ab" * 16,
        "sizes": (ImageSize(640, 400, 40_000), ImageSize(1280, 800, 120_000)),
    }
    return Image(**usual | given)
