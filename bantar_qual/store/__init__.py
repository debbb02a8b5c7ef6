"""The study at rest: the only package that knows SQL."""

from __future__ import annotations

from pathlib import Path

from bantar_qual.store.engine import Store

__all__ = ["Store", "store_class"]


def store_class(path: str | Path) -> type[Store]:
    """Return the kind of store that a path or an address names."""
    from bantar_qual.store.server import ServerStore, is_address

    return ServerStore if is_address(path) else Store
