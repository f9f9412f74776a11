"""A stand-in for SendGrid's v3 Mail Send, on loopback: `python -m tests.standin --port 0 --log FILE`.

A program of its own that shares no line with the product. It checks a call as the service does, answers as the service
does, and misbehaves when told to. What it accepted stands in FILE, one line a call, synced before the answer, so a test
can count even when everything else was killed. It never sends anything anywhere.
"""
