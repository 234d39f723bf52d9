"""The keys of the window and of the ladder: what each action listens to, and which keys nobody may give it."""

from dataclasses import dataclass
from enum import Enum

from pydantic import model_validator

from tradestream_gui.upkeep.settings.fields import Section, option


class KeyPlace(Enum):
    """Where a key is heard. Nothing is heard outside of the program."""

    WINDOW = "everywhere in the window"
    LADDER = "on the ladder in focus"


@dataclass(frozen=True, slots=True)
class KeyAction:
    keys: str
    words: str
    place: KeyPlace = KeyPlace.WINDOW
    trades: bool = False
    """True where the key may open a position: such keys stay off Alt with a letter and off F7 and higher."""


def _window(keys: str, words: str) -> KeyAction:
    return KeyAction(keys, words)


def _ladder(keys: str, words: str, *, trades: bool = False) -> KeyAction:
    return KeyAction(keys, words, KeyPlace.LADDER, trades)


ACTIONS = {
    "portfolio": _window("Ctrl+1", "Portfolio"),
    "messages": _window("Ctrl+2", "Messages"),
    "order_entry": _window("Ctrl+3", "Order entry"),
    "analytics": _window("Ctrl+4", "Analytics"),
    "config": _window("Ctrl+5", "Config"),
    "palette": _window("Ctrl+K", "Find a symbol, an action or a setting, or type an order"),
    "find": _window("Ctrl+F", "Search field of the region in focus, else of the tab"),
    "layouts": _window("Ctrl+L", "Layouts: save, switch, delete, reset"),
    "layout_1": _window("Ctrl+Alt+1", "Layout “Default”"),
    "layout_2": _window("Ctrl+Alt+2", "Layout “Futures scalp”"),
    "layout_3": _window("Ctrl+Alt+3", "Layout “Options”"),
    "layout_4": _window("Ctrl+Alt+4", "Layout “Monitor”"),
    "new_order": _window("Ctrl+N", "New order"),
    "settings": _window("Ctrl+,", "Config, a second key"),
    "arm": _window("Ctrl+Shift+A", "Arm or disarm one-click entries"),
    "kill": _window("Ctrl+Shift+K", "KILL: lock, cancel entries, keep stops"),
    "flatten": _window("Ctrl+Shift+F", "Flatten all"),
    "pull_entries": _window("Ctrl+Shift+X", "Cancel every working entry; stops and targets stay"),
    "alert_strip": _window("Ctrl+J", "Answer the alert strip"),
    "waiting_alerts": _window("Ctrl+Shift+J", "Waiting alerts, KILL and notices: the menu of the tray"),
    "undo": _window("Ctrl+Z", "Undo what the last note offers to undo"),
    "next_pane": _window("F6", "Next region: top bar, watchlist, tab, chart, ladder, log"),
    "previous_pane": _window("Shift+F6", "Region before"),
    "next_theme": _window("Ctrl+Shift+T", "Next theme"),
    "larger": _window("Ctrl++", "Larger text"),
    "smaller": _window("Ctrl+-", "Smaller text"),
    "normal_size": _window("Ctrl+0", "Normal text"),
    "help": _window("F1", "This sheet"),
    "quit": _window("Ctrl+Q", "Quit"),
    "ladder_join_bid": _ladder("B", "Join the bid", trades=True),
    "ladder_join_ask": _ladder("S", "Join the ask", trades=True),
    "ladder_buy_market": _ladder("Shift+B", "Buy at market", trades=True),
    "ladder_sell_market": _ladder("Shift+S", "Sell at market", trades=True),
    "ladder_reverse": _ladder("T", "Reverse: close, and once flat open the other side", trades=True),
    "ladder_close": _ladder("R", "Close the position, cancel its entries"),
    "ladder_half": _ladder("H", "Close half of the position"),
    "ladder_break_even": _ladder("V", "Stops to break-even"),
    "ladder_pull": _ladder("E", "Cancel the contract's entries"),
    "ladder_cancel": _ladder("Del", "Cancel the order under the cursor"),
    "ladder_centre": _ladder("Space", "Centre on the last price"),
    "ladder_more": _ladder("+", "One contract more"),
    "ladder_less": _ladder("-", "One contract less"),
    "ladder_size_1": _ladder("1", "First size button"),
    "ladder_size_2": _ladder("2", "Second size button"),
    "ladder_size_3": _ladder("3", "Third size button"),
    "ladder_size_4": _ladder("4", "Fourth size button"),
}
"""The printed map: what each action listens to unless the user says otherwise."""

