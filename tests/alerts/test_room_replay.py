"""Every room of the labelled corpus in time order: each trim, close, stop and target finds its position, or is held."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.alerts.conftest import TABLE
from tests.alerts.room_oracle import LabelledRoom, Truth
from tests.alerts.room_world import Played, RoomWorld

COLUMNS = (
    "reply", "contract", "symbol", "only open position", "every open position",
    "already flat", "several could be meant", "nothing is open", "held otherwise", "not read", "wrong",
)  # fmt: skip
BOUND = COLUMNS[:5]


def test_every_exit_and_stop_of_the_corpus_is_bound_to_its_position_or_held(
    shared: Path, record_property: Callable[[str, object], None]
) -> None:
    counts = {room: _played(rows) for room, rows in _rooms(shared / "alerts" / "dev.jsonl").items()}
    total = sum(counts.values(), Counter[str]())
    record_property(TABLE, _table(counts, total))
    assert total["wrong"] == 0
    assert sum(total[column] for column in BOUND) >= 40
    assert total["held otherwise"] <= 20
    assert total["not read"] <= 20


def _rooms(file: Path) -> dict[str, list[dict[str, Any]]]:
    """Rows by room, or by author where the room is empty, oldest first; other markets than ours are left out."""
    rooms: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["scope"] != "foreign":
            rooms[row["channel"] or row["author"]].append(row)
    return {room: sorted(rows, key=lambda row: str(row["ts"])) for room, rows in sorted(rooms.items())}


def _played(rows: list[dict[str, Any]]) -> Counter[str]:
    world = RoomWorld(rows[0]["channel"] or rows[0]["author"], sorted({row["author"] for row in rows}))
    labels = LabelledRoom()
    found = (_judged(row, world.play(row), labels.take(row)) for row in rows)
    return Counter(column for column in found if column)


def _judged(row: Mapping[str, Any], played: Played, truth: Truth) -> str:
    """The column of one message; "" for those that manage no position."""
    if played.bound and played.bound_by != "add":
        return played.bound_by if truth.contracts == played.bound else "wrong"
    if not truth.manages:
        return ""
    if played.held == "ALREADY_FLAT":
        return "already flat"
    if played.held and truth.contracts is None:
        return "several could be meant"
    if played.held and not truth.contracts:
        return "nothing is open"
    return "held otherwise" if played.held else "not read"


def _table(counts: Mapping[str, Counter[str]], total: Counter[str]) -> str:
    lines = ["resolver over the labelled rooms: bound by | held, or done already | wrong"]
    lines.append(f"{'room':<12}" + "".join(f"{column[:12]:>14}" for column in COLUMNS))
    for room, count in (*counts.items(), ("all", total)):
        if sum(count.values()):
            lines.append(f"{room:<12}" + "".join(f"{count[column] or '-':>14}" for column in COLUMNS))
    return "\n".join(lines)
