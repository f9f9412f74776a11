"""Migrations: one for each step of a release, in order, never edited once released. They travel in the wheel."""
