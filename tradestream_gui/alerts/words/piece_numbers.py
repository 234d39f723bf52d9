"""Numbers with their units as pieces: strikes with a right, counts, gains, percentages, dates with month names."""

from tradestream_gui.alerts.words.lexicon import WORDS, W, words_of
from tradestream_gui.alerts.words.piece_kinds import P, Piece
from tradestream_gui.alerts.words.symbols import futures_root
from tradestream_gui.alerts.words.tokens import Token
from tradestream_gui.domain.instruments import Right

RIGHTS = {"c": Right.CALL, "call": Right.CALL, "calls": Right.CALL, "cs": Right.CALL, "p": Right.PUT, "put": Right.PUT,
           "puts": Right.PUT, "ps": Right.PUT}  # fmt: skip


COUNT_UNITS = words_of(
    """
    x con cons contract contracts lot lots car cars cts ct pc micro micros mini minis
    """
)


_GAIN_UNITS = words_of(
    """
    pt pts point points tick ticks handle handles pip pips pnts
    """
)


ORDINALS = frozenset(("st", "nd", "rd", "th"))


_MONTH_NAMES = (
    ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",), ("jun", "june"),
        ("jul", "july"),
    ("aug", "august"), ("sep", "sept", "september"), ("oct", "october"), ("nov", "november"), ("dec", "december"),
)  # fmt: skip


MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names}


def read_month_day(tokens: list[Token], index: int, month: int, out: list[Piece]) -> int:
    """`Dec 18`, `Dec 18th`, `Dec 18, 2026`: the index after it, or 0 when no day follows."""
    token = tokens[index]
    at = index + 1
    if at < len(tokens) and tokens[at].text == ".":
        at += 1
    if at >= len(tokens) or not is_day(tokens[at]):
        return 0
    day = int(tokens[at].value or 0)
    last, year = at, 0
    for follow in (at + 1, at + 2):
        if follow >= len(tokens):
            break
        follower = tokens[follow]
        if follower.kind == "number" and follower.suffix == "" and not follower.dollar and len(follower.text) == 4:
            if _is_year(follower):
                last, year = follow, int(follower.text)
            break
        if follower.text not in (",", "'"):
            break
    out.append(Piece(P.DATE, (month, day, year), token.start, tokens[last].end, "", token.glued))
    return last + 1


def read_month_alone(tokens: list[Token], index: int, month: int, out: list[Piece]) -> int:
    """`Dec`, `January 2027`: the index after it, or 0 where the word is none (`may`)."""
    token = tokens[index]
    follower = tokens[index + 1] if index + 1 < len(tokens) else None
    if follower is not None and _is_year(follower):
        return joined(P.MONTH, (month, int(follower.text)), tokens, index, index + 1, out)
    if month == 5 or (token.text.islower() and len(token.text) > 3):
        return 0
    return joined(P.MONTH, (month, 0), tokens, index, index, out)


def day_of_month(tokens: list[Token], index: int, out: list[Piece]) -> int:
    """`27NOV`, `27NOV26`: a day with its month glued to it, and the year if that is glued too."""
    token = tokens[index]
    month, day = MONTHS[token.suffix], token.value
    year, last = 0, index
    follower = tokens[index + 1] if index + 1 < len(tokens) else None
    year_glued = follower is not None and follower.glued and follower.kind == "number" and follower.text.isdigit()
    if follower is not None and year_glued and len(follower.text) in (2, 4):
        year, last = int(follower.text) % 2000 + 2000, index + 1
    if day is None or day != day.to_integral_value() or not 1 <= day <= 31:
        out.append(Piece(P.BROKEN, token.text, token.start, token.end, token.text, token.glued))
        return index + 1
    return joined(P.DATE, (month, int(day), year), tokens, index, last, out)


def glued_year(tokens: list[Token], index: int, found: Piece, out: list[Piece]) -> int:
    """`Jun05'26`: the year behind the apostrophe."""
    assert isinstance(found.value, tuple)
    month, day, _ = found.value
    year = tokens[index + 2] if index + 2 < len(tokens) else None
    apart = year is None or tokens[index + 1].text != "'" or not year.glued
    if year is not None and not apart and year.text.isdigit() and len(year.text) == 2:
        return joined(P.DATE, (month, day, 2000 + int(year.text)), tokens, index, index + 2, out)
    out.append(found)
    return index + 1


def _dashed_month(tokens: list[Token], index: int, out: list[Piece]) -> int:
    """`18-Sep-2026`, `18-Sep`: a date with its month as a word between dashes."""
    last = index + 2
    if last >= len(tokens) or not tokens[last].glued or not is_day(tokens[index]) or tokens[index].dollar:
        return 0
    month = MONTHS.get(tokens[last].text.lower())
    if month is None:
        return 0
    year = 0
    if last + 2 < len(tokens) and tokens[last + 1].text == "-" and tokens[last + 2].glued:
        text = tokens[last + 2].text
        if text.isdigit() and len(text) in (2, 4):
            year, last = int(text) % 2000 + 2000, last + 2
    return joined(P.DATE, (month, int(tokens[index].value or 0), year), tokens, index, last, out)


