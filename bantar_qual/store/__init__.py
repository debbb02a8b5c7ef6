"""The study at rest: the only package that knows SQL."""

from bantar_qual.store.engine import Store

__all__ = ["Store"]
