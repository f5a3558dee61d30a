"""What the tests of the store share."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

__all__ = ["HERE", "rows"]

HERE = {"fingerprint": "7f3a9b01", "cores": 2}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


def rows(file: Path, query: str) -> list[Any]:
    """What SQLite itself finds in a file."""
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()
