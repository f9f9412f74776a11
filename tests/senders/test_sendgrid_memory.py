"""A long run of calls leaves nothing behind: the library's clients come and go with each."""

import subprocess
import sys
from pathlib import Path

RUN = """
from pathlib import Path
from syndication.model.exchange import Answer
from syndication.senders.sendgrid import SendGrid
from tests.senders.submissions import a_batch

class Exchange:
    def fetch(self, request):
        return Answer(request.url, 202, (("x-message-id", "a" * 22),), b"", "192.0.2.1")

def kilobytes():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

account, batch = SendGrid("SG.a.key", exchange=Exchange()), a_batch(20)
def send(count):
    for _ in range(count):
        assert account.submit(batch).provider_ref

send(300)
before = kilobytes()
send(900)
print(kilobytes() - before)
"""
GROWN_KILOBYTES_MAX = 2048


def test_nine_hundred_calls_leave_memory_as_it_was() -> None:
    here = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", RUN], cwd=here, capture_output=True, text=True, timeout=120, check=True
    )
    assert int(done.stdout) < GROWN_KILOBYTES_MAX
