"""Importers: from a file to a document, one file a format."""

from bantar_qual.importers.reading import read_document, read_documents
from bantar_qual.importers.registry import importers

__all__ = ["importers", "read_document", "read_documents"]
