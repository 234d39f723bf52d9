"""What an order by hand begins with: the contract's own row, its family's, else the default plan for its root."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from tradestream_gui.domain.instruments import AssetClass
from tradestream_gui.upkeep.settings import policies
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.model import Settings


def settings(*rows: dict[str, Any]) -> Settings:
    return Settings.model_validate(plain(first_settings()) | {"ticket": {"contracts": list(rows)}})


def test_without_a_row_the_default_plan_serves_the_root() -> None:
    assert policies.hand_start(settings(), "MES", "ES", AssetClass.FUTURE).plan.name == "futures"
    assert policies.hand_start(settings(), "MNQ", "NQ", AssetClass.FUTURE).plan.name == "futures in R"
    assert policies.hand_start(settings(), "AAPL", "AAPL", AssetClass.OPTION).stop_distance == Decimal(30)


def test_the_contracts_own_row_wins_over_that_of_its_family() -> None:
    found = settings(
        {"id": "ES", "stop_distance": "10"}, {"id": "MES", "exit_plan": "futures in R", "stop_distance": "6"}
    )
    assert policies.hand_start(found, "MES", "ES", AssetClass.FUTURE).stop_distance == Decimal(6)
    assert policies.hand_start(found, "MES", "ES", AssetClass.FUTURE).plan.name == "futures in R"
    assert policies.hand_start(found, "ES", "ES", AssetClass.FUTURE).stop_distance == Decimal(10)
    assert policies.hand_start(found, "NQ", "NQ", AssetClass.FUTURE).stop_distance is None


def test_a_plan_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValidationError, match="there is no exit template nothing"):
        settings({"id": "ES", "exit_plan": "nothing"})
    with pytest.raises(ValidationError, match="stands there twice"):
        settings({"id": "ES"}, {"id": "ES"})
