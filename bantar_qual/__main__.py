"""``python -m bantar_qual`` is ``bantar``."""

from bantar_qual.cli import main

if __name__ == "__main__":
    main(prog_name="bantar")
