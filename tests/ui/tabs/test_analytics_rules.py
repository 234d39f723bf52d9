"""The Rules page on a real demo core: verdict, days and score are those of the functions, and follow the choice."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.ui.tabs.rig import DEMO_ACCOUNT, demo_rig
from tests.ui.tabs.test_analytics_tab import shown
from tradestream_gui.analytics.rule_pack_report import rule_pack_report
from tradestream_gui.domain.instruments import AssetClass
from tradestream_gui.trading.risk_reading import account_score
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.analytics.rule_pack import part_texts

TRADED_S = 1500.0


async def test_the_page_says_what_the_rules_say_of_the_trades_and_scores_the_account(
    look: Look, tmp_path: Path, qtbot: QtBot
) -> None:
    async with demo_rig(tmp_path, seconds=TRADED_S) as rig:
        core = rig.core
        tab = shown(look, rig, qtbot)
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
        assert tab.rules.parts.text() == " · ".join(part_texts(score))
        assert "1 of 20 days that it takes" in tab.rules.parts.text()
        assert "unknown" not in tab.rules.score.text()
        assert "No rule of a funded account was broken live." in tab.rules.live.text()
