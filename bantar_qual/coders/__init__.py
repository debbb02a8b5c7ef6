"""Coders: from a document to codings. A machine's codings are suggestions; people decide."""

from bantar_qual.coders.cues import CueCoder

__all__ = ["CueCoder"]
