"""The tables of a study."""

from __future__ import annotations

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
    UniqueConstraint,
)

APPLICATION_ID = 0x42414E54  # "BANT", in the header of every study file
VERSION = 1

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)

codebook = Table(
    "codebook",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("yaml", Text, nullable=False),
    Column("time", String, nullable=False),
)

case = Table(
    "case_",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("guid", String, nullable=False, unique=True),
    Column("name", String, nullable=False, unique=True),
)

case_value = Table(
    "case_value",
    metadata,
    Column("case_id", ForeignKey(case.c.id), primary_key=True),
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)

document = Table(
    "document",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("guid", String, nullable=False, unique=True),
    Column("name", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("language", String, nullable=False),
    Column("case_id", ForeignKey(case.c.id)),
    Column("source", String, nullable=False),
    Column("sha256", String, nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("time", String, nullable=False),
)

document_value = Table(
    "document_value",
    metadata,
    Column("document_id", ForeignKey(document.c.id), primary_key=True),
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)

turn = Table(
    "turn",
    metadata,
    Column("document_id", ForeignKey(document.c.id), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("speaker", String, nullable=False),
    Column("role", String, nullable=False),
    Column("time", String, nullable=False),
)

coder = Table(
    "coder",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("guid", String, nullable=False, unique=True),
    Column("name", String, nullable=False, unique=True),
)

coding = Table(
    "coding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("guid", String, nullable=False, unique=True),
    Column("document_id", ForeignKey(document.c.id), nullable=False),
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
    Column("time", String, nullable=False),
    UniqueConstraint("document_id", "start", "end", "code", "coder_id", name="one_coding"),
)
Index("coding_status", coding.c.status)

verdict = Table(
    "verdict",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("coding_id", ForeignKey(coding.c.id), nullable=False),
    Column("field", String, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("coder_id", ForeignKey(coder.c.id), nullable=False),
    Column("time", String, nullable=False),
)
Index("verdict_coding", verdict.c.coding_id)