KEYS = {name: action.keys for name, action in ACTIONS.items()}
MUST_KEEP = ("kill", "flatten")
MODIFIERS = ("ctrl", "alt", "shift", "meta")
FIXED = frozenset({"up", "down", "left", "right", "return", "enter", "tab", "esc", "pgup", "pgdown", "home", "end"})
"""They move in tables and on the ladder, with any modifier, and cannot be given away there."""
NAMED = FIXED | {"space", "backspace", "ins", "del", "pause", "menu"}
"""Keys with a name, as Qt writes them."""
FUNCTION_KEYS = frozenset(f"f{number}" for number in range(1, 13))
MOST_FOR_ORDERS = 6
_SPELLINGS = {"control": "ctrl", "escape": "esc", "delete": "del", "insert": "ins", "plus": "+", "minus": "-"}


def canonical(keys: str) -> str:
    """One spelling for each combination: `Shift+Ctrl+k` and `Ctrl+Shift+K` are the same key; empty for none."""
    held, key = _parts(keys)
    return "+".join([*(name for name in MODIFIERS if name in held), *sorted(held - set(MODIFIERS)), key])


def refusal(name: str, keys: str) -> str:
    """Why these keys cannot be given to the action, whatever the others have; empty when they can."""
    action = ACTIONS[name]
    if not keys:
        return f"{name} must keep a key: it has to work without the mouse" if name in MUST_KEEP else ""
    held, key = _parts(keys)
    if not (len(key) == 1 or key in NAMED or key in FUNCTION_KEYS) or not held <= set(MODIFIERS):
        return f"{keys} names no key; write it as Ctrl+Shift+K"
    if action.place is KeyPlace.WINDOW and "ctrl" not in held and key not in FUNCTION_KEYS:
        return f"{keys} would be typed into fields: {name} needs Ctrl with it"
    if action.place is KeyPlace.LADDER and key in FIXED:
        return f"{keys} moves the ladder's cursor and its orders; give {name} another key"
    if action.trades and "alt" in held:
        return f"{keys}: Alt with a key is what chat programs listen to; no order key may be one"
    if action.trades and key in FUNCTION_KEYS and int(key[1:]) > MOST_FOR_ORDERS:
        return f"{keys} belongs to the system on some computers; order keys end at F{MOST_FOR_ORDERS}"
    return ""


def conflict(keys_of: dict[str, str]) -> str:
    """Two actions that were given the same keys, in words; empty when there are none."""
    taken: dict[str, str] = {}
    for name, keys in keys_of.items():
        other = taken.setdefault(canonical(keys), name) if keys else name
        if other != name:
            return f"{keys} is given to both {other} and {name}"
    return ""


class KeyboardSettings(Section):
    """Keys of the window."""

    shortcuts: dict[str, str] = option({}, "Keys that differ from the printed map, by action.")

    @model_validator(mode="after")
    def _no_conflicts(self) -> "KeyboardSettings":
        for name, keys in self.shortcuts.items():
            if name not in ACTIONS:
                raise ValueError(f"{name} is no action; known: {', '.join(ACTIONS)}")
            words = refusal(name, keys)
            if words:
                raise ValueError(words)
        words = conflict(self.map())
        if words:
            raise ValueError(words)
        return self

    def map(self) -> dict[str, str]:
        """The keys of every action, the user's own laid over the printed ones."""
        return {**KEYS, **self.shortcuts}


def _parts(keys: str) -> tuple[set[str], str]:
    """The modifiers held and the key itself, small and in one spelling."""
    typed = keys.strip().lower()
    head, key = (typed[:-1].rstrip("+"), "+") if typed.endswith("+") else typed.rpartition("+")[::2]
    held = {_SPELLINGS.get(part, part) for part in head.split("+")} - {""}
    return held, _SPELLINGS.get(key, key)
