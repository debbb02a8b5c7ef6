"""Decode text files: every letter as it was, and said aloud where that had to be guessed."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import NamedTuple

from bantar_qual.errors import UnreadableDocument

_MAX_BYTES = 50_000_000
_MAGIC = {  # how files of other formats begin, whatever their name says
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a Word, Excel or zip file",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"{\\rtf": "a rich-text file",
    b"SQLite format 3\x00": "a database",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a compressed file",
}
_MARKS = (  # longest first: a UTF-32 mark begins like a UTF-16 mark
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UTF8_LETTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_GARBLED = re.compile("[ÃÂâ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{1,2}")
_BINARY = 0.05  # more control characters than this are no writing
_NEARLY_ALL = 0.9
_STRAY = 16  # this many control characters may stand in any text, however short
_ONE_BYTE = {"cp1252": "Windows-1252", "mac-roman": "Mac Roman"}
# What stands in writing, against what only stands there when the wrong table is used.
_USUAL = re.compile(
    r"(?:^|(?<=[\s(\[/]))[“‘«](?=[^\W\d_])|(?<=[\w.,?!…])[”’»](?=$|[\s.,;:?!)\]/])"
    r"|(?<=[^\W\d_])’(?=[^\W\d_])|(?<=\s)[–—](?=\s)|(?<=\d)[–°½](?=\d|\s|C)|(?<=\w)…|^…"
    r"|(?<=[a-z])[áàâäãåéèêëíìîïóòôöõúùûüçñ](?=[a-z]|\b)|\b[éèêàâçíóúáüöä](?=[a-z])",
    re.MULTILINE,
)
_UNUSUAL = re.compile(
    r"(?<=[a-zà-ÿ])[À-ÖØ-ÞŠŽŒŸ]|[ìîïëôòõ](?=[a-z]+[ìîïëôòõ])|(?<!\w)[À-ÖØ-Þìîòôõ](?!\w)"
    r"|[¬¶§¤¦¨¯¸ˆ˜‚„†‡‰ƒ¢¥¹²³¼¾ÐÞðþ√∫∂∆Ω≈◊∏π∑∞ﬁﬂ˘˙˚˝˛ˇıŽž]"
)


class Decoded(NamedTuple):
    """The text of a file, how it was written, and what the researcher should check."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def file_bytes(path: Path) -> bytes:
    """Read a text file, and refuse one that is empty, huge or of another format.

    Raises
    ------
    UnreadableDocument
        With what the file is instead.
    """
    if path.stat().st_size > _MAX_BYTES:
        raise UnreadableDocument(path, f"it is larger than {_MAX_BYTES // 1_000_000} MB")
    data = path.read_bytes()
    if not data.strip():
        raise UnreadableDocument(path, "it is empty")
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            reason = f"it is {what}, not text, though its name ends in {path.suffix}"
            raise UnreadableDocument(path, f"{reason}; save it as text or Word and import that")
    return data


