"""Prints the tables that tests of this folder measured below the results, also when workers ran them."""

import pytest

TABLE = "table"
"""Name under which a test records a table, with `record_property`."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", []):
        for name, text in getattr(report, "user_properties", ()):
            if name == TABLE and report.when == "call":
                terminalreporter.ensure_newline()
                terminalreporter.write_line(str(text))
