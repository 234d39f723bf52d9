"""What a screen reader finds in the real window, asked over AT-SPI: `python -m tests.spoken FILE`."""
