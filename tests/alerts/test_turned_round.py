"""Alerts set into words that turn them round (conditions, plans, the past, others, questions, reports) open nothing."""

import pytest

from tests.alerts.reading import read

ALERTS = [
    "BTO 2 AAPL 315c 12/18 @ 2.50 SL 1.80",
    "bought NVDA 190c 12/4 at 2.10",
    "in AMD 245c 12/4 @ 3.15",
    "entering SPY 668p 0dte .85",
    "entered 2 SPX 6700c 0dte 3.20",
    "grabbed TSLA 430c 12/4 at 2.5",
    "long ES 6801 stop 6795",
    "short NQ 25610 stop 25640",
    "MNQ long 25590 stop 25560 tp 25650",
    "scalping MES short 6815 stop 6820",
    "filled AMZN 240c 12/4 at 1.62",
    "long HOOD shares 128.40",
]

SETTINGS = [
    "if I {}", "would {}", "should have {}", "could have {}", "yesterday {}", "yesterday I {}", "last week I {}",
    "example: {}", "for example {}", "not {}", "I did not {}", "don't {}", "do not {}", "never {}", "without {}",
    "watching {}", "waiting for {}", "waiting to {}", "looking to {}", "thinking about {}", "planning to {}",
    "anyone {}?", "did you {}?", "should we {}?", "{}?", "who {}", "who else {}?", "might {}", "maybe {}",
    "tomorrow {}", "tomorrow I will {}", "I will {}", "we will {} later", "wish I {}", "almost {}", "missed {}",
    "paper account: {}", "paper trading {}", "hypothetically {}", "Recap: {}", "recap of the day: {}", "TEST {}",
    "this is a test: {}", "practice: {}", "simulated: {}", "idea: {}", "setup: {}", "he {}", "they {}", "someone {}",
    "Bob said {}", "previous alert: {}", "as alerted: {}", "earlier: {}", "this morning: {}", "closed trade: {}",
    "past trade: {}", "historical: {}", "backtest: {}", "quiz: {}", "alert at 10am: {}", "interesting: {}",
    "flow: {}", "reminder: {}", "rules: {}", "lesson: {}", "imagine {}", "suppose you {}", "had we {}", "unless {}",
    "instead of {}", "rather than {}", "when it dips {}", "if SPY holds 668, {}", "open positions: {}",
    "{} yesterday", "{} last week", "{} (not a signal)", "{} - example only", "{} jk", "{} just kidding",
    "I like {}", "ignore: {}", "reposting: {}",
]  # fmt: skip


@pytest.mark.parametrize("setting", SETTINGS)
def test_an_alert_turned_round_opens_nothing(setting: str) -> None:
    opened = []
    for alert in ALERTS:
        text = setting.format(alert)
        if any(action.kind.opens for action in read(text).actions):
            opened.append(text)
    assert opened == []


@pytest.mark.parametrize("alert", ALERTS)
def test_the_same_alert_by_itself_opens(alert: str) -> None:
    assert [action.kind.opens for action in read(alert).actions] == [True]
