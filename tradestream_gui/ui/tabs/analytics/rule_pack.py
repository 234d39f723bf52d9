"""The page of funded rules: would this period have passed, what was broken live, and how risky the course has been."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from tradestream_gui.analytics.rule_pack_report import RuleDay, RulePackReport, Verdict, rule_pack_report
from tradestream_gui.domain.instruments import AssetClass
from tradestream_gui.domain.risk_score import RiskLevel, RiskScore
from tradestream_gui.trading.risk_reading import account_score
from tradestream_gui.ui.format import date_time_text, money_text, percent_text, profit_text
from tradestream_gui.ui.models.columns import Align, Column
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import dotted, plain, plain_label
from tradestream_gui.ui.shell.tone import Tone, profit_tone
from tradestream_gui.ui.widgets.choice_box import ChoiceBox
from tradestream_gui.ui.widgets.fit_columns import fit_columns
from tradestream_gui.ui.widgets.flow_layout import FlowLayout
from tradestream_gui.ui.widgets.low_scroll import LowContent, LowScroll
from tradestream_gui.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from tradestream_gui.analytics.filters import Filter
    from tradestream_gui.core import Core
    from tradestream_gui.domain.rule_packs import RulePack
    from tradestream_gui.trading.rule_pack_watch import Violation

BREAKS_SHOWN = 12
LEAST_PX = 420
"""At 100 %: a lower page scrolls as a whole."""
RIGHT = Align.RIGHT
_VERDICT_TONE = {
    Verdict.PASSED: Tone.OK,
    Verdict.FAILED: Tone.DANGER,
    Verdict.RUNNING: Tone.INFO,
    Verdict.NOTHING: Tone.MUTED,
}
_LEVEL_TONE = {
    RiskLevel.UNKNOWN: Tone.MUTED,
    RiskLevel.NORMAL: Tone.OK,
    RiskLevel.WARNING: Tone.WARN,
    RiskLevel.CRITICAL: Tone.DANGER,
    RiskLevel.EMERGENCY: Tone.DANGER,
}


class RulePackPage(QWidget):
    """The rules are chosen here; period and account come from the filter above."""

    changed = pyqtSignal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._zone: tzinfo = UTC
        self.packs = ChoiceBox(self)
        self.packs.setAccessibleName("Rules of a funded account")
        self.packs.currentIndexChanged.connect(self._on_pack)
        self.verdict = plain_label(role="strong")
        self.facts = plain_label(role="help")
        self.source = plain_label(role="help")
        self.breaks = plain_label(role="help")
        self.live = plain_label(role="help")
        self.score = plain_label(role="strong")
        self.parts = plain_label(role="help")
        for label in (self.verdict, self.facts, self.source, self.breaks, self.live, self.parts):
            label.setWordWrap(True)
        self._model: KeyedTableModel[RuleDay] = KeyedTableModel(day_columns(), newest_first=True)
        empty = "No closed trades in this period."
        self.view = TableView(look, self._model, name="Days by the rules", empty_text=empty)
        self._lay_out()
        look.changed.connect(self._adopt_look)

    def set_zone(self, zone: tzinfo) -> None:
        self._zone = zone

    def offer(self, packs: Sequence[RulePack], preferred: str) -> None:
        """The choice of rules; at the first time the one that an account goes by."""
        if self.packs.count() == len(packs):
            return
        self.packs.blockSignals(True)
        self.packs.clear()
        for pack in packs:
            self.packs.addItem(plain(pack.name), pack.pack_id)
        self.packs.setCurrentIndex(max(self.packs.findData(preferred), 0))
        self.packs.blockSignals(False)

    @property
    def pack_id(self) -> str:
        return str(self.packs.currentData() or "")

    def show_report(self, report: RulePackReport) -> None:
        pack = report.pack
        self._say(self.verdict, report.words, _VERDICT_TONE[report.verdict])
        self.facts.setText(dotted(fact_texts(report)))
        self.source.setText(
            plain(f"{pack.name}, verified {pack.verified_on:%d %b %Y}. Source: {pack.source}.")
        )
        told = [
            f"{date_time_text(one.at, self._zone)}: {one.words} ({one.code})" for one in report.breaks[:BREAKS_SHOWN]
        ]
        more = len(report.breaks) - len(told)
        told += [f"and {more} more"] if more > 0 else []
        self.breaks.setText(plain("\n".join(told) or "No rule was broken."))
        self._model.replace_all([(day.day.isoformat(), day) for day in report.days])
        fit_columns(self._look, self.view)

    def show_live(self, violations: Sequence[Violation]) -> None:
        """What the watch on open losses has kept, newest first."""
        told = [f"{date_time_text(one.at, self._zone)} {one.account_id}: {one.words}" for one in reversed(violations)]
        self.live.setText(plain("\n".join(told[:BREAKS_SHOWN]) or "No rule of a funded account was broken live."))

    def show_score(self, name: str, score: RiskScore) -> None:
        total = "–" if score.total is None else f"{score.total:.0f} of {score.of}"
        words = f"Risk score of {name}: {total}, {score.level.value}"
        self._say(self.score, words, _LEVEL_TONE[score.level])
        self.parts.setText(dotted(part_texts(score)))

    def _say(self, label: QLabel, words: str, tone: Tone) -> None:
        label.setText(plain(words))
        palette = label.palette()
        palette.setColor(palette.ColorRole.WindowText, self._look.tone(tone))
        label.setPalette(palette)

    def _lay_out(self) -> None:
        chosen = QWidget()
        row = QHBoxLayout(chosen)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(plain_label("Would it have passed", role="caption"))
        row.addWidget(self.packs)
        head = FlowLayout(gap=12)  # the score goes below in a narrow tab
        head.addWidget(chosen)
        head.addWidget(self.score)
        content, whole = LowContent(), QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(LowScroll(self._look, content, LEAST_PX))
        column = QVBoxLayout(content)
        column.setContentsMargins(8, 8, 8, 4)
        column.setSpacing(6)
        column.addLayout(head)
        for label in (self.verdict, self.facts, self.parts):
            column.addWidget(label)
        column.addWidget(self.view, 1)
        for title, label in (("Broken in this period", self.breaks), ("Broken live", self.live)):
            column.addWidget(plain_label(title, role="caption"))
            column.addWidget(label)
        column.addWidget(self.source)

    def _adopt_look(self) -> None:
        self.changed.emit()

    def _on_pack(self, index: int) -> None:
        self.changed.emit()


def fill_rules(page: RulePackPage, core: Core, chosen: Filter) -> None:
    """Judges the filter's trades by the chosen rules; without an account in the filter the first one is scored."""
    accounts = [account.account_id for account in core.accounts.accounts()]
    account_id = chosen.account if chosen.account in accounts else next(iter(accounts), None)
    used = core.packs.choice(account_id) if account_id is not None else None
    page.offer(tuple(core.reference.rule_packs.values()), used.name if used is not None else "")
    pack = core.reference.rule_packs.get(page.pack_id)
    if pack is not None:
        page.show_report(
            rule_pack_report(
                pack,
                core.analytics.trades(chosen),
                instrument_of=core.market.instrument,
                day_of=core.reference.calendar.account_day,
                early_close=lambda at: core.market.early_close(AssetClass.FUTURE, at),
            )
        )
    page.show_live(core.pack_watch.violations(chosen.account))
    if account_id is not None:
        score = account_score(account_id, gate=core.gate, high_water=core.high_water, lots=core.lots)
        page.show_score(core.accounts.account(account_id).name, score)


