"""The risk score: each part at its ends and between, too few observations, unknown figures, and the levels."""

from decimal import Decimal

import pytest

from tradestream_gui.domain.risk_score import RiskLevel, RiskScore, ScorePart, risk_score

D, NAN = Decimal, Decimal("NaN")
EVEN = [D(100), D(-100)] * 10


def part(name: str, **changes: object) -> ScorePart:
    given: dict[str, object] = {
        "drawdown": D(0), "drawdown_limit": D("0.1"), "equity": D(50_000), "day_nets": EVEN, "trade_nets": EVEN,
    }  # fmt: skip
    return next(one for one in risk_score(**{**given, **changes}).parts if one.name == name)  # type: ignore[arg-type]  # the values of the table


@pytest.mark.parametrize(
    ("drawdown", "points"),
    [(D("-0.01"), 0), (D(0), 0), (D("0.05"), 15), (D("0.1"), 30), (D("0.2"), 30), (None, None), (NAN, None)],
)
def test_the_fall_takes_its_share_of_thirty(drawdown: object, points: int | None) -> None:
    assert part("Drawdown", drawdown=drawdown).points == points
    assert part("Drawdown", drawdown=D(0), drawdown_limit=D(0)).points is None


def test_the_usual_swing_of_a_day_takes_its_share_of_twenty_five() -> None:
    nets = [D(1000), D(-1000), D(1000), D(-1000), D(0)]
    assert part("Volatility", day_nets=nets).points == D(25)
    half = part("Volatility", day_nets=[net / 2 for net in nets]).points
    assert half == D(1000) / 2 / 50_000 / D("0.02") * 25
    assert part("Volatility", day_nets=nets[:4]).points is None
    assert "4 of 5 days" in part("Volatility", day_nets=nets[:4]).words
    for equity in (None, NAN, D(0), D(-1)):
        assert part("Volatility", equity=equity).points is None


def test_losing_trades_take_their_share_of_twenty() -> None:
    assert part("Win rate").points == 10
    assert part("Win rate", trade_nets=[D(1)] * 20).points == 0
    assert part("Win rate", trade_nets=[D(0)] * 20).points == 20
    assert part("Win rate", trade_nets=[D(1)] * 19).points is None


def test_a_rough_course_takes_its_share_of_twenty_five() -> None:
    assert part("Sharpe").points == 25
    assert part("Sharpe", day_nets=[D(100), D(101)] * 10).points == 0
    assert part("Sharpe", day_nets=[D(100)] * 20).points is None
    assert part("Sharpe", day_nets=EVEN[:19]).points is None
    middling = part("Sharpe", day_nets=[D(110), D(-90)] * 10)
    assert middling.points is not None
    assert middling.points.quantize(D("0.01")) == D("5.66")
    assert middling.words == "1.55 over a year, n = 20 days"


@pytest.mark.parametrize(
    ("points", "level"),
    [
        ("0", RiskLevel.NORMAL), ("39.99", RiskLevel.NORMAL), ("40", RiskLevel.WARNING), ("59.99", RiskLevel.WARNING),
        ("60", RiskLevel.CRITICAL), ("79.99", RiskLevel.CRITICAL), ("80", RiskLevel.EMERGENCY),
        ("100", RiskLevel.EMERGENCY),
    ],
)  # fmt: skip
def test_the_level_follows_the_share_of_what_could_be_measured(points: str, level: RiskLevel) -> None:
    unknown = ScorePart("other", None, 50, "")
    score = RiskScore((ScorePart("one", D(points), 100, ""), unknown))
    assert (score.level, score.total, score.of) == (level, D(points), 100)
    half = RiskScore((ScorePart("one", D(points) / 2, 50, ""), unknown))
    assert half.level is level


def test_without_any_figure_there_is_no_score() -> None:
    score = risk_score(drawdown=None, drawdown_limit=D("0.1"), equity=None, day_nets=(), trade_nets=())
    assert (score.total, score.of, score.level) == (None, 0, RiskLevel.UNKNOWN)
