"""Runs methods in turns, and reports the median of each beside the first: ratios, not seconds."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping


def compare(
    methods: Mapping[str, Callable[[], object]], *, rounds: int = 7
) -> dict[str, tuple[float, float]]:
    """Run every method once a round, in turns, so that a busy machine disturbs all alike.

    Returns
    -------
    dict
        For each method the median seconds, and the ratio to the first method's median.
    """
    for method in methods.values():
        method()  # a first run fills caches
    seconds: dict[str, list[float]] = {name: [] for name in methods}
    for _ in range(rounds):
        for name, method in methods.items():
            gc.collect()
            began = time.perf_counter()
            method()
            seconds[name].append(time.perf_counter() - began)
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    base = next(iter(medians.values()))
    return {name: (median, median / base) for name, median in medians.items()}
