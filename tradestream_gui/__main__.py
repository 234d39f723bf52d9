"""`python -m tradestream_gui` is the `tradestream` command."""

import sys

from tradestream_gui.cli import main

if __name__ == "__main__":
    sys.exit(main())
