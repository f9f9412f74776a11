"""A mail as it goes over SMTP (RFC 5321, section 4.5.2). In: any bytes. Out: bytes with one lone dot, the last line.

Every line ends in CRLF whatever it ended in before, and a dot that begins a line is doubled, so nothing in a mail can
end it early and have what follows taken for commands: that is how a second message is smuggled in.
"""

import re

END = b".\r\n"
_BARE = re.compile(rb"\r\n?|\n")


def stuffed(mail: bytes) -> bytes:
    ends = mail.count(b"\r\n")
    if mail.count(b"\r") != ends or mail.count(b"\n") != ends:
        mail = _BARE.sub(b"\r\n", mail)
    if not mail.endswith(b"\r\n"):
        mail += b"\r\n"
    if b"\r\n." in mail:
        mail = mail.replace(b"\r\n.", b"\r\n..")
    return (b"." if mail.startswith(b".") else b"") + mail + END
