"""Consent: who asked for which newsletter, how they proved it, and how they leave. Pure."""