def decode(data: bytes, path: Path, *, encoding: str = "") -> Decoded:
    """Decode by the mark at the start, else as UTF-8, UTF-16 or the likelier one-byte table.

    Parameters
    ----------
    data
        The bytes of a file.
    path
        Its path, for the sentences.
    encoding
        What the researcher, or the file itself, says that it is; a mark at the start is
        stronger.

    Returns
    -------
    Decoded
        Never with a replacement sign that was not in the file.

    Raises
    ------
    UnreadableDocument
        If the bytes are no letters in any known encoding, or of a damaged UTF-8 file.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Decoded(_strict(data, name, path), name)
    if encoding:
        return _as_told(data, encoding, path)
    if wide := _wide(data):
        text = _strict(data, wide, path)
        return Decoded(text, wide, (f"read as {wide}, which the file does not say of itself",))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        _written(data.decode("latin-1"), path)
        _refuse_damaged(data, error.start, path)
        text, name = _likelier(data, path)
        return Decoded(_written(text, path), name, (_check(text, data, name),))
    return Decoded(_written(text, path), "utf-8", _garbled(text))


def _as_told(data: bytes, encoding: str, path: Path) -> Decoded:
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
    except LookupError:  # no such table, or one that is no table of letters
        reason = f"there is no encoding '{encoding}'; try utf-8, cp1252, mac-roman or utf-16"
        raise UnreadableDocument(path, reason) from None
    return Decoded(_strict(data, name, path), name)


def _wide(data: bytes) -> str:
    """Tell UTF-16 and UTF-32 without a mark: in Latin letters most of their bytes are zero."""
    head = data[: 4 * (min(len(data), 65_536) // 4)]
    zeros = [head[i::4].count(0) for i in range(4)]
    quarter = len(head) // 4
    if not quarter:
        return ""
    if min(zeros[2:]) > _NEARLY_ALL * quarter:
        return "utf-32-le"
    if min(zeros[:2]) > _NEARLY_ALL * quarter:
        return "utf-32-be"
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    if max(even, odd) > quarter // 2 and min(even, odd) < max(even, odd) // 4:
        return "utf-16-be" if even > odd else "utf-16-le"
    return ""


def _refuse_damaged(data: bytes, first: int, path: Path) -> None:
    """Refuse UTF-8 with a damaged place: in another table, all its good letters would be lost."""
    good = len(_UTF8_LETTER.findall(data))
    bad = len(re.findall(rb"[\x80-\xff]", _UTF8_LETTER.sub(b"", data)))
    if good > bad:
        line = data.count(b"\n", 0, first) + 1
        reason = f"it is UTF-8 text, but damaged in line {line}; save it again, or copy it anew"
        raise UnreadableDocument(path, reason)


def _likelier(data: bytes, path: Path) -> tuple[str, str]:
    """Choose between the tables of Windows and of the old Macintosh by what looks like writing."""
    readings: dict[str, tuple[int, str]] = {}
    for name in _ONE_BYTE:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        readings[name] = (len(_USUAL.findall(text)) - 2 * len(_UNUSUAL.findall(text)), text)
    windows, mac = readings.get("cp1252"), readings["mac-roman"]
    if windows is None and mac[0] <= 0:
        _strict(data, "cp1252", path)  # says which byte is no letter
    if windows is None or (mac[0] > 0 and mac[0] > windows[0]):
        return mac[1], _ONE_BYTE["mac-roman"]
    return windows[1], _ONE_BYTE["cp1252"]


def _check(text: str, data: bytes, name: str) -> str:
    """Ask the researcher to look at three words, and say what else they might be."""
    words = list(dict.fromkeys(re.findall(r"\S*[^\x00-\x7f]\S*", text)))[:3]
    other = "mac-roman" if name == "Windows-1252" else "cp1252"
    shown = ", ".join(words)
    if name == "Windows-1252" and not re.search(rb"[\x80-\x9f]", data):
        name = "Windows-1252 (the same as Latin-1 here)"
    return f"read as {name}; check {shown}; if that is wrong, import with encoding='{other}'"


def _garbled(text: str) -> tuple[str, ...]:
    """Tell of letters that another program had already read in the wrong table."""
    found = _GARBLED.findall(text)
    if not found:
        return ()
    return (f"'{found[0]}' and {len(found) - 1} like it look garbled before it came here",)


def _written(text: str, path: Path) -> str:
    """Return a text, unless it is no writing at all."""
    controls = len(re.findall("[\x00-\x08\x0e-\x1f]", text))
    if controls > max(_BINARY * len(text), _STRAY) and any(map(str.isalpha, text)):
        raise UnreadableDocument(path, "it is not text: it is full of control characters")
    return text


def _strict(data: bytes, encoding: str, path: Path) -> str:
    """Decode without ever putting a replacement sign in place of a letter."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        reason = f"its letters cannot be read (byte {error.start} is no {encoding})"
        raise UnreadableDocument(path, f"{reason}; save it as UTF-8") from None
