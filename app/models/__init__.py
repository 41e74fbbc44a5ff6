"""The records. Import every family here, so that Alembic and the mapper see all tables."""
