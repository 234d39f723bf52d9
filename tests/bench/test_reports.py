"""A benchmark passes within its limits, fails beyond one, and says when the machine was too busy to judge."""

import json
from pathlib import Path

import pytest

from tradestream_gui.bench import MODULE_BY_NAME, run_bench
from tradestream_gui.bench.child import BenchFailed, run_child
from tradestream_gui.bench.report import BenchReport, Figure, medians, spread_of


def _report(value: float, must: float | None = 2.0, spread: float = 1.0) -> BenchReport:
    return BenchReport("sample", (Figure("P0", "a path", value, "ms", 1.0, 1.5, must),), 3, spread)


@pytest.mark.parametrize(
    ("value", "must", "verdict", "passed"),
    [(1.4, 2.0, "goal", True), (1.8, 2.0, "ok", True), (2.1, 2.0, "FAIL", False), (9.0, None, "info", True)],
)
def test_a_figure_is_judged_by_its_ratio(value: float, must: float | None, verdict: str, passed: bool) -> None:
    report = _report(value, must)
    assert report.figures[0].verdict == verdict
    assert report.passed is passed
    assert verdict in report.table()


def test_a_figure_without_a_floor_is_judged_by_itself() -> None:
    assert Figure("P1", "first paint", 240.0, "ms", None, 150.0, 250.0).verdict == "ok"
    assert Figure("P2", "early wake", 0.1, "ms", None, 0.0, 0.0).verdict == "FAIL"


def test_a_moving_floor_is_told() -> None:
    assert not _report(1.0, spread=1.3).is_trustworthy
    assert "idle machine" in _report(1.0, spread=1.3).table()
    assert spread_of([1.0, 1.0, 1.1, 2.0]) == 2.0


def test_the_json_holds_figures_and_machine() -> None:
    told = json.loads(_report(1.8).to_json())
    assert told["figures"][0]["ratio"] == 1.8
    assert told["passed"] is True
    assert told["machine"]["python"]


def test_medians_are_taken_per_figure() -> None:
    assert medians([{"a": 1.0, "b": 5.0}, {"a": 3.0, "b": 1.0}, {"a": 2.0, "b": 9.0}]) == {"a": 2.0, "b": 5.0}


def test_an_unknown_name_is_a_usage_error_that_lists_the_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_bench("speed") == 2
    told = capsys.readouterr().out
    assert all(name in told for name in MODULE_BY_NAME)


def test_a_measuring_process_that_dies_is_reported_with_its_words() -> None:
    with pytest.raises(BenchFailed, match=r"bench\.table nonsense"):
        run_child("tradestream_gui.bench.table", ["nonsense"])


def test_the_start_up_benchmark_runs_and_writes_json(tmp_path: Path) -> None:
    path = tmp_path / "startup.json"
    assert run_bench("startup", path, rounds=1) in (0, 1)
    figures = {figure["gate"]: figure for figure in json.loads(path.read_text(encoding="utf-8"))["figures"]}
    assert figures["P1f"]["value"] == 0


def test_the_parser_benchmark_runs_without_its_peer_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("BENCH_ALERT_PEER", raising=False)
    path = tmp_path / "parse.json"
    assert run_bench("parse", path, rounds=1) in (0, 1)
    figures = {figure["metric"]: figure for figure in json.loads(path.read_text(encoding="utf-8"))["figures"]}
    assert figures["chatter"]["value"] < figures["option_entry"]["value"]
    assert figures["chatter"]["verdict"] == "info"
    assert "names no peer" in capsys.readouterr().out


def test_the_busy_day_reaches_the_real_window(tmp_path: Path) -> None:
    """Messages are decided and ticks are taken in at the rates that are asked for."""
    figures = run_child("tradestream_gui.bench.load", ["2", str(tmp_path)])
    assert figures["messages"] > 50
    assert figures["decided"] > 50
    assert figures["ticks"] > 500


def test_the_storm_is_seen_on_the_watchlist(tmp_path: Path) -> None:
    figures = run_child("tradestream_gui.bench.storm", ["500", "2", str(tmp_path)])
    assert figures["taken"] > 250
    assert figures["cpu_pct"] > 0
    assert figures["making_pct"] > 0
    assert figures["age_p99_ms"] < float("inf")


def test_bars_and_indicators_are_measured() -> None:
    figures = run_child("tradestream_gui.bench.bars", [])
    assert all(figures[name] > 0 for name in ("tick_us", "bar_us", "ema", "rsi"))
