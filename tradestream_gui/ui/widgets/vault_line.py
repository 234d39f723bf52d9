"""Puts secrets into the vault: asks for its passphrase where it must, works on a thread, shows no value ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.ports.secrets import Secrets, SecretsLocked
from tradestream_gui.ui.shell.plain import plain, plain_label

if TYPE_CHECKING:
    from tradestream_gui.core import Core


def secret_field(name: str, parent: QWidget) -> QLineEdit:
    """A field whose text is never seen."""
    field = QLineEdit(parent)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setPlaceholderText(name)
    field.setAccessibleName(name)
    return field


class VaultLine(QWidget):
    """One line of words about the vault, and its passphrase while it is asked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core: Core | None = None
        self._begun = 0
        """How many acts; what a mere look at the vault finds is old once one was begun since."""
        self.words = plain_label(role="help")
        self.words.setWordWrap(True)
        self.passphrase = secret_field("Passphrase of the vault", self)
        self.open = QPushButton("Open the vault", self)
        self.open.clicked.connect(self._on_open)
        row = QHBoxLayout()
        row.addWidget(self.passphrase, 1)
        row.addWidget(self.open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.words)
        column.addLayout(row)
        self._ask_for_passphrase(False)

    def attach(self, core: Core) -> None:
        """For a profile that keeps secrets; the demo keeps none."""
        self._core = core

    def say(self, words: str) -> None:
        self.words.setText(plain(words))

    def keep(self, name: str, value: str, said: str, then: Callable[[], object] | None = None) -> None:
        """Puts the value under the name, then says so; `then` runs only when it is kept."""

        def put(secrets: Secrets) -> str:
            _opened(secrets).put(name, value)
            return said

        self._do(put, f"keep {name}", then)

    def forget(self, name: str, said: str, then: Callable[[], object] | None = None) -> None:
        def delete(secrets: Secrets) -> str:
            _opened(secrets).delete(name)
            return said

        self._do(delete, f"forget {name}", then)

    def _ask_for_passphrase(self, wanted: bool) -> None:
        self.passphrase.setVisible(wanted)
        self.open.setVisible(wanted)

    def _on_open(self) -> None:
        passphrase = self.passphrase.text()
        self.passphrase.clear()

        def unlock(secrets: Secrets) -> str:
            secrets.unlock(passphrase)
            return secrets.status().words

        self._do(unlock, "open the vault", None)

    def _do(self, work: Callable[[Secrets], str], name: str, then: Callable[[], object] | None) -> None:
        core = self._core
        if core is not None and core.secrets is not None:
            self._begun += 1
            core.tasks.spawn(self._done(work, core.secrets, then), name)

    async def _done(self, work: Callable[[Secrets], str], secrets: Secrets, then: Callable[[], object] | None) -> None:
        try:
            words = await asyncio.to_thread(work, secrets)
        except SecretsLocked as error:
            self.say(str(error))
            self._ask_for_passphrase(True)
        except (StoreFailed, ValueError) as error:
            self.say(str(error))
        else:
            self.say(words)
            self._ask_for_passphrase(False)
            if then is not None:
                then()

    async def _look(self, secrets: Secrets) -> None:
        begun = self._begun
        try:
            words = (await asyncio.to_thread(secrets.status)).words
        except StoreFailed as error:
            words = str(error)
        if begun == self._begun:
            self.say(words)

    # overridden Qt methods

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        core = self._core
        if core is not None and core.secrets is not None:
            core.tasks.spawn(self._look(core.secrets), "look at the vault")


def _opened(secrets: Secrets) -> Secrets:
    """By the keyring where it was closed until now; raises SecretsLocked where that is not enough."""
    try:
        secrets.names()
    except SecretsLocked:
        secrets.unlock(None)
    return secrets
