"""Questions are answered without a nested loop: everything else goes on meanwhile."""

import asyncio

import pytest
from PyQt6 import sip
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tradestream_gui.ui.shell.dialogs import Question, QuestionDialog, ask
from tradestream_gui.ui.shell.look import Look

FLATTEN = Question("Flatten all", "2 positions will be closed at market.", "Flatten", role="danger")
GO_LIVE = Question("Enable live trading", "Orders go to the exchange.", "Enable", sentence="TRADE LIVE 50K-A")


@pytest.fixture
def window(look: Look, qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


async def _opened(task: "asyncio.Task[bool]") -> QuestionDialog:
    while not task.done():
        await asyncio.sleep(0.001)
        shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, QuestionDialog) and w.isVisible()]
        if shown:
            return shown[0]
    raise AssertionError("the question ended before its dialog was shown")


async def test_the_answer_comes_back_while_other_tasks_run(window: QWidget) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.001)

    ticking = asyncio.create_task(tick())
    asking = asyncio.create_task(ask(window, FLATTEN))
    dialog = await _opened(asking)
    before = ticks
    await asyncio.sleep(0.02)
    assert ticks > before
    dialog.confirm.click()
    assert await asking is True
    ticking.cancel()


async def test_escape_and_cancel_answer_no(window: QWidget) -> None:
    for press in ("escape", "cancel"):
        asking = asyncio.create_task(ask(window, FLATTEN))
        dialog = await _opened(asking)
        if press == "escape":
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
        else:
            dialog.cancel.click()
        assert await asking is False


async def test_a_sentence_must_be_typed_exactly(window: QWidget) -> None:
    asking = asyncio.create_task(ask(window, GO_LIVE))
    dialog = await _opened(asking)
    assert not dialog.confirm.isEnabled()
    QTest.keyClicks(dialog.typed, "trade live 50k-a")
    assert not dialog.confirm.isEnabled()
    dialog.typed.clear()
    QTest.keyClicks(dialog.typed, "TRADE LIVE 50K-A")
    assert dialog.confirm.isEnabled()
    dialog.confirm.click()
    assert await asking is True


async def test_a_cancelled_question_closes_its_dialog(window: QWidget) -> None:
    asking = asyncio.create_task(ask(window, FLATTEN))
    dialog = await _opened(asking)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await asyncio.sleep(0.001)
    assert sip.isdeleted(dialog) or not dialog.isVisible()
