"""The tables of a study.

Whatever can change is kept in *versions*. A row is valid from the act that made it (``from_act``)
until the act that ended it (``to_act``, empty while the row is valid). No act overwrites a row: it
ends one version and begins another. Undo, the history and the study as of a date all read these two
columns, so that no kind of act needs code of its own for them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

APPLICATION_ID = 0x42414E54  # "BANT", in the header of every study file
VERSION = 2

metadata = MetaData()

act = Table(
    "act",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("guid", String(36), nullable=False, unique=True),
    Column("time", String(32), nullable=False),  # UTC, ISO 8601
    Column("coder", String, nullable=False),
    Column("verb", String, nullable=False),  # "import", "code", "accept", "undo" ...
    Column("note", Text, nullable=False),  # what it was about, in words
    Column("reason", Text, nullable=False),  # why, as its author said
    Column("target", Integer),  # undo and redo: the act that is taken back, or done again
)

# What an act wrote, as a checksum for each table: by it a letter that was changed is found.
seal = Table(
    "seal",
    metadata,
    Column("act_id", ForeignKey(act.c.id), primary_key=True),
    Column("name", String, primary_key=True),  # of the table
    Column("sha256", String(64), nullable=False),
)

counter = Table(
    "counter",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Integer, nullable=False),  # the last id that was given away
)

coder = Table(
    "coder",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("guid", String(36), nullable=False, unique=True),
    Column("name", String, nullable=False, unique=True),
)

# A text never changes: a corrected transcript is a further revision.
revision = Table(
    "revision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, index=True),
    Column("text", Text, nullable=False),
)

turn = Table(
    "turn",
    metadata,
    Column("revision_id", ForeignKey(revision.c.id), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("speaker", String, nullable=False),
    Column("role", String, nullable=False),
    Column("time", String, nullable=False),
)

VERSIONED: list[Table] = []


def _versioned(name: str, *columns: Column[Any], unique: tuple[str, ...] = ()) -> Table:
    """Make a table whose rows are versions of things that are known by ``id``."""
    table = Table(
        name,
        metadata,
        Column("version", Integer, primary_key=True),
        Column("id", Integer, nullable=False),
        *columns,
        Column("from_act", ForeignKey(act.c.id), nullable=False, index=True),
        Column("to_act", ForeignKey(act.c.id)),
    )
    valid, ended = table.c.to_act.is_(None), table.c.to_act.is_not(None)
    Index(f"{name}_now", table.c.id, unique=True, sqlite_where=valid, postgresql_where=valid)
    Index(f"{name}_then", table.c.to_act, sqlite_where=ended, postgresql_where=ended)
    if unique:
        keys = [table.c[key] for key in unique]
        Index(f"{name}_once", *keys, unique=True, sqlite_where=valid, postgresql_where=valid)
    VERSIONED.append(table)
    return table


setting = _versioned(
    "setting",
    Column("key", String, nullable=False),
    Column("value", Text, nullable=False),
    unique=("key",),
)

codebook = _versioned("codebook", Column("yaml", Text, nullable=False))

case = _versioned(
    "case_",
    Column("guid", String(36), nullable=False),
    Column("name", String, nullable=False),
    unique=("name",),
)

case_value = _versioned(
    "case_value",
    Column("case_id", Integer, nullable=False),
    Column("key", String, nullable=False),
    Column("value", Text, nullable=False),
    unique=("case_id", "key"),
)

document = _versioned(
    "document",
    Column("guid", String(36), nullable=False),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("language", String, nullable=False),
    Column("case_id", Integer),
    Column("source", String, nullable=False),
    Column("revision_id", ForeignKey(revision.c.id), nullable=False),
    unique=("name",),
)

# A speaker may be a case of their own, in one document or across several.
speaker = _versioned(
    "speaker",
    Column("document_id", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("case_id", Integer, nullable=False),
    unique=("document_id", "name"),
)

document_value = _versioned(
    "document_value",
    Column("document_id", Integer, nullable=False),
    Column("key", String, nullable=False),
    Column("value", Text, nullable=False),
    unique=("document_id", "key"),
)

coding = _versioned(
    "coding",
    Column("guid", String(36), nullable=False),
    Column("document_id", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("code", String, nullable=False),
    Column("coder_id", ForeignKey(coder.c.id), nullable=False),
    Column("origin", String, nullable=False),
    Column("status", String, nullable=False),
    Column("valence", String),
    Column("confidence", Float),
    Column("because", Text, nullable=False),
    Column("memo", Text, nullable=False),
    Column("anchor", String, nullable=False),  # "", or after a revision "unsure" or "lost"
    unique=("document_id", "start", "end", "code", "coder_id"),
)

memo = _versioned(
    "memo",
    Column("guid", String(36), nullable=False),
    Column("about", String, nullable=False),  # project, document, case, code or coding
    Column("key", String, nullable=False),  # the name of what it is about; empty for the project
    Column("text", Text, nullable=False),
)
