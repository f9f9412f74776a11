"""The fault kit: what breaks a send in the ways in which it breaks in the world, each by a seed or by order.

`proxy` stands before a provider and cuts, stalls, resets and slows what passes through. `full_disk` is a file system of
a few pages, a device that takes nothing, and a bound on what a process may write. `clock` is one that several
processes share. `oracle` judges a send by the provider's log and by SQL, and knows no line of the product. The provider
itself, with faults of its own, is tests/standin; who kills and stops processes at named steps is tests/storm/mortal.
"""
