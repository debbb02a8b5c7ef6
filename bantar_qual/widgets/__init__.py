"""Coding, review and comparison in a notebook cell."""

from __future__ import annotations

from bantar_qual.widgets.coding import CodingPage, code_by_hand, compare, review

__all__ = ["CodingPage", "code_by_hand", "compare", "review"]
