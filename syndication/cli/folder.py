"""What `feed publish` puts into a folder: feeds, archives, compressed forms, pictures, and configurations."""

from collections.abc import Mapping
from pathlib import Path

from syndication.feeds.pack import pack
from syndication.jobs import feed_archive
from syndication.model.feed import FeedDocument, FeedFormat
from syndication.storage import feeds, images
from syndication.web import static
from syndication.wiring import House, now


def files_for(
    house: House, to: Path, fresh: Mapping[tuple[str, FeedFormat], FeedDocument]
) -> tuple[list[str], dict[str, bytes]]:
    """The paths of the documents, and all files by path. `fresh` is newer than what is stored."""
    with house.database.read() as connection:
        stored = {**feeds.snapshots(connection), **fresh}
    documents = {f"feeds/{slug}.{format.value}": document for (slug, format), document in sorted(stored.items())}
    documents |= _archives(house)
    place = static.Place(str(to.resolve()), house.settings.service.listen)
    configurations = static.configurations(house.publication, place, documents)
    return list(documents), static.files_of(documents) | configurations


def put_images(house: House, to: Path, *, dry_run: bool) -> tuple[list[str], list[str]]:
    """Pictures that are kept, before the documents that show them: those put there, and those to go after."""
    with house.database.read() as connection:
        names = set(images.kept_names(connection))
    folder, files = to / "images", house.image_files
    strays = [f"images/{name}" for name in files.strays(folder, names)]
    if dry_run:
        new = [name for name in sorted(names) if not (folder / name).is_file()]
    else:
        new = list(files.copy_to(folder, sorted(names))) if names or folder.is_dir() else []
    return [f"images/{name}" for name in new], strays


def _archives(house: House) -> dict[str, FeedDocument]:
    """The pages of every feed's past, which its documents lead to (RFC 5005, section 4)."""
    found = {}
    for feed in house.shelf.all():
        for number in range(1, house.shelf.newest_page(feed) + 1):
            page = feed_archive.page(house.shelf, house.publication, feed.slug, number, now())
            if page is not None:
                found[f"feeds/{feed.slug}/archive/{number}.atom"] = pack(page)
    return found
