"""The one door for everything that is zipped or XML: nothing hostile comes past it."""

from __future__ import annotations

import codecs
import re
import struct
import zipfile
import zlib
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bantar_qual.errors import UnreadableDocument

MAX_PART = 40_000_000  # bytes of XML; a thousand pages have about ten million
MAX_TOTAL = 1_000_000_000  # bytes of all parts, pictures included
MAX_RATIO = 200  # XML packs about 10:1; a bomb packs 1000:1
MAX_MEMBERS = 10_000
MAX_TAGS = 2_000_000  # tags take far more memory than the letters between them
_SMALL = 1_000_000  # a part of this size may pack as well as it likes
_MAX_DIRECTORY = 4_000_000  # bytes; ten thousand names take about one million
_UNREASONABLE = "its text unpacks to an unreasonable size; not read"
_DAMAGED_XML = "its XML is damaged; open it in the program that wrote it and save it again"
_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")  # also the shell around an encrypted file
_LOCKED = "it is protected by a password, or an old file with a new name; open it and save it anew"
_ENTITIES = "its XML declares a document type or entities, which no text file needs; not read"
_KNOWN_ENCODINGS = {"utf-8", "utf-16", "ascii", "iso8859-1", "cp1252", "utf-16-le", "utf-16-be"}
_DECLARED = re.compile(rb"""^[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_BROKEN = (  # everything with which the zip reader says that a file is no whole package
    zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError,
    OverflowError, struct.error, zlib.error,
)  # fmt: skip
_FORBIDDEN = b"<!DOCTYPE", b"<!ENTITY"
_FORBIDDEN_WIDE = tuple(
    word.decode("ascii").encode(encoding)
    for word in _FORBIDDEN
    for encoding in ("utf-16-le", "utf-16-be")
)


class Package:
    """A zipped document, opened so that no part of it can do harm.

    Parts are read by name into memory, never written anywhere; packages inside are not opened.

    Parameters
    ----------
    path
        The file.
    program
        The program that writes such files, for the sentences.

    Raises
    ------
    UnreadableDocument
        If it is damaged, protected by a password, or made to harm: too many parts, parts that
        share bytes or names, an unreasonable size.
    """

    def __init__(self, path: Path, program: str = "Word") -> None:
        self.path, self._program = path, program
        self._check_directory()
        try:
            self._zip = zipfile.ZipFile(path)
        except _BROKEN as error:
            raise self._damaged() from error
        try:
            self._check_members()
        except UnreadableDocument:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        """The names of the parts, as written."""
        return self._zip.namelist()

    def read(self, name: str) -> bytes | None:
        """Unpack one part, or return None if there is none of that name.

        Raises
        ------
        UnreadableDocument
            If it is larger than it says, larger than it may be, encrypted or damaged.
        """
        try:
            member = self._zip.getinfo(name)
        except KeyError:
            return None
        if member.flag_bits & 0x1:
            raise UnreadableDocument(self.path, "it is protected by a password; save it without")
        packed = max(member.compress_size, 1)
        if member.file_size > MAX_PART or (
            member.file_size > _SMALL and member.file_size / packed > MAX_RATIO
        ):
            raise UnreadableDocument(self.path, _UNREASONABLE)
        try:
            with self._zip.open(member) as part:
                data = part.read(MAX_PART + 1)  # the declared size can lie
        except _BROKEN as error:
            raise self._damaged() from error
        if len(data) > MAX_PART:
            raise UnreadableDocument(self.path, _UNREASONABLE)
        return data

    def xml(self, name: str) -> Any | None:
        """Parse one part, or return None if there is none of that name."""
        data = self.read(name)
        return None if data is None else parse_xml(data, self.path)

    def _damaged(self) -> UnreadableDocument:
        program = self._program
        reason = f"it is damaged, or not a {program} file; open it in {program} and save it again"
        return UnreadableDocument(self.path, reason)

    def _check_directory(self) -> None:
        """Look at the size of the list of parts before it is read into memory."""
        with self.path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - 65_536 - 22 - 76))
            tail = file.read()
        found = tail.rfind(b"PK\x05\x06")
        if found < 0 or len(tail) - found < 22:  # noqa: PLR2004 - the length of an end record
            with self.path.open("rb") as file:
                old = file.read(len(_OLD_OFFICE)) == _OLD_OFFICE
            raise UnreadableDocument(self.path, _LOCKED) if old else self._damaged()
        count, length = struct.unpack_from("<HI", tail, found + 10)
        if found >= 76 and tail[found - 20 : found - 16] == b"PK\x06\x07":  # noqa: PLR2004
            count, length = struct.unpack_from("<QQ", tail, found - 76 + 32)  # the large form
        if count > MAX_MEMBERS or length > _MAX_DIRECTORY:
            raise UnreadableDocument(self.path, f"it packs {count:,} parts; that is no transcript")

    def _check_members(self) -> None:
        members = self._zip.infolist()
        if len(members) > MAX_MEMBERS:
            reason = f"it packs {len(members):,} parts; that is no transcript"
            raise UnreadableDocument(self.path, reason)
        if sum(member.file_size for member in members) > MAX_TOTAL:
            raise UnreadableDocument(self.path, _UNREASONABLE)
        names = Counter(member.filename.lower() for member in members)
        twice = [name for name, count in names.items() if count > 1]
        if twice:
            shown = "".join(filter(str.isprintable, twice[0]))[:60]
            reason = f"it packs two parts under one name ('{shown}'); not read"
            raise UnreadableDocument(self.path, reason)
        last = 0
        for member in sorted(members, key=lambda member: member.header_offset):
            if member.header_offset < last:
                raise UnreadableDocument(self.path, "its parts overlap, as in a bomb; not read")
            last = member.header_offset + 30 + len(member.filename) + member.compress_size
            if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise self._damaged()


def parse_xml(data: bytes, path: Path) -> Any:
    """Parse XML without entities, document types, network or bottomless depth.

    Parameters
    ----------
    data
        The bytes of an XML file or part.
    path
        The file that they are from, for the sentences.

    Returns
    -------
    lxml element
        The root. At most 256 levels deep.

    Raises
    ------
    UnreadableDocument
        If it is damaged or hostile.
    """
    from lxml import etree

    if len(data) > MAX_PART or data.count(b"<") > MAX_TAGS:
        raise UnreadableDocument(path, _UNREASONABLE)
    _check_prolog(data, path)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableDocument(path, _DAMAGED_XML) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableDocument(path, _ENTITIES)
    return root


def _check_prolog(data: bytes, path: Path) -> None:
    """Refuse document types in whichever encoding they hide, and encodings that hide them."""
    wide = _FORBIDDEN_WIDE if b"\0" in data else ()
    if any(word in data for word in (*_FORBIDDEN, *wide)):
        raise UnreadableDocument(path, _ENTITIES)
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        data = data.removeprefix(mark) if data.startswith(mark) else data
    head = data[:1024].replace(b"\0", b"").lstrip()
    if not head.startswith(b"<"):  # neither ASCII nor UTF-16: XML of another alphabet
        raise UnreadableDocument(path, _DAMAGED_XML)
    if b"\0\0\0" in data[:4]:
        raise UnreadableDocument(path, "its XML is in UTF-32, which no program writes; not read")
    declared = _DECLARED.match(head) if head.startswith(b"<?xml") else None
    if not declared:
        return
    name = declared[1].decode("ascii", "replace")
    try:
        known = codecs.lookup(name).name in _KNOWN_ENCODINGS
    except LookupError:
        known = False
    if not known:
        said = f"'{name[:40]}'" if name.isprintable() else "an encoding that is none"
        raise UnreadableDocument(path, f"its XML claims to be in {said}; not read")
