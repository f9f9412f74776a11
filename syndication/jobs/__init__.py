"""Verbs: read, let a room decide, act. Each job reads top to bottom as the flow, and is safe to run twice."""
