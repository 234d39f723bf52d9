"""How one author or channel writes alerts: the habits that the same grammar reads differently in each room."""

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from tradestream_gui.domain.alert_forms import MessageForm, SaidDirection
from tradestream_gui.domain.instruments import AssetClass


class AddedMeans(Enum):
    """What "added" says in this room."""

    AVERAGE = "average"
    NEW = "new"
    ASK = "ask"


class LoadedMeans(Enum):
    """Whether "loaded" says bought or only prepared."""

    WATCH = "watch"
    BOUGHT = "bought"


class DefaultExpiry(Enum):
    NONE = "none"
    TODAY = "0dte"
    FRIDAY = "friday"


@dataclass(frozen=True, slots=True)
class ProfileExample:
    """A message in this room's style with the actions it must give, in the JSON keys of the `parse` command."""

    text: str
    sent_at: str
    actions_json: str
    reply_text: str | None
    held: bool


@dataclass(frozen=True, slots=True)
class AlertProfile:
    """The habits of a room. `match` lists the channels and authors it serves as (channel, author), "" for any.

    The first group steers the parser, the second the resolver and the desk, which read them from here.
    """

    name: str
    title: str
    match: tuple[tuple[str, str], ...]
    entry_words: tuple[str, ...]
    """Words or phrases of this room that open a position."""
    trim_words: tuple[str, ...]
    close_words: tuple[str, ...]
    watch_words: tuple[str, ...]
    """Words that make a message one to watch only."""
    bare_contract_opens: bool
    """Whether a contract with a price and no verb is an entry."""
    bare_entry_opens: bool
    """Whether an entry verb without any instrument ("in at 1.34") opens what the reply or the loaded alert names."""
    requires_ping: bool
    size_letter_required: bool
    """Whether a futures alert without its size letter is held (cards that always carry one)."""
    stop_required: bool
    """Whether an opening future alert without a stop is held."""
    count_without_price_opens: bool
    """Whether "short NQ 2 contracts here" is an order at the market."""
    added_means: AddedMeans
    loaded_means: LoadedMeans
    stop_levels_are_underlying: bool | None
    """True or False where the room's stops are always one or the other; None: by distance."""
    name_roots: tuple[tuple[str, str], ...]
    """Market names as futures roots ("gold" -> "GC")."""
    direction_words: tuple[tuple[str, SaidDirection], ...]
    """The room's own words or emoji for long, short, call and put; its forms alone read them."""
    default_symbol: str | None
    """What the room trades where a message that fits one of its forms names nothing."""
    forms: tuple[MessageForm, ...]
    """Whole messages of the room; they are tried before the general grammar."""
    assets: tuple[AssetClass, ...]
    """Asset classes that this room alerts; empty: all."""
    default_asset: AssetClass | None

    default_expiry: DefaultExpiry
    trim_fraction: Fraction
    adds_allowed: int
    size_words: tuple[tuple[str, Fraction], ...]
    """Size words and letters as multiples of the base size."""
    examples: tuple[ProfileExample, ...]
