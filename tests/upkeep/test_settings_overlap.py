"""Changes of the settings that overlap in time: none undoes another."""

import asyncio
from pathlib import Path

import pytest

from tests.upkeep.test_settings import service_on
from tradestream_gui.domain.errors import ConfigInvalid


async def test_two_changes_applied_at_once_both_hold_in_the_program_and_in_the_file(tmp_path: Path) -> None:
    service, heard = service_on(tmp_path / "config.yaml")
    service.load()
    first = service.propose({"appearance.font_size": 15})
    second = service.propose({"risk.daily_loss_limit": 300})
    await asyncio.gather(service.apply(first), service.apply(second))
    again, _ = service_on(tmp_path / "config.yaml")
    for settings in (service.current, again.load()):
        assert (settings.appearance.font_size, settings.risk.daily_loss_limit) == (15, 300)
    assert [[change.key for change in fact.changes] for fact in heard] == [
        ["appearance.font_size"],
        ["risk.daily_loss_limit"],
    ]


async def test_many_at_once_keep_every_version_apart(tmp_path: Path) -> None:
    service, _ = service_on(tmp_path / "config.yaml")
    service.load()
    sizes = range(9, 19)
    await asyncio.gather(*(service.apply(service.propose({"appearance.font_size": size})) for size in sizes))
    assert service.current.appearance.font_size == 18
    assert len(service.versions()) == len(sizes)


async def test_a_whole_file_that_was_compared_with_older_settings_is_looked_at_again(tmp_path: Path) -> None:
    service, _ = service_on(tmp_path / "config.yaml")
    service.load()
    imported = await service.propose_text(
        service.export_text().replace("daily_loss_limit: 500", "daily_loss_limit: 400")
    )
    await service.apply(service.propose({"appearance.font_size": 15}))
    with pytest.raises(ConfigInvalid, match="changed meanwhile"):
        await service.apply(imported)
    assert service.current.appearance.font_size == 15


async def test_what_was_tightening_when_it_was_proposed_may_be_loosening_now(tmp_path: Path) -> None:
    service, _ = service_on(tmp_path / "config.yaml")
    service.load()
    late = service.propose({"risk.daily_loss_limit": 400})
    assert not late.looser
    await service.apply(service.propose({"risk.daily_loss_limit": 200}))
    with pytest.raises(ConfigInvalid, match="need your confirmation"):
        await service.apply(late)
    assert service.current.risk.daily_loss_limit == 200
