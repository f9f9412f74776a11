"""Who runs the jobs: bounded pools in a process, wake-ups between processes, and the supervisor of the two.

Truth is a row in the database; what passes here is only a name and an id, which may be lost or come twice.
"""
