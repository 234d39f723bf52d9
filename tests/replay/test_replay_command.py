"""`tradestream replay`: exact totals from recorded prices, the same bytes each time, and no half report."""

import csv
import gzip
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tradestream_gui.cli import main

OPEN = datetime(2026, 11, 18, 15, tzinfo=UTC)
Report = dict[str, Any]


def message(number: int, after_s: float, text: str, author: str = "ann", channel: str = "pit") -> dict[str, str]:
    at = OPEN + timedelta(seconds=after_s)
    return {"id": str(number), "text": text, "ts": at.isoformat(), "channel": channel, "author": author}


def write_messages(folder: Path, rows: list[dict[str, str]]) -> Path:
    path = folder / "messages.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def write_quotes(folder: Path, rows: list[str]) -> Path:
    path = folder / "quotes.csv"
    path.write_text("\n".join(rows) + "\n")
    return path


def walk(symbol: str, prices: list[tuple[float, str, str, str]]) -> list[str]:
    """Rows of (seconds, price, bid, ask), repeated every second until the next one."""
    rows = ["time_utc,symbol,price,bid,ask,size"]
    for place, (start, price, bid, ask) in enumerate(prices):
        end = prices[place + 1][0] if place + 1 < len(prices) else start + 5
        for second in range(int(start), int(end)):
            at = (OPEN + timedelta(seconds=second)).isoformat()
            rows.append(f"{at},{symbol},{price},{bid},{ask},50")
    return rows


def replayed(messages: Path, quotes: Path, folder: Path, name: str = "report.json") -> Report:
    report = folder / name
    assert main(["replay", "--messages", str(messages), "--quotes", str(quotes), "--report", str(report)]) == 0
    found: Report = json.loads(report.read_text())
    return found


ES_WALK = [
    (0.0, "6320.00", "6319.75", "6320.00"),
    (30.0, "6323.50", "6323.25", "6323.50"),
    (60.0, "6316.50", "6316.25", "6316.50"),
    (90.0, "6319.00", "6318.75", "6319.00"),
]
ES_ALERTS = [
    message(1, 5, "ES long 6320 stop 6317 target 6323"),
    message(2, 10, "nice and calm so far"),
    message(3, 40, "ES long 6323.5 stop 6320.5 target 6330", author="bob", channel="den"),
    message(4, 45, "ES short 6323.5 stop 6300 target 6300", author="bob", channel="den"),
]


def test_a_target_and_a_stop_come_out_exact_to_the_cent(tmp_path: Path) -> None:
    report = replayed(write_messages(tmp_path, ES_ALERTS), write_quotes(tmp_path, walk("ESZ6", ES_WALK)), tmp_path)
    trades = {trade["message_id"]: trade for trade in report["trades"]}
    # 3 points less two sides of $1.25
    assert (trades["1"]["avg_entry"], trades["1"]["avg_exit"], trades["1"]["net_pnl"]) == ("6320", "6323", "147.50")
    # the print that opens the gap lies beyond the stop: sold there less one tick of slippage
    assert (trades["3"]["avg_entry"], trades["3"]["avg_exit"]) == ("6323.5", "6316.25")
    assert trades["3"]["net_pnl"] == "-365.00"
    assert report["totals"]["net_pnl"] == "-217.50"
    assert report["totals"]["commission"] == "5.00"
    assert report["open_positions"] == []


def test_the_report_tells_of_every_message_and_every_channel(tmp_path: Path) -> None:
    report = replayed(write_messages(tmp_path, ES_ALERTS), write_quotes(tmp_path, walk("ESZ6", ES_WALK)), tmp_path)
    outcomes = {each["id"]: each["outcome"] for each in report["messages"]}
    assert outcomes == {"1": "traded", "2": "ignored", "3": "traded", "4": "held"}
    assert all(each["words"] for each in report["messages"])
    channels = {row["name"]: row for row in report["by_channel"]}
    assert (channels["den"]["alerts"], channels["den"]["held"], channels["den"]["held_pct"]) == (2, 1, "50")
    assert (channels["pit"]["net_pnl"], channels["den"]["net_pnl"]) == ("147.50", "-365.00")
    assert channels["pit"]["uncalled"] is None
    assert channels["pit"]["uncalled_why"]
    analysts = {row["name"]: row["trades"] for row in report["by_analyst"]}
    assert analysts == {"ann": 1, "bob": 1}
    of_message = {fill["exec_id"] for fill in report["fills"]}
    assert {exec_id for each in report["messages"] for exec_id in each["fills"]} == of_message


def test_the_same_history_gives_the_same_bytes(tmp_path: Path) -> None:
    messages, quotes = write_messages(tmp_path, ES_ALERTS), write_quotes(tmp_path, walk("ESZ6", ES_WALK))
    replayed(messages, quotes, tmp_path, "first.json")
    replayed(messages, quotes, tmp_path, "second.json")
    assert (tmp_path / "first.json").read_bytes() == (tmp_path / "second.json").read_bytes()


def test_nothing_of_the_users_folders_is_touched(tmp_path: Path, empty_home: Path) -> None:
    replayed(write_messages(tmp_path, ES_ALERTS), write_quotes(tmp_path, walk("ESZ6", ES_WALK)), tmp_path)
    assert list(empty_home.iterdir()) == []