def _is_year(token: Token) -> bool:
    """Four digits of this century; `20.5` and `205c` are none."""
    return token.kind == "number" and len(token.text) == 4 and token.text.isdigit() and token.text.startswith("20")


def is_day(token: Token) -> bool:
    return (
        token.kind == "number"
        and token.text[0].isdigit()
        and token.value is not None
        and len(token.text) <= 4
        and "." not in token.text
        and 1 <= token.value <= 31
        and (token.suffix == "" or token.suffix in ORDINALS)
    )


def suffixed_number(token: Token, out: list[Piece]) -> Piece:
    value, suffix, text = token.value, token.suffix, token.text
    kind: str = P.MEASURE
    found: object = value
    if suffix in ("%", "pct", "percent"):
        kind = P.PERCENT
    elif suffix in RIGHTS:
        if out and out[-1].kind == W.AT and suffix in ("c", "cs"):
            cheap = suffix == "c" and "." in text and value is not None and value < 10
            kind, text = (P.NUMBER, text[:-1]) if cheap else (P.MEASURE, text)
        else:
            kind, found = P.STRIKE_RIGHT, (value, RIGHTS[suffix])
    elif suffix in ("dte", "dtes") or (suffix in ("days", "d", "day") and value == 0):
        kind = P.DTE
    elif suffix in COUNT_UNITS:
        kind = P.COUNT
    elif suffix in _GAIN_UNITS:
        kind = P.GAIN
    elif suffix == "r":
        kind = P.R_MULTIPLE
    elif suffix in ORDINALS:
        kind = P.ORDINAL
    elif suffix == "ish":
        kind, text = P.NUMBER, text[: -len(suffix)]
    else:
        root = futures_root(text)
        if root is not None:
            return Piece(P.ROOT, root, token.start, token.end, text, token.glued, False, True)
    return Piece(kind, found, token.start, token.end, text, token.glued, token.dollar)


def number_with_unit(tokens: list[Token], index: int, follower: Token, out: list[Piece]) -> int:
    """A number and the unit in the next token as one piece: the index after it, or 0 when there is no unit."""
    token = tokens[index]
    value = token.value
    assert value is not None
    if follower.kind == "word":
        unit = follower.text.lower()
        if unit in RIGHTS and (len(unit) > 2 or _ends_strike(tokens, index + 1)):
            previous = out[-1].kind if out else ""
            if value < 20 and not token.dollar and previous not in (P.TICKER, P.DATE, P.SLASH) and len(unit) > 2:
                out.append(Piece(P.COUNT, value, token.start, token.end, token.text, token.glued))
                return index + 1
            return joined(P.STRIKE_RIGHT, (value, RIGHTS[unit]), tokens, index, index + 1, out)
        if unit in ("strike", "strikes") and index + 2 < len(tokens) and tokens[index + 2].text.lower() in RIGHTS:
            right = RIGHTS[tokens[index + 2].text.lower()]
            return joined(P.STRIKE_RIGHT, (value, right), tokens, index, index + 2, out)
        if unit in COUNT_UNITS and unit != "x":
            return joined(P.COUNT, value, tokens, index, index + 1, out)
        if unit in ("share", "shares", "shs") and "." not in token.text:
            out.append(Piece(P.COUNT, value, token.start, token.end, token.text, token.glued))
            return index + 1
        if unit in ("percent", "pct") and not token.suffix:
            return joined(P.PERCENT, value, tokens, index, index + 1, out)
        if unit in _GAIN_UNITS and (unit not in ("pt", "pts") or _is_distance(tokens, index)):
            return joined(P.GAIN, value, tokens, index, index + 1, out)
        if unit in ("dte", "dtes") or (unit == "days" and value == 0):
            return joined(P.DTE, value, tokens, index, index + 1, out)
        if unit in ("cents", "cent") and out and out[-1].kind in (W.FOR, W.AT) and value < 100:
            return _cents(tokens, index, out)
        if unit in ("pips", "bps", "min", "mins", "minute", "minutes", "ema", "sma", "ma", "am", "pm", "cents", "cent"):
            return joined(P.MEASURE, value, tokens, index, index + 1, out)
        if not token.dollar and "." not in token.text and 1 <= value <= 31 and unit in MONTHS:
            return read_day_month(tokens, index, out)
    elif follower.text == "/" and index + 2 < len(tokens) and tokens[index + 2].text.lower() in COUNT_UNITS:
        return joined(P.GAIN, value, tokens, index, index + 2, out)
    elif follower.text == "%":
        return joined(P.PERCENT, value, tokens, index, index + 1, out)
    elif follower.text == ":" and follower.glued and value <= 24 and index + 2 < len(tokens):
        minutes = tokens[index + 2]
        if minutes.glued and minutes.kind == "number" and len(minutes.text) - len(minutes.suffix) == 2:
            if out and out[-1].kind in (P.DATE, P.SLASH):
                out[-1] = out[-1]._replace(kind=P.MEASURE)  # `09/21/2026 9:41 AM`: when the card was made
            return joined(P.MEASURE, value, tokens, index, index + 2, out)
    elif follower.text == "-" and follower.glued and index + 2 < len(tokens):
        return _behind_dash(tokens, index, out)
    return 0


