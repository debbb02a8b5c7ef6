"""Codebooks: a frozen tree of codes, read from YAML and written back."""

from bantar_qual.codebook.tree import Codebook, codebooks, spoken

__all__ = ["Codebook", "codebooks", "spoken"]
