"""Moments of a study: what a researcher writes as a date, and which act was the last by then."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bantar_qual.errors import CodingError
from bantar_qual.store import versions

if TYPE_CHECKING:
    from bantar_qual.languages import Language
    from bantar_qual.project import Project

When = str | date

BEGIN, END = time.min, time.max  # a date alone is the whole day, from its begin to its end


def moment(value: When, of_day: time) -> datetime:
    """Return a moment in UTC; a date alone becomes the begin or the end of that day.

    Raises
    ------
    CodingError
        If the text is no date.

    Examples
    --------
    >>> moment("2026-03-01", END).isoformat(timespec="minutes")
    '2026-03-01T23:59+00:00'
    >>> moment("2026-03-01T16:00+07:00", BEGIN).isoformat(timespec="minutes")
    '2026-03-01T09:00+00:00'
    """
    try:
        whole = isinstance(value, str) and len(value) == len("2026-03-01")
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as error:
        msg = f"'{value}' is no date; write it as 2026-03-01 or 2026-03-01T14:30"
        raise CodingError(msg) from error
    if whole or not isinstance(at, datetime):
        return datetime.combine(at, of_day, tzinfo=UTC)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def act_at(project: Project, at: When) -> int:
    """Return the last act up to a date (the whole day) or a moment; 0 before the first."""
    until = moment(at, END).isoformat(timespec="milliseconds")
    return versions.moment(project.store, until)


def between(time_in_utc: str, since: When | None, until: When | None) -> bool:
    """Tell whether a stored time lies between two dates, both days included, or moments."""
    at = datetime.fromisoformat(time_in_utc)
    after = since is None or at >= moment(since, BEGIN)
    return after and (until is None or at <= moment(until, END))


def zone_of(name: str) -> ZoneInfo | None:
    """Return a time zone such as ``Asia/Jakarta``; None for this computer's own.

    Raises
    ------
    CodingError
        If there is no such zone.
    """
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError) as error:
        msg = f"there is no time zone '{name}'; write it as Asia/Jakarta, Asia/Makassar or UTC"
        raise CodingError(msg) from error


def worded(time_in_utc: str, language: Language, zone: ZoneInfo | None) -> str:
    """Say a stored time as people of a language write it: "3 Maret 2026, 14.05".

    Examples
    --------
    >>> from bantar_qual.languages import language
    >>> worded("2026-03-03T07:05:00.000+00:00", language("id"), ZoneInfo("Asia/Jakarta"))
    '3 Maret 2026, 14.05'
    >>> worded("2026-03-03T07:05:00.000+00:00", language("en"), ZoneInfo("UTC"))
    '3 March 2026, 07:05'
    """
    at = datetime.fromisoformat(time_in_utc).astimezone(zone)
    month = str(language.turns["months"][at.month - 1]).capitalize()
    hour = f"{at:%H}{language.caption('mark_time')}{at:%M}"
    return f"{at.day} {month} {at.year}, {hour}"
