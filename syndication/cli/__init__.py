"""Commands, a file per noun: they read, ask a job, and say what came of it. Data on stdout, talk on stderr."""
