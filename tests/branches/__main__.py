"""`python -m tests.branches`: the tests of the order path, then every branch of it that none of them took."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import coverage
import pytest

from tests.branches.counting import counted, whole

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("tradestream_gui.domain", "tradestream_gui.trading", "tradestream_gui.alerts.binding")
"""The domain's rules; order desk, exit desk, reconciler and risk gate with all they consist of; the resolver."""
ELSEWHERE = ("*/domain/drills.py", "*/trading/drills/*")
"""The outage drill shows what the order path does; it is none of it, and its tests run in the window."""
TESTS = (
    "tests/domain",
    "tests/market/test_reference.py",
    "tests/market/test_price_alerts.py",
    "tests/trading",
    "tests/alerts/test_resolver.py",
    "tests/alerts/test_binding_entries.py",
    "tests/alerts/test_binding_changes.py",
    "tests/alerts/test_binding_corrections.py",
    "tests/alerts/test_conversation.py",
    "tests/alerts/test_desk.py",
    "tests/stories/test_recovery.py",
    "tests/stories/test_unlock_test.py",
    "tests/ui/tabs/test_broker_costs.py",
    "tests/sim/test_symptoms.py",
    "tests/sim/test_lists.py",
    "tests/sim/test_overtaken.py",
)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.branches", description=__doc__)
    parser.add_argument("tests", nargs="*", default=TESTS, help="other tests than those of the order path")
    parser.add_argument("--missing", action="store_true", help="list only the files that lack something")
    options = parser.parse_args(arguments)
    os.chdir(ROOT)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    watch = coverage.Coverage(
        data_file=None, branch=True, source_pkgs=list(PACKAGES), omit=ELSEWHERE, config_file=False
    )
    watch.start()
    verdict = pytest.main(["-q", "--no-header", "-p", "no:cacheprovider", *options.tests])
    watch.stop()
    files = counted(watch, ROOT)
    for one in files:
        if not one.is_whole or not options.missing:
            print(one.line)
    every = whole(files)
    print(f"{every.line[:every.line.index('statements')]}statements, {len(every.missing)} missing")
    if verdict != 0:
        print("a test failed: what it would have taken is not counted")
    return 0 if verdict == 0 and every.is_whole else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
