"""The mutator bites: it makes every small fault once, plants it where others have imported, and takes it back."""

import ast
import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.domain.test_orders import order
from tests.mutation.mutants import mutants_of, plant
from tests.mutation.state_table import cells, flip
from tradestream_gui.domain.errors import IllegalTransition
from tradestream_gui.domain.orders import OrdStatus

SOURCE = """
LIMIT = 3


class Gate:
    def passes(self, value, other):
        '''a < b in words is left alone'''
        return not (value < LIMIT and other is None)

    @property
    def widest(self):
        return max(LIMIT - 1, -LIMIT)


def between(low, value, high):
    return True if low <= value < high else False
"""
WORDS = {
    "not (value < LIMIT and other is None)  ->  without its sign",
    "value < LIMIT and other is None  ->  or",
    "value < LIMIT  ->  LtE",
    "value < LIMIT  ->  Gt",
    "other is None  ->  IsNot",
    "max(LIMIT - 1, -LIMIT)  ->  min",
    "LIMIT - 1  ->  Add",
    "-LIMIT  ->  without its sign",
    "True if low <= value < high else False  ->  branches swapped",
    "low <= value < high  ->  Lt",
    "low <= value < high  ->  Gt",
    "low <= value < high  ->  LtE at 2",
    "low <= value < high  ->  Gt at 2",
    "True  ->  False",
    "False  ->  True",
}


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    (tmp_path / "planted_here.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(str(tmp_path))
    made = importlib.import_module("planted_here")
    monkeypatch.delitem(sys.modules, "planted_here")
    return made


def test_every_small_fault_is_made_once() -> None:
    assert sorted(mutant.words for mutant in mutants_of(SOURCE)) == sorted(WORDS)


def test_a_planted_fault_runs_wherever_the_function_was_imported(module: ModuleType) -> None:
    between, gate = module.between, module.Gate()
    trees = {mutant.words: mutant.tree for mutant in mutants_of(SOURCE)}
    assert (between(1, 1, 2), gate.widest) == (True, 2)
    plant(module, trees["low <= value < high  ->  Lt"])
    assert not between(1, 1, 2)
    plant(module, trees["max(LIMIT - 1, -LIMIT)  ->  min"])
    assert (between(1, 1, 2), gate.widest) == (True, -3)
    plant(module, ast.parse(SOURCE))
    assert gate.widest == 2


def test_a_flipped_cell_turns_one_move_round_and_back() -> None:
    every = {cell.words: cell for cell in cells()}
    assert len(every) == len(OrdStatus) ** 2
    cell = every["FILLED to NEW: illegal  ->  legal"]
    filled = order(OrdStatus.FILLED)
    flip(cell)
    try:
        assert filled.moved_to(OrdStatus.NEW, filled.updated_at).ord_status is OrdStatus.NEW
    finally:
        flip(cell)
    with pytest.raises(IllegalTransition):
        filled.moved_to(OrdStatus.NEW, filled.updated_at)
