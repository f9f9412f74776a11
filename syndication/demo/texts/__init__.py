"""The sample stories, a file per partner. Text only."""
