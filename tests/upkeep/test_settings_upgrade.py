"""Settings files of earlier versions still load: what is gone is dropped, new rails stand at their first values."""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from tests.upkeep.test_settings import service_on
from tradestream_gui.domain.errors import ConfigInvalid
from tradestream_gui.upkeep.settings import file
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.upgrade import GONE_IN_2, NEW_RAILS_IN_2, VERSION

EARLIER = Path(__file__).parent / "files"
FILES = sorted(EARLIER.glob("config-*.yaml"))


def test_a_file_of_every_earlier_version_is_kept() -> None:
    assert [path.stem for path in FILES] == [f"config-{number}" for number in range(1, VERSION)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_first_file_of_an_earlier_version_is_the_first_file_of_today(path: Path) -> None:
    assert file.parse(path.read_text(), path.name, {}) == first_settings()


def test_what_the_user_changed_in_an_earlier_file_holds_and_the_next_write_has_the_present_shape(
    tmp_path: Path,
) -> None:
    text = (EARLIER / "config-1.yaml").read_text()
    changed = text.replace("daily_loss_limit: 500", "daily_loss_limit: 321", 1)
    changed = changed.replace("smtp_port: 587", "smtp_port: 25")
    changed = changed.replace("# Newest backups kept.", "# my own words")
    path = tmp_path / "config.yaml"
    path.write_text(changed)
    service, _ = service_on(path)
    assert service.load().risk.daily_loss_limit == Decimal(321)
    asyncio.run(service.apply(service.propose({"risk.max_order_qty_future": 2})))
    written = path.read_text()
    assert f"version: {VERSION}" in written
    assert "# my own words" in written
    for key in NEW_RAILS_IN_2:
        assert f"{key.rpartition('.')[2]}:" in written
    for key in GONE_IN_2:
        assert f"{key.rpartition('.')[2]}:" not in written
    again, _ = service_on(path)
    assert again.load() == service.current


@pytest.mark.parametrize("version", ["3", "0", "two"])
def test_a_version_that_nobody_knows_is_refused(version: str) -> None:
    text = file.render(first_settings()).replace(f"version: {VERSION}", f"version: {version}")
    with pytest.raises(ConfigInvalid, match="update TradeStream"):
        file.parse(text, "config.yaml", {})


def test_a_present_file_gets_no_rail_for_nothing() -> None:
    text = file.render(first_settings())
    for key in NEW_RAILS_IN_2:
        name = key.rpartition(".")[2]
        without = "\n".join(line for line in text.splitlines() if not line.strip().startswith(f"{name}:"))
        with pytest.raises(ConfigInvalid, match=f"{name}: is missing"):
            file.parse(without, "config.yaml", {})
