"""Each rule of the house bites: it refuses an offending snippet and lets an honest one pass."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.house import code_rules as rules
from tests.house.import_rules import import_problems
from tests.house.inheritance import inheritance_problems
from tests.house.repo_rules import corpus_problems, corpus_windows, text_problems, top_level_problems
from tests.house.sources import Source, tracked_files

Rule = Callable[[Source], Iterator[str]]
DOC = '"""Says what it is for."""\n'
UI, CORE, ADAPTER, TEST = (
    "tradestream_gui/ui/tabs/x.py",
    "tradestream_gui/trading/x.py",
    "tradestream_gui/adapters/storage/x.py",
    "tests/trading/test_x.py",
)
LONG_FUNCTION = "def f():\n" + "    x = 1\n" * 50
LONG_CLASS = "class C:\n" + "    x = 1\n" * 250

OFFENCES: list[tuple[Rule, str, str]] = [
    (rules.ceilings, CORE, "x = 1\n" * 401),
    (rules.ceilings, CORE, LONG_FUNCTION),
    (rules.ceilings, CORE, LONG_CLASS),
    (rules.first_docstring, CORE, "x = 1"),
    (rules.first_docstring, CORE, '"""Orders."""'),
    (rules.banned_calls, UI, "dialog.exec()"),
    (rules.banned_calls, UI, "self.menu().exec(position)"),
    (rules.banned_calls, UI, "QMessageBox.question(self, 'a', 'b')"),
    (rules.banned_calls, UI, "QFileDialog.getOpenFileName(self)"),
    (rules.banned_calls, UI, "app.processEvents()"),
    (rules.banned_calls, UI, "plot.showGrid(x=True)"),
    (rules.banned_calls, ADAPTER, "nest_asyncio.apply()"),
    (rules.banned_calls, ADAPTER, "util.patchAsyncio()"),
    (rules.banned_calls, ADAPTER, "self._ib.connect('localhost', 4002)"),
    (rules.banned_calls, ADAPTER, "ib.sleep(1)"),
    (rules.banned_calls, ADAPTER, "eval(text)"),
    (rules.banned_calls, ADAPTER, "exec(text)"),
    (rules.banned_calls, ADAPTER, "pickle.loads(raw)"),
    (rules.banned_calls, ADAPTER, "subprocess.run(line, shell=True)"),
    (rules.banned_calls, ADAPTER, "httpx.AsyncClient(verify=False)"),
    (rules.banned_calls, "installer/x.py", "subprocess.run(line, shell=True)"),
    (rules.banned_imports, ADAPTER, "import pickle"),
    (rules.banned_imports, ADAPTER, "import yaml"),
    (rules.banned_imports, ADAPTER, "from nest_asyncio import apply"),
    (rules.banned_imports, CORE, "from abc import ABC"),
    (rules.banned_imports, TEST, "from unittest import mock"),
    (rules.banned_imports, TEST, "from unittest.mock import AsyncMock"),
    (rules.one_clock, CORE, "now = datetime.now(UTC)"),
    (rules.one_clock, UI, "today = date.today()"),
    (rules.one_clock, CORE, "started = time.time()"),
    (rules.one_clock, CORE, "started = time.monotonic()"),
    (rules.one_clock, CORE, "price = random.gauss(0, 1)"),
    (rules.one_clock, CORE, "key = uuid.uuid4()"),
    (rules.one_clock, CORE, "late = (now - posted).seconds > 60"),
    (rules.one_clock, CORE, "late = age.seconds > 60"),
    (rules.no_sql_from_text, ADAPTER, "connection.execute(text(f'DELETE FROM fills WHERE id = {key}'))"),
    (rules.no_sql_from_text, ADAPTER, "cursor.execute('SELECT * FROM fills WHERE id = ' + key)"),
    (rules.no_sql_from_text, ADAPTER, "cursor.execute('SELECT * FROM fills WHERE id = %s' % key)"),
    (rules.no_lambda_slots, UI, "button.clicked.connect(lambda: self.send())"),
    (rules.no_blanket_except, CORE, "try:\n    f()\nexcept Exception:\n    log.error('x')"),
    (rules.no_blanket_except, CORE, "try:\n    f()\nexcept:\n    pass"),
    (rules.no_blanket_except, CORE, "try:\n    f()\nexcept (ValueError, Exception):\n    pass"),
    (rules.foreign_text_is_plain, UI, "QLabel(message.text)"),
    (rules.foreign_text_is_plain, UI, "QMessageBox(self)"),
    (rules.foreign_text_is_plain, UI, "cell.setToolTip(message.text)"),
    (rules.foreign_text_is_plain, UI, "cell.setToolTip(f'from {author}')"),
    (rules.ignores_carry_reasons, CORE, "x = f()  # type: ignore" + "[attr-defined]"),
    (rules.ignores_carry_reasons, CORE, "x = f()  # no" + "qa: S608"),
    (rules.nothing_unfinished, CORE, "x = 1  # TO" + "DO later"),
    (rules.nothing_unfinished, CORE, "def f():\n    raise NotImplementedError"),
    (rules.nothing_unfinished, CORE, "def f():\n    global state\n    state = 1"),
    (rules.tests_prove_something, TEST, "def test_nothing():\n    f()"),
    (rules.tests_prove_something, TEST, "def f():\n    pytest.skip()"),
    (rules.tests_prove_something, TEST, "@pytest.mark.skip\ndef f(): ..."),
]
HONEST: list[tuple[Rule, str, str]] = [
    (rules.ceilings, CORE, "x = 1\n" * 399),
    (rules.banned_calls, UI, "dialog.open()"),
    (rules.banned_calls, UI, "button.clicked.connect(self.send)"),
    (rules.banned_calls, "tradestream_gui/ui/shell/event_loop.py", "self._qt_app.exec()"),
    (rules.banned_calls, ADAPTER, "await ib.connectAsync('localhost', 4002)"),
    (rules.one_clock, CORE, "late = (now - posted).total_seconds() > 60"),
    (rules.one_clock, CORE, "width = interval.seconds"),
    (rules.one_clock, "tradestream_gui/adapters/runtime/clock.py", "return datetime.now(UTC)"),
    (rules.no_sql_from_text, ADAPTER, "connection.execute(text('DELETE FROM fills WHERE id = :key'), {'key': key})"),
    (rules.no_lambda_slots, UI, "clicked.connect(self._send)"),
    (rules.no_blanket_except, CORE, "try:\n    f()\nexcept BaseException:\n    undo()\n    raise"),
    (rules.no_blanket_except, "tradestream_gui/bus.py", "try:\n    f()\nexcept Exception:\n    count()"),
    (rules.foreign_text_is_plain, UI, "cell.setToolTip(tooltip(message.text))"),
    (rules.foreign_text_is_plain, UI, "label = QLabel(parent)"),
    (rules.ignores_carry_reasons, CORE, "x = f()  # type: ignore" + "[misc]  # the library ships no types"),
    (rules.tests_prove_something, TEST, "def test_it():\n    with pytest.raises(ValueError):\n        f()"),
    (rules.tests_prove_something, TEST, "def f():\n    pytest.skip('the folder ../shared is absent')"),
]


@pytest.mark.parametrize(("rule", "place", "text"), OFFENCES, ids=lambda value: getattr(value, "__name__", None))
def test_an_offence_is_found_with_its_place(rule: Rule, place: str, text: str) -> None:
    (problem, *_) = rule(Source.of(place, text))
    assert problem.startswith(f"{place}:")


@pytest.mark.parametrize(("rule", "place", "text"), HONEST, ids=lambda value: getattr(value, "__name__", None))
def test_honest_code_passes(rule: Rule, place: str, text: str) -> None:
    assert list(rule(Source.of(place, DOC + text))) == []


IMPORTS_REFUSED = [
    ("domain/x.py", "from tradestream_gui.ports.broker import Broker"),
    ("domain/x.py", "import numpy"),
    ("ports/x.py", "from tradestream_gui.bus import EventBus"),
    ("market/x.py", "from tradestream_gui.trading.blotter import Blotter"),
    ("trading/x.py", "from tradestream_gui.alerts.desk.desk import AlertDesk"),
    ("trading/x.py", "import sqlalchemy"),
    ("alerts/x.py", "from tradestream_gui.replay import run"),
    ("analytics/x.py", "from tradestream_gui.trading import blotter"),
    ("replay/x.py", "from tradestream_gui import assembly"),
    ("upkeep/x.py", "from tradestream_gui.trading.risk_gate import RiskGate"),
    ("upkeep/x.py", "import httpx"),
    ("adapters/storage/x.py", "from tradestream_gui.trading.blotter import Blotter"),
    ("adapters/storage/x.py", "import httpx"),
    ("adapters/brokers/ibkr/x.py", "from tradestream_gui.adapters.brokers.schwab.auth import login"),
    ("ui/tabs/x.py", "from tradestream_gui.adapters.storage import engine"),
    ("ui/tabs/x.py", "from tradestream_gui import assembly"),
    ("ui/tabs/x.py", "import numpy"),
    ("assembly.py", "from tradestream_gui.ui.shell import theme"),
    ("assembly.py", "from PyQt6.QtCore import QObject"),
    ("trading/x.py", "from . import blotter"),
    ("market/x.py", "def f():\n    import discord"),
]


@pytest.mark.parametrize(("place", "text"), IMPORTS_REFUSED)
def test_an_import_against_the_table_is_refused(place: str, text: str) -> None:
    docstrings = {"tradestream_gui/adapters/storage": "SQLite through SQLAlchemy"}
    assert list(import_problems(Source.of(f"tradestream_gui/{place}", text), docstrings))


def test_imports_of_the_table_pass() -> None:
    docstrings = {"tradestream_gui/adapters/storage": "SQLite through SQLAlchemy"}
    for place, text in (
        ("alerts/x.py", "from tradestream_gui.trading.blotter import Blotter\nimport asyncio"),
        ("adapters/storage/x.py", "import sqlalchemy\nfrom tradestream_gui.domain.orders import Order"),
        ("ui/charts/x.py", "import numpy\nimport pyqtgraph"),
        ("app.py", "from tradestream_gui import assembly\nfrom PyQt6.QtWidgets import QApplication"),
    ):
        assert list(import_problems(Source.of(f"tradestream_gui/{place}", text), docstrings)) == []


def test_inheriting_from_our_own_plain_class_is_refused_and_from_qt_is_not() -> None:
    plain = Source.of(CORE, "class Desk: ...\nclass FastDesk(Desk): ...")
    of_qt = Source.of(UI, "class Table(QTableView): ...\nclass Ladder(Table): ...\nclass Lost(OSError): ...")
    assert [problem.partition(" ")[2] for problem in inheritance_problems([plain])] == [
        "FastDesk inherits from Desk; hold one instead"
    ]
    assert list(inheritance_problems([of_qt])) == []


@pytest.mark.parametrize(
    "line",
    [
        "path = '/wo" + "rk/main'",
        "cache = '/ro" + "ot/.cache'",
        "scratch = '/t" + "mp/x'",
        "home = '/ho" + "me/jane'",
        "home = 'C:\\Us" + "ers\\jane'",
        "index = 'https://mirror.invalid/sim" + "ple/'",
        "token = '" + "M" * 24 + "." + "G" * 6 + "." + "x" * 27 + "'",
        "-----BEGIN PRIVATE " + "KEY-----",
        "key = 'AKI" + "A" + "ABCDEFGHIJKLMNOP'",
    ],
)
def test_machine_paths_indexes_and_secrets_are_found(line: str) -> None:
    assert list(text_problems("README.md", f"first\n{line}\n"))


def test_an_address_in_the_lock_file_is_found() -> None:
    assert list(text_problems("requirements.lock", "--index-url https" + "://example.invalid\n"))


def test_a_stranger_at_the_top_is_found() -> None:
    assert list(top_level_problems(["README.md", ".gitignore", "scripts/x.py"])) == [
        "scripts does not belong at the top of the repository"
    ]


def test_text_of_the_recorded_alerts_is_found_wherever_it_stands(tmp_path: Path) -> None:
    corpus = tmp_path / "alerts.jsonl"
    corpus.write_text('{"id": 1, "text": "an alert of more than twenty-five letters\\nno"}\n', encoding="utf-8")
    windows = corpus_windows(corpus)
    assert list(corpus_problems("a.py", "x\n# says an alert of more than twenty-five letters", windows)) == [
        "a.py:2 holds text of the recorded alerts"
    ]
    assert list(corpus_problems("a.py", "an alert of fewer", windows)) == []


def test_every_rule_has_an_offence(root: Path) -> None:
    assert {rule for rule, _, _ in OFFENCES} == set(rules.FILE_RULES)
    assert "pyproject.toml" in tracked_files(root)
