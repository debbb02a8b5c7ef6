"""Clean a text once, at import, before any position in it is kept."""

from __future__ import annotations

import re

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# NUL and the other control characters, and byte-order marks that were left inside a text.
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> tuple[str, int]:
    r"""Give line ends one form and take out characters that cannot be read.

    Letters, spaces, emoji and combining marks stay exactly as they are, so that a quote is
    what the researcher's file says. Cleaning twice changes nothing.

    Parameters
    ----------
    text
        The text as decoded.

    Returns
    -------
    tuple of str and int
        The clean text, and how many unreadable characters were taken out.

    Examples
    --------
    >>> clean("Pak RT:\r\nyo, jadi\x00lah")
    ('Pak RT:\nyo, jadilah', 1)
    """
    text = _LINE_ENDS.sub("\n", text.removeprefix("\ufeff"))
    if _SURROGATE.search(text):
        # Some converters write an emoji as two halves; whole pairs are mended, halves dropped.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text, removed = _INVISIBLE.subn("", text)
    return text, removed
