"""The picture tool shows what a user would see: a state with something in it, the size that was asked for."""

from pathlib import Path

from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QApplication

from tests.pictures.states import STATES
from tests.pictures.studio import Studio


async def test_a_state_is_photographed_tab_by_tab(qapp: QApplication, tmp_path: Path) -> None:
    state = next(state for state in STATES if state.name == "first-start")
    studio = Studio(qapp, tmp_path / "pictures", themes=("dark", "light"), size=(1280, 720))
    assert await studio.photograph(state, tmp_path / "home") == 2
    for theme in ("dark", "light"):
        picture = QImage(str(tmp_path / "pictures" / "first-start" / f"window-{theme}.png"))
        assert (picture.width(), picture.height()) == (1280, 720)
        colours = {picture.pixel(x, y) for x in range(0, 1280, 4) for y in range(0, 720, 4)}
        assert len(colours) > 50
