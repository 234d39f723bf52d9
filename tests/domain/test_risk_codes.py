"""No rail without its boundaries: each code that an entry can be refused with has its row in the boundary table."""

import ast
import re
from pathlib import Path
from types import ModuleType

from tests.domain.test_risk_table import TABLE
from tradestream_gui.domain import go_live, risk_rails, risk_rule_pack, risk_size

ONE_WORD = {"CONFLICT", "RECONCILING"}


def test_every_code_of_the_rails_has_its_row() -> None:
    codes = {row[0].split()[0] for row in TABLE}
    assert codes == codes_of(risk_rails, risk_size, risk_rule_pack, go_live)


def codes_of(*modules: ModuleType) -> set[str]:
    """Every code that stands in a module's text."""
    words = {
        node.value
        for module in modules
        for node in ast.walk(ast.parse(Path(module.__file__ or "").read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {word for word in words if re.fullmatch(r"[A-Z]+(_[A-Z]+)+", word) or word in ONE_WORD}
