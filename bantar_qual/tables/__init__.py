"""Tables: from a frame to a value that saves itself as Word, workbook, web page or CSV."""

from bantar_qual.tables.registry import writers
from bantar_qual.tables.value import Table, table

__all__ = ["Table", "table", "writers"]
