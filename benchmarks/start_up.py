"""``bantar --help`` beside ``python -c "import click"``, and the demo's peak memory.

python benchmarks/start_up.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import compare

BANTAR = [sys.executable, "-m", "bantar_qual"]


def run(*command: str) -> None:
    """Run a command in silence."""
    subprocess.run(command, check=True, capture_output=True)


def peak_memory(command: list[str]) -> float:
    """Return the peak resident memory of a command in MB."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed")
    return usage.ru_maxrss / 1024


def main() -> None:
    """Print ratios and the peak."""
    found = compare(
        {
            'python -c "import click"': lambda: run(sys.executable, "-c", "import click"),
            "bantar --help": lambda: run(*BANTAR, "--help"),
            "import bantar_qual": lambda: run(sys.executable, "-c", "import bantar_qual"),
        }
    )
    for name, (seconds, ratio) in found.items():
        print(f"{name:<26} {seconds * 1000:8.0f} ms   {ratio:5.2f} x")
    with tempfile.TemporaryDirectory() as folder:
        peak = peak_memory([*BANTAR, "demo", "--to", str(Path(folder) / "demo")])
    print(f"bantar demo: peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
