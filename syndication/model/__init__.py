"""Nouns: frozen values, a file per noun. They keep themselves valid, so nobody downstream has to check.

This room imports nothing of ours but itself, so everyone may import it.
"""
