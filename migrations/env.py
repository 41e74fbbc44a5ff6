"""Alembic's environment; filled in with the first migration."""
