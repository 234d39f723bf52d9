"""Joins the ladder's table and controls with what carries their wishes out."""

from tradestream_gui.ui.docks.ladder.actions import LadderActions
from tradestream_gui.ui.docks.ladder.bar import LadderControls
from tradestream_gui.ui.docks.ladder.keys import SIZES
from tradestream_gui.ui.docks.ladder.moves import LadderMoves
from tradestream_gui.ui.docks.ladder.orders import LadderOrders
from tradestream_gui.ui.docks.ladder.view import LadderView


def join_wishes(
    view: LadderView, controls: LadderControls, orders: LadderOrders, moves: LadderMoves, actions: LadderActions
) -> None:
    """Every click, drag, key and button of the ladder finds its one receiver."""

    def act(name: str) -> None:
        if name in SIZES:
            controls.take_size(SIZES.index(name))
        else:
            actions.act(name)

    view.place_wanted.connect(orders.place)
    view.join_wanted.connect(orders.join)
    view.move_wanted.connect(moves.move)
    view.cancel_wanted.connect(moves.cancel)
    view.bracket_wanted.connect(actions.move_bracket)
    view.action_wanted.connect(act)
    controls.market_wanted.connect(orders.take_market)
    controls.cancel_all_wanted.connect(moves.cancel_all)
    controls.flatten_wanted.connect(moves.flatten)
    controls.reverse_wanted.connect(actions.reverse)
    controls.half_wanted.connect(actions.half)
    controls.break_even_wanted.connect(actions.break_even)
