"""The log on disk: SQLite through SQLAlchemy, one writer; only `deletion` overwrites what was written."""

from .database import Store, StoreError, open_store, restore, serving_address
from .log import StoredWorkshop

__all__ = ["Store", "StoreError", "StoredWorkshop", "open_store", "restore", "serving_address"]
