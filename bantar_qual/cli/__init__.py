"""The command line, thin: open the study, call one function, show or write what it returns."""

from bantar_qual.cli.main import main

__all__ = ["main"]
