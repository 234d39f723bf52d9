"""What the palette can be asked for: the window's actions, its docks, contracts and settings; and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QDockWidget

from tradestream_gui.ui.palette.fuzzy import fit
from tradestream_gui.ui.shell.key_bindings import Command
from tradestream_gui.ui.tabs.config.labels import label_text
from tradestream_gui.ui.tabs.config.pages import PAGES, group_of, page_of

if TYPE_CHECKING:
    from tradestream_gui.market.reference import SearchHit
    from tradestream_gui.upkeep.settings.fields import SettingSpec

MOST_SHOWN = 12
CAREFUL = frozenset({"kill", "flatten", "pull_entries", "quit"})
"""Found only by the beginning of a word of their name: one stray letter and Enter must not close positions."""
CAREFUL_LETTERS = 3
LEFT_OUT = frozenset({"palette", "layouts", "settings"})
"""The palette itself, what opens it with a text, and a second key of an action that is in the list already."""
_WORDS = {"help": "Show every key"}
_ICONS = {
    "portfolio": "portfolio", "messages": "messages", "order_entry": "order", "analytics": "analytics",
    "layout_1": "layout", "layout_2": "layout", "layout_3": "layout", "layout_4": "layout",
    "config": "config", "new_order": "order", "arm": "unlock", "kill": "kill", "flatten": "flatten",
    "pull_entries": "close", "next_theme": "moon", "find": "search", "larger": "plus", "smaller": "minus",
    "help": "keyboard",
}  # fmt: skip


class ItemKind(Enum):
    SYMBOL = "symbol"
    ACTION = "action"
    SETTING = "setting"


@dataclass(frozen=True, slots=True)
class PaletteItem:
    item_id: str
    kind: ItemKind
    title: str
    icon: str
    run: Callable[[], None]
    detail: str = ""
    keys: str = ""
    also: str = ""
    """Further words by which it is found, after its title."""
    is_careful: bool = False


def action_items(commands: Iterable[Command]) -> list[PaletteItem]:
    return [
        PaletteItem(
            f"action:{command.name}", ItemKind.ACTION, _WORDS.get(command.name, command.words),
            _ICONS.get(command.name, "chevron-right"), command.run, keys=native(command.keys),
            is_careful=command.name in CAREFUL,
        )
        for command in commands
        if command.name not in LEFT_OUT
    ]  # fmt: skip


def dock_items(docks: Sequence[QDockWidget]) -> list[PaletteItem]:
    return [
        PaletteItem(
            f"dock:{dock.objectName()}", ItemKind.ACTION,
            f"{'Hide' if dock.isVisible() else 'Show'} {dock.windowTitle()}", "layout",
            partial(_toggle, dock), also="dock panel",
        )
        for dock in docks
    ] + [
        PaletteItem(
            f"float:{dock.objectName()}", ItemKind.ACTION,
            f"{'Put back' if dock.isFloating() else 'Tear off'} {dock.windowTitle()}", "external",
            partial(_float, dock), also="dock window float undock",
        )
        for dock in docks if dock.isVisible()
    ]  # fmt: skip


def setting_items(
    specs: Iterable[SettingSpec], show_setting: Callable[[str], None], show_page: Callable[[str], None]
) -> list[PaletteItem]:
    """Every setting that stands on a page, and the pages themselves."""
    items = [
        PaletteItem(
            f"page:{page.key}", ItemKind.SETTING, page.title, page.icon, partial(show_page, page.key),
            detail="Config", also=page.words,
        )
        for page in PAGES
    ]  # fmt: skip
    for spec in specs:
        page, group = page_of(spec.key), group_of(spec.key)
        if page is not None and group is not None:
            items.append(
                PaletteItem(
                    f"setting:{spec.key}", ItemKind.SETTING, label_text(spec), page.icon,
                    partial(show_setting, spec.key), detail=f"{page.title} · {group.title}",
                    also=f"{spec.key} {spec.help}",
                )
            )  # fmt: skip
    return items


def symbol_items(hits: Iterable[SearchHit], show: Callable[[SearchHit], None]) -> list[PaletteItem]:
    return [
        PaletteItem(
            f"symbol:{hit.asset_class.value}:{hit.symbol}", ItemKind.SYMBOL, hit.symbol, "chart", partial(show, hit),
            detail=hit.description,
        )
        for hit in hits
    ]  # fmt: skip


def ranked(typed: str, items: Iterable[PaletteItem], recent: Sequence[str]) -> list[PaletteItem]:
    """What fits, best first: an exact symbol, names whose words begin so, then scattered letters; in each of these
    what was chosen lately comes first. Without a text: what was chosen lately, then the actions."""
    lately = {item_id: number for number, item_id in enumerate(recent)}
    typed = typed.strip()
    if not typed:
        shown = [item for item in items if not item.is_careful and (item.item_id in lately or _is_offered(item))]
        return sorted(shown, key=lambda item: lately.get(item.item_id, len(lately)))[:MOST_SHOWN]
    found = []
    for number, item in enumerate(items):
        place = _place(typed, item)
        if place is not None:
            tier, score = place
            found.append(((tier, lately.get(item.item_id, len(lately)), -score, len(item.title), number), item))
    found.sort(key=lambda pair: pair[0])
    return [item for _, item in found[:MOST_SHOWN]]


def native(keys: str) -> str:
    """The keys as this system names them."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) or keys


def _place(typed: str, item: PaletteItem) -> tuple[int, int] | None:
    """Tier and score; None where it does not fit."""
    if item.kind is ItemKind.SYMBOL and item.title.lower() == typed.lower():
        return 0, 0
    own = fit(typed, item.title)
    if item.is_careful:
        is_meant = own is not None and own.is_close and len(typed) >= CAREFUL_LETTERS
        return (1, own.score) if own is not None and is_meant else None
    if own is not None and own.is_close:
        return 1, own.score
    wider = fit(typed, f"{item.title} {item.detail} {item.also}")
    if wider is not None and wider.is_close:
        return 2, wider.score
    if item.kind is ItemKind.SYMBOL:
        return 3, 0  # the reference found it by its own means
    return (3, own.score) if own is not None else None


def _is_offered(item: PaletteItem) -> bool:
    return item.kind is ItemKind.ACTION


def _float(dock: QDockWidget) -> None:
    dock.setFloating(not dock.isFloating())


def _toggle(dock: QDockWidget) -> None:
    dock.setVisible(not dock.isVisible())
    if dock.isVisible():
        dock.raise_()