def fact_texts(report: RulePackReport) -> tuple[str, ...]:
    """The figures beside the verdict, each with what it means."""
    share = report.best_day_share
    found = [
        f"Profit {profit_text(report.profit)}",
        f"{report.winning_days} winning days of {len(report.days)}",
        f"Best day {percent_text(share, 0) if share is not None else '–'} of the profit",
    ]
    if report.unmeasured:
        found.append(f"{report.unmeasured} trades whose open loss nobody watched count with their result only")
    return tuple(found)


def part_texts(score: RiskScore) -> tuple[str, ...]:
    return tuple(
        f"{part.name} {'–' if part.points is None else f'{part.points:.0f}'} of {part.most}: {part.words}"
        for part in score.parts
    )


def day_columns() -> tuple[Column[RuleDay], ...]:
    return (
        Column(key="day", title="Day", text=lambda row: f"{row.day:%a %d %b}", width=96, sort_key=lambda row: row.day),
        _money("net", "Net", lambda row: row.net, "Net of the day", toned=True),
        _money("close", "Profit at its end", lambda row: row.close, "Since the first trade", toned=True, spare=1),
        _money("low", "Deepest", lambda row: row.low, "The lowest profit seen within the day, open losses included"),
        _money("line", "Loss line", lambda row: row.line, "The account is lost when the profit falls to it"),
        Column(key="trades", title="Trades", text=lambda row: str(row.trades), width=64, align=RIGHT,
               spare=2, sort_key=lambda row: row.trades),
    )  # fmt: skip


def _money(
    key: str, title: str, value: Callable[[RuleDay], Decimal], words: str, *, toned: bool = False, spare: int = 0
) -> Column[RuleDay]:
    def text(row: RuleDay) -> str:
        return profit_text(value(row)) if toned else money_text(value(row), sign=True)

    def tone(row: RuleDay) -> Tone:
        return profit_tone(value(row)) if toned else Tone.TEXT

    return Column(
        key=key, title=title, text=text, width=120, align=RIGHT, tone=tone, sort_key=value, header_tooltip=words,
        spare=spare,
    )
