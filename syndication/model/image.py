"""Image: a picture of an article as we keep it. Wanted: one to be fetched."""

from dataclasses import dataclass
from enum import StrEnum


class ImageState(StrEnum):
    WANTED = "wanted"  # allowed, to be fetched
    KEPT = "kept"  # its files lie in the data directory
    REFUSED = "refused"  # it cannot be had, or is none
    LEAVING = "leaving"  # no longer allowed: its files go next
    GONE = "gone"  # its files are gone; the row tells that it was used


@dataclass(frozen=True, slots=True)
class ImageSize:
    width: int
    height: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Image:
    """A picture made anew by us: baseline or progressive JPEG without anything but the picture in it."""

    origin: str
    """The address it was fetched from."""
    hash: str
    """Of all its files: another picture has other addresses."""
    sizes: tuple[ImageSize, ...]
    """Smallest first; one at least."""

    @property
    def small(self) -> ImageSize:
        return self.sizes[0]

    @property
    def large(self) -> ImageSize:
        return self.sizes[-1]

    def path(self, size: ImageSize) -> str:
        """Below the base address."""
        return f"/images/{file_name(self.hash, size.width)}"


def file_name(hash: str, width: int) -> str:
    return f"{hash}-{width}.jpg"


@dataclass(frozen=True, slots=True)
class Drawn:
    """What became of a picture's bytes: a JPEG for each size, or why not. `passing`: trying again may help."""

    files: tuple[tuple[ImageSize, bytes], ...] = ()
    refusal: str = ""
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture that is claimed by a worker until its lease ends. `token` tells its claim from a later one."""

    id: int
    article_id: int
    origin: str
    token: int
    failures: int
