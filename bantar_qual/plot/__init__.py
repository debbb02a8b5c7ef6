"""Charts: from the frame of a statistic to matplotlib axes, one noun a file.

A chart never counts: it shows what the frame holds. Axes come back, so everything that
matplotlib can do goes on from there.
"""

from bantar_qual.plot._style import remark, save
from bantar_qual.plot.barriers import barriers
from bantar_qual.plot.frequency import frequency
from bantar_qual.plot.registry import charts

__all__ = ["barriers", "charts", "frequency", "remark", "save"]
