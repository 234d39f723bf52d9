"""Messages with what a person says they mean, as JSON lines that `tradestream corpus` scores."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tradestream_gui.alerts.alert_json import action_json
from tradestream_gui.alerts.dates import EASTERN
from tradestream_gui.domain.alerts import AlertAction
from tradestream_gui.domain.messages import MessageRevision

FILE_NAME = "labelled.jsonl"
MAX_ROWS = 20_000
"""A person labels some dozens a week; beyond this the file is not ours."""
BASIS = "set right by the user"


class LabelError(ValueError):
    """A file of labels that cannot be used: says which file, which line, and why."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One row: a message and its right actions. No actions: the message asks for nothing."""

    row: Mapping[str, object]

    @property
    def key(self) -> str:
        return str(self.row["id"])


def labelled(revision: MessageRevision, actions: Sequence[AlertAction]) -> Labelled:
    """The row of a message, with the keys that the corpus has."""
    return Labelled(
        {
            "id": f"{revision.message_key}#{revision.revision}",
            "channel": revision.channel_id,
            "author": revision.author_id,
            "ts": revision.sent_at.astimezone(EASTERN).strftime("%Y-%m-%d %H:%M:%S"),
            "text": revision.text,
            "reply_to": revision.reply_text,
            "edited": revision.revision > 0,
            "expected": [action_json(action) for action in actions],
            "also_ok": [],
            "label_basis": BASIS,
            "kind": actions[0].kind.value if actions else "none",
            "scope": "real",
        }
    )


class LabelledMessages:
    """The only writer of its file; blocking, for a thread. `write` replaces a file as a whole or not at all."""

    def __init__(self, path: Path, write: Callable[[Path, bytes], None]) -> None:
        self._path = path
        self._write = write

    @property
    def path(self) -> Path:
        return self._path

    def rows(self) -> tuple[Labelled, ...]:
        """All rows, oldest first. Raises LabelError for a file that is none of ours."""
        if not self._path.is_file():
            return ()
        lines = self._path.read_text(encoding="utf-8").splitlines()
        if len(lines) > MAX_ROWS:
            raise LabelError(f"{self._path.name}: {len(lines)} lines, at most {MAX_ROWS}; move the oldest elsewhere")
        return tuple(self._row(number, line) for number, line in enumerate(lines, start=1) if line.strip())

    def add(self, row: Labelled) -> int:
        """Keeps the row, in place of an earlier label of the same version; answers how many there are now."""
        kept = [known for known in self.rows() if known.key != row.key]
        if len(kept) >= MAX_ROWS:
            raise LabelError(f"{self._path.name}: full with {MAX_ROWS} messages; move the oldest elsewhere")
        self._save([*kept, row])
        return len(kept) + 1

    def remove(self, key: str) -> None:
        """Takes a label back."""
        self._save([known for known in self.rows() if known.key != key])

    def _save(self, rows: Sequence[Labelled]) -> None:
        text = "".join(json.dumps(one.row, ensure_ascii=False) + "\n" for one in rows)
        self._write(self._path, text.encode())

    def _row(self, number: int, line: str) -> Labelled:
        try:
            row = json.loads(line)
        except ValueError as error:
            raise LabelError(f"{self._path.name} line {number}: {error}") from error
        if not isinstance(row, dict) or not isinstance(row.get("id"), str) or not isinstance(row.get("text"), str):
            raise LabelError(f"{self._path.name} line {number}: a labelled message has an id and a text")
        return Labelled(row)
