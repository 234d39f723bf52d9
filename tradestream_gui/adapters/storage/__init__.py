"""SQLite through SQLAlchemy Core and Alembic."""
