"""The log on disk: SQLite through SQLAlchemy, one writer, nothing ever overwritten."""

from .database import Store, StoreError, open_store
from .log import StoredWorkshop

__all__ = ["Store", "StoreError", "StoredWorkshop", "open_store"]
