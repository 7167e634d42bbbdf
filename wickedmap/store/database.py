"""Opening the database: one file, one process, one writer, the newest form."""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import QueuePool

from .tables import EXPECTED

try:
    import fcntl
except ImportError:  # Windows has no flock; SQLite's own locks are what is left there.
    fcntl = None  # type: ignore[assignment]

FILE_NAME = "wickedmap.sqlite"


class StoreError(Exception):
    """A data folder or database that cannot be used; the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Store:
    """The open database: `writing` for the one writer, `reading` for everybody else."""

    def __init__(self, folder: Path, writer: Engine, reader: Engine, lock: Any) -> None:
        self.folder = folder
        self.path = folder / FILE_NAME
        self.secret = _secret(folder)
        self._writer = writer
        self._reader = reader
        self._lock = lock
        self._one_writer = threading.Lock()
        self._background: threading.Thread | None = None

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction with BEGIN IMMEDIATE; all of it happens or nothing."""
        with self._one_writer, self._writer.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a connection that cannot write."""
        with self._reader.connect() as connection:
            yield connection

    def backup(self, target: Path) -> Path:
        """Write a whole, consistent copy while the room goes on writing."""
        return _vacuum_into(self.path, target)

    def in_background(self, work: Callable[[], None]) -> bool:
        """Begin work that nobody waits for, one at a time; False when there is some already.

        `close` waits for it.
        """
        if self._background is not None and self._background.is_alive():
            return False
        self._background = threading.Thread(target=work, name="store", daemon=True)
        self._background.start()
        return True

    def served_at(self, address: str) -> None:
        """Leave word of where this folder is served, for commands that cannot open it meanwhile."""
        if self._lock is not None:
            self._lock.truncate(0)
            self._lock.write(address)
            self._lock.flush()

    def close(self) -> None:
        """Close all connections and let another process have the folder."""
        if self._background is not None:
            self._background.join()
        self._reader.dispose()
        if self._lock is not None:
            # Whoever copies the one file after a clean stop gets all of it.
            with self._one_writer, self._writer.connect() as connection:
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._writer.dispose()
        if self._lock is not None and not self._lock.closed:
            self._lock.truncate(0)
            self._lock.close()


def open_store(folder: Path | str, *, read_only: bool = False) -> Store:
    """Open, or make, the database in a data folder.

    Parameters
    ----------
    folder : path
        Made when it is missing.
    read_only : bool
        For a second process that only reads, such as an export.

    Raises
    ------
    StoreError
        ``missing`` (nothing to read yet), ``not_writable``, ``in_use`` (another process has
        it), ``unreadable`` (not a database, or not one of ours) or ``newer`` (written by a
        later version).
    """
    folder = Path(folder)
    path = folder / FILE_NAME
    missing = StoreError("missing", f"there is no database in {folder}")
    if read_only and not path.is_file():
        raise missing
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not read_only:
            probe = folder / ".writable"
            probe.write_text("")
            probe.unlink()
    except OSError as error:
        raise StoreError(
            "not_writable", f"cannot write in {folder}: {error.strerror}; choose another folder with --data"
        ) from None
    lock = None if read_only else _lock(folder)
    try:
        if _look_inside(path) is None and read_only:
            raise missing
        if not read_only:
            # The log holds what people said: nobody else on the machine needs it. The
            # files beside it take their rights from this one, so it comes first.
            path.touch(mode=0o600)
            path.chmod(0o600)
        writer = _engine(path, read_only=read_only)
        if not read_only:
            _migrate(writer, path)
        return Store(folder, writer, _engine(path, read_only=True), lock)
    except BaseException:
        if lock is not None:
            lock.close()
        raise


def restore(folder: Path | str, copy: Path) -> Path | None:
    """Put a backup in the place of the database of a data folder.

    Parameters
    ----------
    folder : path
        Made when it is missing; no server may be running on it.
    copy : path
        What `Store.backup` wrote; it is left as it is.

    Returns
    -------
    path or None
        Where the database that was there is now.

    Raises
    ------
    StoreError
        As `open_store`, and ``unreadable`` when the copy is damaged; nothing is changed.
    """
    folder = Path(folder)
    if not copy.is_file():
        raise StoreError("missing", f"there is no file {copy}")
    _look_inside(copy)
    if (said := _verdict(copy)) != "ok":
        raise StoreError("unreadable", f"{copy} is damaged ({said}); take an older backup")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("not_writable", f"cannot write in {folder}: {error.strerror}") from None
    lock = _lock(folder)
    try:
        path = folder / FILE_NAME
        aside = None
        new = _vacuum_into(copy, path.with_name("restoring.sqlite"))
        if path.is_file() and path.stat().st_size:
            aside = path.with_name(f"before-restore-{_stamp()}.sqlite")
            try:
                # With what stands in the write-ahead log, which a plain copy would miss.
                _vacuum_into(path, aside)
            except sqlite3.DatabaseError:
                # Too damaged to be read: that may be why it is being replaced.
                path.rename(aside)
        new.replace(path)
        for beside in ("-wal", "-shm"):
            path.with_name(FILE_NAME + beside).unlink(missing_ok=True)
        return aside
    except OSError as error:
        raise StoreError("not_writable", f"cannot write in {folder}: {error.strerror}") from None
    finally:
        lock.close()


def _verdict(path: Path) -> str:
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
                return "it holds no workshops"
            return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        return str(error)


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")


def _lock(folder: Path) -> Any:
    # Opened without emptying it: who is running may have left word there.
    handle = (folder / ".lock").open("a")
    if fcntl is not None:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.close()
            raise StoreError(
                "in_use",
                f"another wickedmap is running on {folder}; stop it, or choose another folder with --data",
            ) from None
    handle.truncate(0)
    return handle


def serving_address(folder: Path) -> str:
    """Return where the process that has a folder open serves it; empty when nobody does, or did not say.

    Examples
    --------
    >>> serving_address(Path("no such folder"))
    ''
    """
    try:
        handle = (folder / ".lock").open("r")
    except OSError:
        return ""
    with handle:
        if fcntl is not None:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return handle.read(500).strip()
    return ""


def _look_inside(path: Path) -> str | None:
    """Return which revision a database has; None when there is nothing in it yet."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    unreadable = StoreError(
        "unreadable", f"{path} is not a wickedmap database; move it away, or choose another folder with --data"
    )
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            found = connection.execute("SELECT type, name FROM sqlite_master").fetchall()
            revision = (
                connection.execute("SELECT version_num FROM alembic_version").fetchone()
                if ("table", "alembic_version") in found
                else None
            )
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        raise unreadable from None
    strange = [name for kind, name in found if kind in ("trigger", "view")]
    tables = {name for kind, name in found if kind == "table" and not name.startswith("sqlite_")}
    known = {script.revision for script in ScriptDirectory.from_config(_alembic()).walk_revisions()}
    if revision is not None and revision[0] not in known:
        raise StoreError(
            "newer",
            f"{path} was written by a newer wickedmap ({revision[0]}); install that version or a later one",
        )
    if strange or (tables and not tables <= EXPECTED):
        raise unreadable
    return None if revision is None else str(revision[0])