def test_a_bad_row_of_prices_is_named_and_no_report_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = walk("ESZ6", ES_WALK)
    rows[7] = rows[7].replace("6320.00", "sixty", 1)
    messages, quotes, report = write_messages(tmp_path, ES_ALERTS), write_quotes(tmp_path, rows), tmp_path / "r.json"
    code = main(["replay", "--messages", str(messages), "--quotes", str(quotes), "--report", str(report)])
    assert code == 1
    assert "quotes.csv" in (said := capsys.readouterr().err)
    assert "row 8" in said
    assert "sixty" in said
    assert not report.exists()


def test_a_bad_message_is_named_and_no_report_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    messages = write_messages(tmp_path, ES_ALERTS)
    messages.write_text(messages.read_text() + '{"id": "9", "text": "ES long", "ts": "yesterday"}\nnot json\n')
    quotes, report = write_quotes(tmp_path, walk("ESZ6", ES_WALK)), tmp_path / "r.json"
    code = main(["replay", "--messages", str(messages), "--quotes", str(quotes), "--report", str(report)])
    assert code == 1
    assert "row 5" in (said := capsys.readouterr().err)
    assert "row 6" in said
    assert not report.exists()


def test_a_week_between_two_days_is_crossed_and_an_option_leaves_on_its_last_day(tmp_path: Path) -> None:
    """Bought on Wednesday with nothing recorded until a week later: it is closed when its last day ends."""
    option = "SPY 2026-11-20 660 C"
    rows = walk(option, [(0.0, "1.20", "1.19", "1.21"), (60.0, "1.30", "1.29", "1.31")])
    week_later = (OPEN + timedelta(days=7)).isoformat()
    rows.append(f"{week_later},{option},0.01,0.01,0.02,50")
    alerts = [message(1, 5, "BTO SPY 660c 11/20 @ 1.20")]
    report = replayed(write_messages(tmp_path, alerts), write_quotes(tmp_path, rows), tmp_path)
    assert [each["outcome"] for each in report["messages"]] == ["traded"]
    assert len(report["trades"]) + len(report["open_positions"]) == 1
    assert datetime.fromisoformat(report["inputs"]["last_at"]) == OPEN + timedelta(days=7)


REAL_ALERTS = [
    ("1", "13:31:00", "ES long 2670 stop 2667 targets 2673, 2676", "pit", "ann"),
    ("2", "13:32:00", "good morning all", "pit", "bob"),
    ("3", "14:05:22", "ES short 2678 stop 2681 target 2674", "pit", "bob"),
    ("4", "14:43:43", "ES long 2671 stop 2668 target 2675", "pit", "ann"),
    ("5", "15:50:01", "ES short 2674.25 stop 2676.25 target 2670", "den", "cyd"),
    ("6", "16:28:26", "ES long 2677.5 stop 2667.5", "den", "cyd"),
]


def real_prints(path: Path) -> list[tuple[datetime, Decimal]]:
    with gzip.open(path, "rt") as lines:
        return [(datetime.fromisoformat(row["time_utc"]), Decimal(row["price"])) for row in csv.DictReader(lines)]


def test_a_real_morning_of_es_fills_at_prices_that_printed_and_adds_up(tmp_path: Path, shared: Path) -> None:
    quotes = shared / "market" / "es_trades_2018-05-07.csv.gz"
    rows = [
        {"id": number, "text": text, "ts": f"2018-05-07T{at}Z", "channel": channel, "author": author}
        for number, at, text, channel, author in REAL_ALERTS
    ]
    report = replayed(write_messages(tmp_path, rows), quotes, tmp_path)
    assert report["inputs"]["quote_rows"] == 74_907
    assert any("spread of 1 tick is assumed" in words for words in report["assumptions"])
    assert any("every weekday is taken for a full session" in words for words in report["assumptions"])
    prints = real_prints(quotes)
    stops = {order["cl_ord_id"] for each in report["messages"] for order in each["orders"] if order["role"] == "STOP"}
    for fill in report["fills"]:
        at = datetime.fromisoformat(fill["at"])
        near = {price for moment, price in prints if at - timedelta(seconds=5) <= moment <= at}
        slippage = Decimal("0.25") if fill["cl_ord_id"] in stops else Decimal(0)
        assert Decimal(fill["last_px"]) - slippage in near, fill
    assert [fill["last_px"] for fill in report["fills"]] == [
        "2668.5", "2673", "2678", "2674", "2671.25", "2675", "2674.25", "2676.5",
    ]  # fmt: skip
    assert [trade["net_pnl"] for trade in report["trades"]] == ["222.50", "197.50", "185.00", "-115.00"]
    assert {row["name"]: row["net_pnl"] for row in report["by_analyst"]} == {
        "ann": "407.50", "bob": "197.50", "cyd": "-115.00",
    }  # fmt: skip
    assert (report["totals"]["net_pnl"], report["totals"]["commission"]) == ("490.00", "10.00")
    refused = report["messages"][-1]
    assert (refused["outcome"], refused["code"]) == ("held", "RISK_EXCEEDS_MAX")
