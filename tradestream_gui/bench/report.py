"""What a benchmark found: figures against a floor from the same run, with a goal and a limit each."""

import json
import platform
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

SPREAD_LIMIT = 1.25  # p90 / p10 of the floor's rounds; above it the machine was too busy to judge
PACKAGES = ("PyQt6", "qasync", "pyqtgraph", "numpy")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured metric; `ratio` is value over floor. It passes while `judged` is at most `must`."""

    gate: str
    metric: str
    value: float
    unit: str
    floor: float | None = None
    goal: float | None = None
    must: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    @property
    def judged(self) -> float:
        """The ratio where there is a floor, else the value itself."""
        ratio = self.ratio
        return self.value if ratio is None else ratio

    @property
    def passed(self) -> bool:
        return self.must is None or self.judged <= self.must

    @property
    def verdict(self) -> str:
        if self.must is None:
            return "info"
        if not self.passed:
            return "FAIL"
        return "goal" if self.goal is not None and self.judged <= self.goal else "ok"


@dataclass(frozen=True, slots=True)
class BenchReport:
    """All figures of one run with the machine they come from."""

    name: str
    figures: tuple[Figure, ...]
    rounds: int
    floor_spread: float
    remarks: tuple[str, ...] = ()
    machine: dict[str, str] = field(default_factory=lambda: _machine())

    @property
    def is_trustworthy(self) -> bool:
        return self.floor_spread <= SPREAD_LIMIT

    @property
    def passed(self) -> bool:
        return all(figure.passed for figure in self.figures)

    def table(self) -> str:
        """The figures as text, one line each."""
        lines = [f"bench {self.name}: median of {self.rounds} rounds, floor spread {self.floor_spread:.2f}"]
        lines.append(
            f"{'gate':6s} {'metric':38s} {'value':>11s} {'floor':>11s} {'ratio':>7s} {'goal':>6s} {'must':>6s}"
        )
        for figure in self.figures:
            lines.append(
                f"{figure.gate:6s} {figure.metric + ' ' + figure.unit:38s} {_cell(figure.value, 11)}"
                f" {_cell(figure.floor, 11)}"
                f" {_cell(figure.ratio, 7)} {_cell(figure.goal, 6)} {_cell(figure.must, 6)} {figure.verdict}"
            )
        if not self.is_trustworthy:
            lines.append(f"the floor moved by more than {SPREAD_LIMIT}: run again on an idle machine before judging")
        return "\n".join([*lines, *self.remarks])

    def to_json(self) -> str:
        figures = [
            {
                "gate": figure.gate,
                "metric": figure.metric,
                "value": figure.value,
                "unit": figure.unit,
                "floor": figure.floor,
                "ratio": figure.ratio,
                "goal": figure.goal,
                "must": figure.must,
                "verdict": figure.verdict,
            }
            for figure in self.figures
        ]
        told: dict[str, object] = {
            "name": self.name,
            "rounds": self.rounds,
            "floor_spread": self.floor_spread,
            "machine": self.machine,
        }
        return json.dumps(
            told | {"trustworthy": self.is_trustworthy, "passed": self.passed, "figures": figures}, indent=2
        )


def spread_of(values: list[float]) -> float:
    """p90 over p10 of the rounds of one figure."""
    ordered = sorted(values)
    if len(ordered) < 2:
        return 1.0
    low, high = ordered[len(ordered) // 10], ordered[min(len(ordered) * 9 // 10, len(ordered) - 1)]
    return high / low if low else 1.0


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    """The median of each figure over the rounds."""
    return {key: median(found[key] for found in rounds) for key in rounds[0]}


def share_of(ordered: list[float], share: float) -> float:
    """The value below which that share of an ascending list lies."""
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _cell(value: float | None, width: int) -> str:
    return f"{value:{width}.3f}" if value is not None else " " * (width - 1) + "-"


def _machine() -> dict[str, str]:
    told = {"python": platform.python_version(), "system": platform.platform(), "cpu": _cpu_model()}
    for package in PACKAGES:
        try:
            told[package] = version(package)
        except PackageNotFoundError:
            told[package] = "not installed"
    return told


def _cpu_model() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if not cpuinfo.exists():
        return platform.processor()
    names = [line for line in cpuinfo.read_text(encoding="utf-8").splitlines() if line.startswith("model name")]
    return names[0].partition(":")[2].strip() if names else platform.processor()
