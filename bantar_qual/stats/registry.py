"""The register of statistics."""

from collections.abc import Callable

import pandas as pd

from bantar_qual.registry import Registry

statistics: Registry[Callable[..., pd.DataFrame]] = Registry("statistic", "bantar_qual.stats")
statistic = statistics.register