def _behind_dash(tokens: list[Token], index: int, out: list[Piece]) -> int:
    """`0-dte`, `18-Sep-2026`, `AMD 240c 12-4`: what a number and the dash glued to it begin, or 0 for nothing."""
    token = tokens[index]
    value = token.value
    assert value is not None
    day = tokens[index + 2]
    if day.text.lower() in ("dte", "dtes"):
        return joined(P.DTE, value, tokens, index, index + 2, out)
    if day.kind == "word":
        return _dashed_month(tokens, index, out)
    after = out[-1].kind if out else ""
    if (
        day.glued and is_day(day) and day.suffix == "" and not token.dollar and 1 <= value <= 12
        and "." not in token.text and after in (P.TICKER, P.STRIKE_RIGHT, W.EXPIRY, W.RIGHT)
    ):  # fmt: skip
        return joined(P.DATE, (int(value), int(day.value or 0), 0), tokens, index, index + 2, out)
    return 0


def _cents(tokens: list[Token], index: int, out: list[Piece]) -> int:
    """`for 45 cents`: a price."""
    token = tokens[index]
    assert token.value is not None
    text = f"0.{token.text}"
    out.append(Piece(P.NUMBER, token.value / 100, token.start, tokens[index + 1].end, text, token.glued, True))
    return index + 2


def _is_distance(tokens: list[Token], index: int) -> bool:
    """`risk 25 pts`: a whole number whose "pts" no level follows counts points; `2.10 PT 3` names a target."""
    if "." in tokens[index].text or tokens[index].dollar:
        return False
    follower = tokens[index + 2] if index + 2 < len(tokens) else None
    if tokens[index + 1].text.lower() == "pt":
        return follower is not None and WORDS.get(follower.text.lower()) is W.STOP
    return follower is None or not (follower.kind == "number" or follower.text.lower() in _TARGET_JOINTS)


_TARGET_JOINTS = frozenset((":", "@", "at", "-", "$", "=", "is", "are", "~"))


def _ends_strike(tokens: list[Token], index: int) -> bool:
    """Whether a lone C or P after a number is its right: nothing but a number, mark, date or the end may follow."""
    follower = tokens[index + 1] if index + 1 < len(tokens) else None
    if follower is None or follower.kind != "word" or follower.text.isupper():
        return True
    lower = follower.text.lower()
    return lower in WORDS or lower in MONTHS


def read_compact_date(token: Token, out: list[Piece]) -> bool:
    """`20261127`: a year, month and day without marks."""
    text = token.text
    if len(text) != 8 or not text.isdigit() or text[:2] != "20" or not "01" <= text[4:6] <= "12":
        return False
    value = (int(text[4:6]), int(text[6:]), int(text[:4]))
    out.append(Piece(P.DATE, value, token.start, token.end, text, token.glued))
    return True


def read_day_month(tokens: list[Token], index: int, out: list[Piece]) -> int:
    """`18 Dec`, `18 Dec 26`, `18 Dec 2026`."""
    month, year, last = MONTHS[tokens[index + 1].text.lower()], 0, index + 1
    if month == 5 and not tokens[index + 1].text[0].isupper():
        return 0
    if index + 2 < len(tokens):
        follower = tokens[index + 2]
        if follower.kind == "number" and not follower.suffix and not follower.dollar and follower.text.isdigit():
            if _is_year(follower):
                last, year = index + 2, int(follower.text)
            elif len(follower.text) == 2 and 20 <= int(follower.text) <= 40:
                last, year = index + 2, 2000 + int(follower.text)
    value = tokens[index].value
    return joined(P.DATE, (month, int(value or 0), year), tokens, index, last, out)


def joined(kind: str, value: object, tokens: list[Token], first: int, last: int, out: list[Piece]) -> int:
    head, tail = tokens[first], tokens[last]
    text = " ".join(token.text for token in tokens[first : last + 1])
    out.append(Piece(kind, value, head.start, tail.end, text, head.glued, head.dollar))
    return last + 1
