"""Pieces to contracts: symbol, strike, right and expiry in any order, each written once, with their spans."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from tradestream_gui.alerts.grammar.contract import MAX_STRIKE, Contract, occ_parts
from tradestream_gui.alerts.grammar.contract_places import (
    beside_side,
    ends_position,
    has_direction,
    is_fraction,
    is_managed,
    is_strike_before,
    strike_follows,
    tells_expiry,
    turns_round,
)
from tradestream_gui.alerts.grammar.dates import (
    Expiry,
    IsTradingDay,
    eastern_date,
    from_days,
    from_month,
    from_month_day,
    from_word,
)
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P, Piece
from tradestream_gui.alerts.words.symbols import Root
from tradestream_gui.domain.instruments import Right

NEAR = 7
"""How many pieces may stand between the parts of one contract."""


class ContractReader:
    """Finds the contracts of one message; `used` are the piece indexes that became part of one."""

    def __init__(
        self,
        pieces: list[Piece],
        row: list[str],
        sent_at: datetime,
        is_trading_day: IsTradingDay,
        names: dict[str, str],
    ):
        self.pieces = pieces
        self.row = row
        self.sent_at = sent_at
        self.today = eastern_date(sent_at)
        self.is_trading_day = is_trading_day
        self.names = names
        self.contracts: list[Contract] = []
        self.used: set[int] = set()
        self.dates: dict[int, Expiry] = {}
        """The written dates by their pieces, whether part of a contract or not."""
        self._pending: tuple[int, Expiry, Piece, str] | None = None

    def read(self) -> list[Contract]:
        readers = _READERS if self.names else _NAMELESS_READERS
        for index in [at for at, kind in enumerate(self.row) if kind in readers]:
            if index not in self.used:
                readers[self.row[index]](self, index, self.pieces[index])
        if self._pending is not None and not self.contracts:
            self._start(self._pending[0])
        return self.contracts

    def _near(self, index: int) -> Contract | None:
        if self.contracts and index - self.contracts[-1].last <= NEAR:
            return self.contracts[-1]
        return None

    def _start(self, index: int) -> Contract:
        contract = Contract(index, index)
        if self._pending is not None:
            at, expiry, piece, rule = self._pending
            if index - at <= NEAR:
                self._set_expiry(contract, at, expiry, piece, rule)
                contract.first = at
            self._pending = None
        self.contracts.append(contract)
        return contract

    def _symbol(self, index: int, piece: Piece) -> None:
        if self.names and not piece.dollar and not piece.text.isupper():
            mapped = self.names.get(piece.text.lower())
            if mapped is not None and beside_side(self.row, index):
                piece = piece._replace(kind=P.ROOT, value=Root(mapped, ""), sure=True)
        if piece.kind == P.ROOT and (not piece.sure or (index > 0 and piece.glued and self.row[index - 1] == P.BAR)):
            if not has_direction(self.row, index):
                return
            piece = piece._replace(sure=True)
        name, month, is_root = self._name_of(piece)
        current = self._near(index)
        if current is not None and current.symbol == name and not turns_round(self.row, index, current):
            self.used.add(index)
            apart = self.row[index - 1] in (W.HYPOTHESIS, W.ABOVE, W.BELOW, W.BREAK)
            if index - current.last <= 2 and not apart:
                current.last = index
            return
        if current is None or current.symbol is not None or index - current.last > 4:
            current = self._start(index)
        current.symbol, current.is_root, current.month_code = name, is_root, month
        current.sure = piece.sure
        current.last = index
        current.note("symbol", piece, "futures root" if is_root else "ticker")
        self.used.add(index)
        self._bare_strike(index, current)

    def _name_of(self, piece: Piece) -> tuple[str, str, bool]:
        if piece.kind == P.ROOT:
            root = piece.value
            assert isinstance(root, Root)
            return root.root, root.month, True
        return str(piece.value), "", False

    def _bare_strike(self, index: int, contract: Contract) -> None:
        """`AMD 205 12/11 @1.40`: a strike whose right is missing; `MU 100 20 NOV 26 420 CALL`: shares per contract."""
        if contract.is_root or contract.strike is not None or self.row[index + 1 : index + 2] != [P.NUMBER]:
            return
        if index + 2 >= len(self.pieces):
            return
        number, after = self.pieces[index + 1], self.pieces[index + 2]
        if number.text == "100" and after.kind == P.DATE and strike_follows(self.pieces, index + 2):
            contract.last = index + 1
            self.used.add(index + 1)
            return
        if after.kind in _AFTER_STRIKE and not number.dollar:
            self._set_strike(contract, index + 1, number)

    def _set_strike(self, contract: Contract, index: int, piece: Piece) -> None:
        assert isinstance(piece.value, Decimal)
        if not 0 < piece.value <= MAX_STRIKE:
            return
        contract.strike = piece.value
        contract.last = max(contract.last, index)
        contract.note("strike", piece, "number between symbol and date or right")
        self.used.add(index)

    def _strike_right(self, index: int, piece: Piece) -> None:
        assert isinstance(piece.value, tuple)
        strike, right = piece.value
        if not 0 < strike <= MAX_STRIKE:
            return
        current = self._near(index)
        if current is not None and current.strike is not None and current.right is None and current.strike == strike:
            current.strike = None
        if (
            current is None
            or current.strike is not None
            or (current.is_root and current.right is None and current.sure and index - current.last > 1)
        ):
            repeated = current
            current = self._start(index)
            if repeated is not None and repeated.strike is not None and index - repeated.last <= 2:
                current.symbol, current.sure = repeated.symbol, repeated.sure
                current.evidence.extend(note for note in repeated.evidence if note[0] == "symbol")
        if current.right is not None and current.right != right:
            current.doubt = "both call and put are named"
        if index > 1 and self.row[index - 1] == P.BAR and self.row[index - 2] == P.NUMBER:
            current.doubt = "several strikes are named"
        current.strike, current.right = strike, right
        current.is_root = False
        current.last = index
        current.note("strike", piece, "strike with right")
        current.note("right", piece, "strike with right")
        self.used.add(index)

    def _right(self, index: int, piece: Piece) -> None:
        current = self._near(index)
        if current is None or current.right is not None:
            if current is not None or not self._starts_right(index):
                return
            current = self._start(index)
        assert isinstance(piece.value, Right)
        current.right = piece.value
        current.last = index
        current.note("right", piece, "call or put in words")
        self.used.add(index)
        lead = current.first - 1
        if current.strike is None and current.first == index - 1 and is_strike_before(self.pieces, lead, self.used):
            self._set_strike(current, lead, self.pieces[lead])
            current.first = lead
        self._strike_after_right(index, current)

    def _starts_right(self, index: int) -> bool:
        if self._pending is not None and index - self._pending[0] <= 1:
            return True
        if ends_position(self.pieces, index):
            return True
        before = self.pieces[index - 1].kind if index else ""
        after = self.pieces[index + 1] if index + 1 < len(self.pieces) else None
        return before in (W.BUY, W.ENTER, W.LONG) and after is not None and after.kind == P.TICKER and after.sure

    def _strike_after_right(self, index: int, contract: Contract) -> None:
        """`calls at 315 @ 2.1`, `puts 672 .88`, `calls dec 19th exp 59s .40`."""
        if contract.strike is not None:
            return
        for at in range(index + 1, min(index + 5, len(self.pieces))):
            piece = self.pieces[at]
            if piece.kind == P.MEASURE and piece.text.lower().endswith("s") and piece.text[:-1].isdigit():
                self._set_strike(contract, at, piece)
                return
            if piece.kind == P.NUMBER and isinstance(piece.value, Decimal) and piece.value >= 1:
                priced = any(p.kind in _BEHIND_STRIKE for p in self.pieces[at + 1 : at + 4])
                if priced and piece.value % Decimal("0.5") == 0:
                    self._set_strike(contract, at, piece)
                return
            dated = piece.kind == P.COMMA and at + 1 < len(self.row) and self.row[at + 1] in (P.DATE, P.SLASH)
            if not dated and piece.kind not in (W.AT, P.DATE, P.SLASH, W.EXPIRY, P.DTE, P.MENTION, P.PIPE):
                return

    def _occ(self, index: int, piece: Piece) -> None:
        read = occ_parts(piece.text)
        if read is None:
            return
        symbol, (month, day, year), right, strike = read
        contract = self._start(index)
        contract.symbol, contract.sure, contract.strike, contract.right = symbol, True, strike, right
        for name in ("symbol", "strike", "right"):
            contract.note(name, piece, "option symbol")
        expiry = from_month_day(month, day, year, self.today, self.is_trading_day)
        if expiry is not None:
            self._set_expiry(contract, index, expiry, piece, "option symbol")
        self.used.add(index)

    def _date(self, index: int, piece: Piece) -> None:
        assert isinstance(piece.value, tuple)
        month, day, *rest = piece.value
        if index and self.pieces[index - 1 if self.pieces[index - 1].kind != P.COLON else index - 2].kind == W.TARGET:
            return
        if piece.kind == P.SLASH and is_fraction(self.pieces, index, month, day):
            return
        year = rest[0] if rest else 0
        expiry = from_month_day(month, day, year, self.today, self.is_trading_day)
        if expiry is not None:
            self.dates[index] = expiry
            self._expiry(index, expiry, piece, "written date")

    def _dte(self, index: int, piece: Piece) -> None:
        assert isinstance(piece.value, Decimal)
        if piece.value == piece.value.to_integral_value():
            expiry = from_days(int(piece.value), self.sent_at, self.is_trading_day)
            self._expiry(index, expiry, piece, "trading days to expiry")

    def _when(self, index: int, piece: Piece) -> None:
        near = self._near(index)
        gap = index - near.last if near is not None and near.is_option else None
        if not tells_expiry(self.pieces, index, gap, near is not None and near.said_expiry):
            return
        expiry = from_word(piece.text, self.sent_at, self.is_trading_day)
        if expiry is not None:
            self._expiry(index, expiry, piece, "expiry in words")

    def _expiry(self, index: int, expiry: Expiry, piece: Piece, rule: str) -> None:
        current = self._near(index)
        if current is not None and not current.said_expiry and (not current.is_root or current.is_option):
            self._set_expiry(current, index, expiry, piece, rule)
            current.last = max(current.last, index)
        elif current is not None and current.said_expiry and current.expiry == expiry.on:
            self.used.add(index)
        else:
            self._pending = (index, expiry, piece, rule)

    def _set_expiry(self, contract: Contract, index: int, expiry: Expiry, piece: Piece, rule: str) -> None:
        contract.expiry, contract.said_expiry = expiry.on, True
        contract.doubt = contract.doubt or expiry.doubt
        contract.note("expiry", piece, rule)
        self.used.add(index)

    def _other(self, index: int, piece: Piece) -> None:
        """Market names of the profile: `gold` is GC where the room says so and a direction stands beside it."""
        root = self.names.get(piece.text)
        if root is not None and (beside_side(self.row, index) or is_managed(self.row, index)):
            named = piece._replace(kind=P.ROOT, value=Root(root, ""), sure=True)
            self._symbol(index, named)


_BEHIND_STRIKE = frozenset((P.NUMBER, P.DATE, P.SLASH))
_AFTER_STRIKE = frozenset((P.SLASH, P.DATE, P.DTE, W.RIGHT, W.EXPIRY))
_MONTHLY = ("monthly", "monthlies", "opex")


def _month(reader: ContractReader, index: int, piece: Piece) -> None:
    """`January 2027`, `DEC MONTHLY`: the third Friday; a month alone beside an option leaves the day open."""
    assert isinstance(piece.value, tuple)
    month, year = piece.value
    named = index + 1 < len(reader.pieces) and reader.pieces[index + 1].text in _MONTHLY
    current = reader._near(index)
    beside = current is not None and current.is_option and index - current.last <= 3
    if not (named or year or beside or strike_follows(reader.pieces, index)):
        return
    expiry = from_month(month, year, reader.today, reader.is_trading_day)
    if not (named or year):
        expiry = expiry._replace(doubt="which day of the month is meant is not said")
    reader._expiry(index, expiry, piece, "expiry of a month")
    if named:
        reader.used.add(index + 1)


def _label(reader: ContractReader, index: int, piece: Piece) -> None:
    """`Strike: 240` on a card, `puts, 115 strike`."""
    if piece.text != "strike":
        return
    lead = reader.pieces[index - 1] if index else None
    named = reader._near(index)
    lacking = named is not None and named.right is not None and named.strike is None
    if lacking and lead is not None and lead.kind == P.NUMBER:
        assert named is not None
        reader._set_strike(named, index - 1, lead)
        return
    at = index + 1
    while at < len(reader.pieces) and reader.pieces[at].kind in (P.COLON, W.IS, P.DASH):
        at += 1
    current = reader._near(index)
    if at < len(reader.pieces) and reader.pieces[at].kind == P.NUMBER and current is not None:
        reader._set_strike(current, at, reader.pieces[at])


_READERS: dict[str, Callable[[ContractReader, int, Piece], None]] = {
    P.TICKER: ContractReader._symbol, P.ROOT: ContractReader._symbol, P.STRIKE_RIGHT: ContractReader._strike_right,
    W.RIGHT: ContractReader._right, P.OCC: ContractReader._occ, P.DATE: ContractReader._date,
    P.SLASH: ContractReader._date, P.DTE: ContractReader._dte, P.MONTH: _month,
    W.WHEN: ContractReader._when,
    P.OTHER: ContractReader._other, W.LABEL: _label,
}  # fmt: skip


_NAMELESS_READERS = {kind: reader for kind, reader in _READERS.items() if kind != P.OTHER}
"""A room without market names of its own has no use for other words."""
