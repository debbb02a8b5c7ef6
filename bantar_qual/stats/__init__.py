"""Statistics: from the codings frame to findings, one noun a file.

A statistic is a pure function. It never rounds, formats, filters, prints or plots, and it shows
absence: a code that nobody used and a case that said nothing are rows and zeros.
"""

from bantar_qual.stats.barriers import barriers
from bantar_qual.stats.frequency import frequency
from bantar_qual.stats.registry import statistics

__all__ = ["barriers", "frequency", "statistics"]
