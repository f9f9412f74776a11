"""The sample stories, a file for each partner. Text only."""
