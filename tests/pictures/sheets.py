"""What opens over the window: dialogs and menus, photographed one after the other over the held demo day."""

from collections.abc import Callable
from decimal import Decimal

from PyQt6.QtCore import QPoint
from PyQt6.QtWidgets import QPushButton, QTableView, QWidget

from tests.pictures.states import Act, Scene, State, select_all
from tradestream_gui.domain.orders import OrdType, Side
from tradestream_gui.ui.shell.window_actions import WindowActions
from tradestream_gui.ui.tabs.config import ConfigTab


def _press(key: str, text: str) -> Act:
    """Presses the button of this part that begins with the text."""

    def press(scene: Scene) -> None:
        part: QWidget = scene.part(key)
        next(button for button in part.findChildren(QPushButton) if button.text().startswith(text)).click()

    return press


def _menu(table: Callable[[Scene], QTableView]) -> Act:
    def ask(scene: Scene) -> None:
        table(scene).customContextMenuRequested.emit(QPoint(60, 30))

    return ask


def _keys(scene: Scene) -> None:
    actions = scene.window.findChild(WindowActions)
    assert actions is not None, "the window acts"
    actions.show_help()


def _change_price(scene: Scene) -> None:
    table = scene.part("portfolio").orders.working_table
    table.key_activated.emit(table.keyed_model.key_at(0))


def _columns(scene: Scene) -> None:
    scene.part("portfolio").positions.table.open_columns_menu(QPoint(60, 10))


def _changes(scene: Scene) -> None:
    """Applies a looser limit, which must be typed once more."""
    tab = scene.window.show_tab("config")
    assert isinstance(tab, ConfigTab), "the plans make it"
    tab.show_page("risk")
    page = tab.page("risk")
    page.finish()
    page.edited.emit("risk.daily_loss_limit", Decimal(900))
    tab.bar.apply.click()


def _option_ticket(scene: Scene) -> None:
    select_all(scene)
    lot = next(lot for lot in scene.core.lots.open_lots() if "SPY" in lot.instrument_id)
    tab = scene.part("order_entry")
    tab.open_instrument(scene.core.market.instrument(lot.instrument_id), Side.BUY)
    tab.form.set_ord_type(OrdType.LIMIT)


SHEETS = (
    State(
        "sheets",
        arrange=select_all,
        sheets=(
            ("keys", _keys),
            ("move-stop", _press("portfolio", "Move stop")),
            ("trail", _press("portfolio", "Trail")),
            ("change-price", _change_price),
            ("menu-position", _menu(lambda scene: scene.part("portfolio").positions.table)),
            ("menu-order", _menu(lambda scene: scene.part("portfolio").orders.working_table)),
            ("menu-columns", _columns),
            ("menu-message", _menu(lambda scene: scene.part("messages").list)),
            ("menu-watchlist", _menu(lambda scene: scene.part("watchlist").table)),
            ("menu-chart", lambda scene: scene.part("chart").panels[0].bar.more.click()),
            ("studies", lambda scene: scene.part("chart").panels[0].ask_studies()),
            ("bars", lambda scene: scene.part("chart").panels[0].show_table()),
            ("changes", _changes),
        ),
    ),
    State("option-ticket", arrange=_option_ticket, layout=3, is_first_sight=True),
)
