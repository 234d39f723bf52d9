"""The Analytics tab on a real demo core: its figures are the service's own, with their n, or a dash and the reason."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PyQt6.QtCore import QRect
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.ui.shell.colour_science import contrast
from tests.ui.tabs.rig import DEMO_ACCOUNT, Rig, demo_rig
from tradestream_gui.analytics.grouping import GroupBy
from tradestream_gui.analytics.rule_pack_report import rule_pack_report
from tradestream_gui.domain.events import SessionClosed
from tradestream_gui.domain.instruments import AssetClass
from tradestream_gui.trading.risk_reading import account_score
from tradestream_gui.ui.format import money_text, profit_text
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import dotted
from tradestream_gui.ui.shell.theme import THEME_NAMES
from tradestream_gui.ui.tabs.analytics.calendar import CalendarGrid
from tradestream_gui.ui.tabs.analytics.cards import card_texts
from tradestream_gui.ui.tabs.analytics.filter import Span
from tradestream_gui.ui.tabs.analytics.rule_pack import part_texts
from tradestream_gui.ui.tabs.analytics.tab import EMPTY, AnalyticsTab
from tradestream_gui.upkeep.backup_schedule import BackupFailed

ONE_TRADE_S, TWO_TRADES_S = 690.0, 940.0
"""Seconds into the demo day after which so many trades are closed: a gain, then a loss."""


def shown(look: Look, rig: Rig, qtbot: QtBot) -> AnalyticsTab:
    tab = AnalyticsTab(look)
    qtbot.addWidget(tab)
    tab.resize(1100, 700)
    tab.show()
    tab.attach(rig.core, rig.hub)
    return tab


def strongest_ink(picture: QImage, area: QRect) -> float:
    """The greatest contrast of a pixel there with the ground at its corner."""
    across, down = range(area.left(), area.right() + 1), range(area.top(), area.bottom() + 1)
    ground = picture.pixelColor(area.topLeft()).name()
    return max(contrast(picture.pixelColor(x, y).name(), ground) for x in across for y in down)


def words_of(tab: AnalyticsTab) -> str:
    return " ".join(label.text() for label in tab.end_of_day.findChildren(QLabel))


def test_the_empty_sentence_is_the_one_agreed() -> None:
    assert EMPTY == "No closed trades in this period."


@pytest.mark.parametrize("theme", THEME_NAMES)
def test_days_of_the_month_stand_apart_from_those_around_it(look: Look, qtbot: QtBot, theme: str) -> None:
    look.set_theme(theme)
    grid = CalendarGrid(look)
    qtbot.addWidget(grid)
    grid.resize(700, 420)
    grid.show_month(date(2026, 11, 1), {})
    first_week = grid.grab().toImage()
    look.set_theme("dark")
    monday_26, sunday_1 = (
        {first_week.pixel(left + step, top + step) for step in range(8)}
        for left, top in ((92, 72), (692, 72))
    )  # fmt: skip
    assert len(monday_26) == 1
    assert len(sunday_1) > 1
    outside, inside = (strongest_ink(first_week, QRect(6, top, 24, 16)) for top in (24, 91))
    assert inside > outside * 1.15, "the 2nd of November is written more strongly than the 26th of October before it"
    assert outside > 4.5
    assert theme != "high-contrast" or outside > 7


async def test_without_trades_every_card_has_a_dash_and_its_reason(look: Look, tmp_path: Path, qtbot: QtBot) -> None:
    async with demo_rig(tmp_path, seconds=5) as rig:
        tab = shown(look, rig, qtbot)
        cards = card_texts(rig.core.analytics.summary())
        assert [card.figure for card in cards[:6]] == ["–"] * 6
        assert all("n = 0" in card.tip or "0 trades" in card.lines[0] or "0 trades" in card.tip for card in cards[1:4])
        assert tab.overview.words.isHidden(), "the chart says it"
        assert tab.overview.chart.accessibleDescription() == EMPTY


async def test_a_traded_day_is_told_by_every_page(look: Look, tmp_path: Path, qtbot: QtBot) -> None:
    async with demo_rig(tmp_path, seconds=ONE_TRADE_S) as rig:
        cards_tables_and_csv_agree_with_the_trade(shown(look, rig, qtbot), rig)
        few_trades_are_greyed_and_not_ranked(shown(look, rig, qtbot))
        the_period_and_the_filters_choose_what_is_counted(shown(look, rig, qtbot))
        await rig.advance(TWO_TRADES_S - ONE_TRADE_S)
        assert len(rig.core.analytics.trades()) == 2
        the_rules_say_what_they_say_of_the_trades_and_score_the_account(shown(look, rig, qtbot), rig)


def cards_tables_and_csv_agree_with_the_trade(tab: AnalyticsTab, rig: Rig) -> None:
    summary = rig.core.analytics.summary()
    trade = summary.trades[0]
    assert card_texts(summary)[0].figure == profit_text(summary.metrics.net)
    assert tab.overview.words.text() == "Based on 1 trade: too few to rank."
    tab.tabs.setCurrentWidget(tab.trades)
    row = dict(zip((c.key for c in tab.trades.view.keyed_model.columns), tab.trades.view.keyed_model.texts[0],
                   strict=True))  # fmt: skip
    assert row["net"] == profit_text(trade.net)
    assert row["contract"] == "MES Dec26"
    lots: list[object] = []
    tab.show_lot.connect(lots.append)
    tab.trades.view.key_activated.emit(f"{trade.lot_id}:{trade.run}")
    assert lots == [trade.lot_id]
    stages = dict(rig.core.analytics.execution().stages_p50_ms)
    waited = stages["acknowledgement to first fill"]
    assert waited.value == 0, "the simulator fills at the exchange, its acknowledgement comes back later"
    tab.tabs.setCurrentWidget(tab.execution)
    assert waited.reason in tab.execution.bars._title()
    assert all(median.value is None or median.value >= 0 for median in stages.values())
    line = rig.core.analytics.trades_csv().decode().splitlines()[1].split(",")
    assert Decimal(line[19]) == trade.net
    assert line[6] == "MES"


def the_period_and_the_filters_choose_what_is_counted(tab: AnalyticsTab) -> None:
    tab.filter.spans[Span.DAY].setChecked(True)
    assert tab.filter.chosen(date(2026, 11, 19)).period.first == date(2026, 11, 19)
    tab.tabs.setCurrentWidget(tab.groups)
    assert [texts[0] for texts in tab.groups.view.keyed_model.texts] == ["JMoney"]
    tab.groups.by.setCurrentIndex(tab.groups.by.findData(GroupBy.DAY.value))
    assert [texts[0] for texts in tab.groups.view.keyed_model.texts] == ["2026-11-19 (so far)"]
    tab.filter.boxes["class"].addItem("option", "option")
    tab.filter.boxes["class"].setCurrentIndex(tab.filter.boxes["class"].findData("option"))
    assert tab.groups.view.keyed_model.texts == []


def few_trades_are_greyed_and_not_ranked(tab: AnalyticsTab) -> None:
    tab.tabs.setCurrentWidget(tab.league)
    first = tab.league.view.keyed_model.texts[0]
    assert first[0] == "–"
    assert first[1] == "JMoney"
    assert first[-1] == "Based on 1 trade: too few to rank."


def the_rules_say_what_they_say_of_the_trades_and_score_the_account(tab: AnalyticsTab, rig: Rig) -> None:
    core = rig.core
    tab.tabs.setCurrentWidget(tab.rules)
    assert tab.rules.packs.count() == len(core.reference.rule_packs)
    trades = core.analytics.trades(tab.filter.chosen(core.reference.calendar.account_day(core.clock.now())))
    assert trades
    for pack_id in ("topstep-50k-combine", "topstep-150k-express"):
        tab.rules.packs.setCurrentIndex(tab.rules.packs.findData(pack_id))
        report = rule_pack_report(
            core.reference.rule_packs[pack_id], trades, instrument_of=core.market.instrument,
            day_of=core.reference.calendar.account_day,
            early_close=lambda at: core.market.early_close(AssetClass.FUTURE, at),
        )  # fmt: skip
        assert tab.rules.verdict.text() == report.words
        assert tab.rules.view.model().rowCount() == len(report.days)
        assert report.pack.source in tab.rules.source.text()
    score = account_score(DEMO_ACCOUNT, gate=core.gate, high_water=core.high_water, lots=core.lots)
    assert tab.rules.parts.text() == dotted(part_texts(score))
    assert "1 of 20 days that it takes" in tab.rules.parts.text()
    assert "unknown" not in tab.rules.score.text()
    assert "No rule of a funded account was broken live." in tab.rules.live.text()


async def test_recorded_quotes_and_samples_reach_the_figures(tmp_path: Path) -> None:
    async with demo_rig(tmp_path, seconds=130) as rig:
        points = rig.core.analytics.summary().points
        assert len(points) > 3, "an open position is marked every twenty seconds"
        row = next(row for row in rig.core.analytics.league() if row.analyst == "JMoney")
        assert row.tracked.value == Decimal(1), "the alert's quotes were recorded and told"


async def test_the_end_of_day_page_says_what_the_close_has_left(look: Look, tmp_path: Path, qtbot: QtBot) -> None:
    async with demo_rig(tmp_path, seconds=75) as rig:
        tab = shown(look, rig, qtbot)
        assert tab.overview.chart.accessibleDescription() != EMPTY, "an open position has a curve"
        assert tab.overview.words.text() == EMPTY, "so this line says that none is closed"
        assert tab.tabs.indexOf(tab.end_of_day) < 0, "before the close there is no such page"
        now = rig.core.clock.now()
        rig.core.bus.publish(BackupFailed("the disk is full", now))
        rig.core.bus.publish(SessionClosed(now))
        assert tab.tabs.currentWidget() is tab.end_of_day
        told = words_of(tab)
        assert "+3 MES Dec26 of JMoney is still open" in told
        assert "SELL 3 MES Dec26 stop" in told
        assert "× the disk is full" in told
        limit = rig.core.gate.limits(rig.core.accounts.accounts()[0].account_id).daily_loss_limit
        assert f"Demo 50K: {money_text(limit)} may be lost" in told


async def test_a_backup_told_before_the_tab_is_made_stands_on_the_page_of_the_day(
    look: Look, tmp_path: Path, qtbot: QtBot
) -> None:
    async with demo_rig(tmp_path) as rig:
        rig.core.bus.publish(BackupFailed("the disk is full", rig.core.clock.now()))
        tab = shown(look, rig, qtbot)
        rig.core.bus.publish(SessionClosed(rig.core.clock.now()))
        assert "the disk is full" in words_of(tab)


async def test_the_demo_says_that_it_keeps_no_backups(look: Look, tmp_path: Path, qtbot: QtBot) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        rig.core.bus.publish(SessionClosed(rig.core.clock.now()))
        assert "The demo keeps none" in words_of(tab)
