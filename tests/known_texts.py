"""What most tests begin with is worked out once a process: nearly every profile starts from the same settings."""

from functools import lru_cache

from tradestream_gui.upkeep.settings import file
from tradestream_gui.upkeep.settings.model import Settings

KEPT = 64
"""More files than the tests of one folder begin with."""


def remember_settings_files() -> None:
    """The document of a file's text and the text of a new file are kept for this process: they cost five sixths of
    what opening a profile does. All that follows from them is made by each test anew.

    Nobody changes a document: `parse` copies its values and looks up lines in it.
    """
    render, new_files = file.render, dict[str, str]()

    def remembered(settings: Settings, previous: str | None = None) -> str:
        if previous is not None:
            return render(settings, previous)
        key = settings.model_dump_json()
        if key not in new_files:
            new_files[key] = render(settings)
        return new_files[key]

    file._document = lru_cache(maxsize=KEPT)(file._document)
    file.render = remembered
