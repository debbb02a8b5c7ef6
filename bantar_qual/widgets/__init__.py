"""Coding and review in a notebook cell."""

from __future__ import annotations

from bantar_qual.widgets.coding import CodingPage, code_by_hand, review

__all__ = ["CodingPage", "code_by_hand", "review"]
