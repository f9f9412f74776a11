"""HTTP edge: feeds from memory, pages, consent, health; a private listener beside it for the outbox.

What comes in is judged at the gate: host, path, method, size, time. What goes out carries the policy headers. Links are
built from the configured base address and from nothing that a visitor sends.
"""
