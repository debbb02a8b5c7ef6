"""What the proofs of durability share: how many trials, and what an error may not say."""

from __future__ import annotations

import os

import pytest

TRIALS = float(os.environ.get("BANTAR_TRIALS", "1"))  # 5 runs five times as many
RAW = ("sqlite", "database", "disk i/o", "malformed", "OperationalError", "SQL:")

posix = pytest.mark.skipif(os.name == "nt", reason="forks and signals")


def plain(error: BaseException) -> str:
    """Return what an error says, which holds no word of the database's own."""
    assert not [word for word in RAW if word.lower() in str(error).lower()], str(error)
    return str(error)
