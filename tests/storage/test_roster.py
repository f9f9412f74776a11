"""An erased reader, on both engines: what providers told of them and nobody understood goes too (STO-06)."""

import pytest
import sqlalchemy as sa

from syndication.model.subscriber import EmailAddress
from syndication.storage import roster, schema
from tests.builders import NOW, put_publication

KEY = b"a key for tests"


@pytest.mark.parametrize("said", [b'{"email":"Ada@readers.example"}', b"<ada@readers.example> \xff\x00"])
def test_sto_06_what_was_set_aside_of_a_reader_goes_with_them(database, said: bytes) -> None:
    address = EmailAddress.parse("Ada@readers.example")
    other = b'{"email":"grace@readers.example"}'
    with database.write() as connection:
        put_publication(connection)
        person = {"address": address.text, "address_norm": address.norm, "address_hash": address.keyed_hash(KEY)}
        connection.execute(schema.subscriber.insert().values(**person, locale="en", zone="UTC", created_at=NOW))
        for n, data in enumerate((said, other)):
            row = {"transport": "sendgrid", "at": NOW, "reason": "no json", "hash": str(n), "data": data}
            connection.execute(schema.event_aside.insert().values(**row))
        gone = roster.erase(connection, address, address.keyed_hash(KEY), now=NOW, actor="ada")
    assert gone["events set aside"] == 1
    with database.read() as connection:
        assert list(connection.scalars(sa.select(schema.event_aside.c.data))) == [other]
