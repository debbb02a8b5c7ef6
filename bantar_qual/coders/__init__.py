"""Coders: from a document to codings. A machine's codings are suggestions; people decide."""

from bantar_qual.coders.cues import CueCoder
from bantar_qual.coders.model import ModelCoder

__all__ = ["CueCoder", "ModelCoder"]
