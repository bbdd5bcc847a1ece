"""Presenters of our own: rights-clean footage of people who do not exist, made by recipe."""
