"""Roles given and taken, and who hears that somebody sees more."""
