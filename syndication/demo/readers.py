"""Sample readers: addresses that nobody has, the same at every start (RFC 2606 keeps `.example` free)."""

from syndication.model.subscriber import EmailAddress

DOMAIN = "readers.example"

_GIVEN = (
    "Ada", "Bram", "Celia", "Dorrit", "Edwin", "Fenna", "Gwen", "Hal", "Isolde", "Jory", "Kester", "Lowenna", "Merryn",
    "Ned", "Olwen", "Piran", "Quill", "Rhoda", "Silas", "Tamsin", "Ursel", "Venn", "Wilfa", "Yestin", "Zennor",
)  # fmt: skip
_FAMILY = (
    "Amberley", "Birkhall", "Corrow", "Dunnock", "Elverside", "Fairlamb", "Garrick", "Holloway", "Inchbald", "Jessamy",
    "Kittow", "Lanmoor", "Marram", "Netherway", "Oakshott", "Pellow", "Quarrier", "Redshank", "Seaborne", "Tolland",
    "Underhay", "Varrow", "Wetherall", "Yarrow",
)  # fmt: skip


def sample_readers(count: int = 200) -> tuple[EmailAddress, ...]:
    """`count` addresses, no two alike, in several of the spellings that people choose."""
    return tuple(EmailAddress.parse(f"{_local_part(number)}@{DOMAIN}") for number in range(count))


def _local_part(number: int) -> str:
    # 25 and 24 have no common divisor, so the pairs repeat only after 600; from then on a number tells them apart.
    given, family = _GIVEN[number % len(_GIVEN)].lower(), _FAMILY[number % len(_FAMILY)].lower()
    again, _ = divmod(number, len(_GIVEN) * len(_FAMILY))
    spellings = (
        f"{given}.{family}",
        f"{given}-{family}",
        f"{given}{family}",
        f"{family}.{given}",
        f"{given}.{family}+news",
    )
    name = spellings[number // 3 % len(spellings)]
    return f"{name}{again + 1}" if again else name
