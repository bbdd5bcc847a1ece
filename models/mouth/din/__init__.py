"""Sounds without speech, made by chance: noises, clutter and music."""