def _engine(path: Path, *, read_only: bool) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=4 if read_only else 1,
        max_overflow=12 if read_only else 0,
        connect_args={"check_same_thread": False, "timeout": 5.0},
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: sqlite3.Connection, _: Any) -> None:
        # Python's own transaction mode neither takes the lock at once nor rolls back DDL.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA trusted_schema=OFF")
        if read_only:
            cursor.execute("PRAGMA query_only=ON")
        else:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config


def _migrate(engine: Engine, path: Path) -> None:
    config = _alembic()
    head = ScriptDirectory.from_config(config).get_current_head()
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
        if current == head:
            return
        if current is not None:
            _vacuum_into(path, path.with_name(f"before-{head}-{_stamp()}.sqlite"))
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DatabaseError as error:
        raise StoreError("unreadable", f"{path} cannot be brought up to date: {error.orig}") from None


def _vacuum_into(path: Path, target: Path) -> Path:
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        # VACUUM fills an empty file that is there, and leaves its rights as they are.
        part.touch(mode=0o600, exist_ok=False)
        # It runs in no transaction and on no connection that may only read.
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute("VACUUM INTO ?", (str(part),))
        finally:
            connection.close()
        with part.open("rb") as handle:
            os.fsync(handle.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return target


def _secret(folder: Path) -> bytes:
    path = folder / "secret.key"
    try:
        with contextlib.suppress(FileExistsError):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(32))
        secret = path.read_bytes()
    except OSError as error:
        raise StoreError("not_writable", f"cannot use {path}: {error.strerror}") from None
    if len(secret) < 32:
        raise StoreError("unreadable", f"{path} is damaged; remove it, and hand out new links")
    return secret


def integrity(store: Store) -> str:
    """Return SQLite's own verdict on the file: ``ok``, or what is wrong."""
    with store.reading() as connection:
        return str(connection.execute(text("PRAGMA integrity_check")).scalar())
