"""Ways to pass a page on. In: its title and address. Out: links. Pure.

Plain links, without a script and without a picture: nobody learns of a page unless a reader follows one.
"""

from urllib.parse import quote

from syndication.web.present import Link


def ways(title: str, address: str) -> list[Link]:
    words = quote(f"{title} {address}", safe="")
    return [
        Link("Mail", f"mailto:?subject={quote(title, safe='')}&body={quote(address, safe='')}"),
        Link("WhatsApp", f"https://wa.me/?text={words}"),
        Link("Bluesky", f"https://bsky.app/intent/compose?text={words}"),
    ]
