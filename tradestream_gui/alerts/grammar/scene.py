"""One message as the grammar sees it: pieces, sentences, contracts, and the drafts of actions made from them."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from tradestream_gui.alerts.grammar.contract import Contract, Note
from tradestream_gui.alerts.grammar.dates import Expiry
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P, Piece
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.alerts import ActionKind, AlertAction, AlertSide, Level, PriceRange, Quantity, Reason


class Sentence(NamedTuple):
    """A span of pieces between full stops, question marks or line ends; `asks` when it ends in a question mark."""

    lo: int
    hi: int
    asks: bool


class LevelWords(NamedTuple):
    """A level as written, before its unit is known. `form` is number, percent, break-even or r."""

    form: str
    value: Decimal | None
    at: int
    dollar: bool = False
    underlying: bool = False
    below_or_above: bool = False
    candle_minutes: int | None = None
    rule: str = ""
    trail: Decimal | None = None


@dataclass(slots=True)
class Draft:
    """An action under construction; the reader of one message is its only writer."""

    kind: ActionKind
    at: int
    rule: str
    contract: Contract | None = None
    side: AlertSide | None = None
    quantity: Quantity | None = None
    price: Decimal | PriceRange | None = None
    at_market: bool = False
    stop_words: LevelWords | None = None
    about: AlertAction | None = None
    """What the message that this one replies to opened: it settles the units of levels, and nothing else."""
    target_words: tuple[LevelWords, ...] = ()
    trigger_words: LevelWords | None = None
    stop: Level | None = None
    targets: tuple[Level, ...] = ()
    trigger: Level | None = None
    size_words: tuple[str, ...] = ()
    everything: bool = False
    again: bool = False
    strong: bool = False
    """Whether the verb itself says it without doubt (`BTO`, `STC`)."""
    doubts: list[Reason] = field(default_factory=list)
    evidence: list[Note] = field(default_factory=list)

    def note(self, name: str, piece: Piece, rule: str) -> None:
        self.evidence.append((name, piece.start, piece.end, rule))

    def price_start(self, otherwise: int) -> int:
        """Where in the text the price was read; `otherwise` where none was."""
        for name, start, _, _ in self.evidence:
            if name == "price":
                return start
        return otherwise

    def doubt(self, code: str, words: str) -> None:
        self.doubts.append(Reason(code, words))


@dataclass(slots=True)
class Scene:
    """The state of reading one message; `used` are piece indexes whose role is settled."""

    pieces: list[Piece]
    sentences: list[Sentence]
    contracts: list[Contract]
    used: set[int]
    kinds: frozenset[str]
    profile: AlertProfile
    today: date
    ping: bool
    row: list[str]
    """The kinds of the pieces, padded so that looking a little before or behind them finds "". See `PADDING`."""
    words: frozenset[str]
    """What the pieces say, to tell at once that a rule's words are absent."""
    dates: dict[int, Expiry]
    """The written dates by their pieces."""
    drafts: list[Draft] = field(default_factory=list)

    def kind_at(self, index: int) -> str:
        """The kind of the piece at the index; "" before the first and after the last one."""
        return self.row[index]

    def contract_at(self, index: int) -> Contract | None:
        """The contract whose pieces cover the index."""
        for contract in self.contracts:
            if contract.first <= index <= contract.last:
                return contract
        return None

    def contracts_between(self, lo: int, hi: int) -> list[Contract]:
        return [contract for contract in self.contracts if lo <= contract.last and contract.first < hi]

    def sentence_of(self, index: int) -> Sentence:
        for sentence in self.sentences:
            if sentence.lo <= index < sentence.hi:
                return sentence
        return self.sentences[-1]


def joined_contracts(scene: Scene, sentence: Sentence, lead: Contract | None) -> list[Contract]:
    """`META and NVDA`, `ES, NQ & CL`: the names that stand in one list with the first."""
    out: list[Contract] = []
    if lead is None or lead.is_option:
        return out
    last = lead.last
    for other in scene.contracts_between(lead.first, sentence.hi):
        if other is lead or other.is_option or other.symbol == lead.symbol:
            continue
        while scene.kind_at(last + 1) in (W.AT, P.NUMBER) and last + 2 < other.first:
            last += 1
        joint = scene.kind_at(last + 1)
        stays = scene.kind_at(other.last + 1) in (W.STATUS, W.HOLD, W.LEAVE)
        if other.first == last + 2 and joint in (W.AND, P.COMMA, P.BAR) and not stays:
            out.append(other)
            last = other.last
    return out


_new = tuple.__new__
"""Makes a sentence without the keyword handling of its class."""
PADDING = [""] * 64
"""Behind the kinds of the pieces it serves both ends, as index -1 is the last element; no rule looks further."""


def sentences_of(pieces: list[Piece], row: list[str]) -> list[Sentence]:
    """Splits at line ends, full stops, exclamation and question marks; `SL.HIT` and `!` before more talk included."""
    out: list[Sentence] = []
    lo = 0
    for index in [at for at, kind in enumerate(row) if kind in _ENDS]:
        kind = row[index]
        if kind == P.END and (_glues_words(pieces, index) or _is_continuous(pieces, index)):
            continue
        if index > lo:
            out.append(_new(Sentence, (lo, index, kind == P.ASK)))
        elif kind == P.ASK and out:
            out[-1] = out[-1]._replace(asks=True)
        lo = index + 1
    if lo < len(pieces):
        out.append(_new(Sentence, (lo, len(pieces), False)))
    return out


_ENDS = frozenset((P.NEWLINE, P.END, P.ASK))


def _is_continuous(pieces: list[Piece], index: int) -> bool:
    """`MNQ1!`: the exclamation mark belongs to the name of a continuous contract."""
    before = pieces[index - 1] if index else None
    return before is not None and before.kind == P.ROOT and pieces[index].glued and before.text[-1:].isdigit()


def _glues_words(pieces: list[Piece], index: int) -> bool:
    return (
        pieces[index].text == "." and pieces[index].glued and index + 1 < len(pieces) and pieces[index + 1].glued
        and pieces[index + 1].kind in (W.HIT, W.OUT, W.STOPPED) and index > 0
    )  # fmt: skip
