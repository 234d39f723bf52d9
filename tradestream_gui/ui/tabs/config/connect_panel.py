"""The connection wizard: what a service needs, its fields, the test of its log-in, and what stays to be proven."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tradestream_gui.domain.errors import ConfigInvalid
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain, plain_label
from tradestream_gui.ui.tabs.config.connect_steps import ConnectSteps
from tradestream_gui.ui.widgets.vault_line import VaultLine, secret_field

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ports.connection_check import CheckField, ConnectionCheck

NONE = "The demo has no log-ins and keeps no keys. To connect anything, start TradeStream without the demo."
NEEDS, FIELDS, RESULT, UNPROVEN = (
    "1  What you need first", "2  Where and who", "3  What it answered", "4  What only your own account can prove",
)  # fmt: skip
KEPT_FIELD = "kept in the vault; paste another one to try it"
AFTER = (
    "A FUNDED or LIVE account opens nothing before one more test has passed, on Accounts & brokers: one contract far "
    "from the market is placed, seen, cancelled and seen gone."
)
TESTING = "Asking…"
GOOD, BAD = "All of it answered as it should.", "Not all of it is well: what to do stands beside each line."
KEPT = "{what} kept; a log-in that runs takes it over at the next start."
NOTHING = "Nothing was changed."


class ConnectPanel(QWidget):
    """Shows one service at a time. A test sends nothing but read-only calls; what is typed is kept only on demand."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core: Core | None = None
        self._is_running = False
        self.service = QComboBox(self)
        self.service.setAccessibleName("Service to connect")
        self.service.currentIndexChanged.connect(self._on_service)
        self.none = plain_label(NONE, role="help")
        self.none.setWordWrap(True)
        self.needs, self.unproven = (plain_label() for _ in range(2))
        self.fields: dict[str, QLineEdit] = {}
        self.test = QPushButton("Test the connection", self)
        self.test.setProperty("role", "primary")
        self.test.clicked.connect(self._on_test)
        self.keep = QPushButton("Keep what is written here", self)
        self.keep.clicked.connect(self._on_keep)
        self.said = plain_label(role="help")
        self.vault = VaultLine(self)
        self.steps = ConnectSteps(look)
        self._form = QFormLayout()
        self._body = QWidget(self)
        self._arrange()

    def attach(self, core: Core) -> None:
        """Whose settings and vault keep what is typed."""
        self._core = core
        self.vault.attach(core)
        has_checks = bool(core.connection_checks)
        self.none.setVisible(not has_checks)
        self._body.setVisible(has_checks)
        self.service.addItems([plain(check.title) for check in core.connection_checks])

    def _arrange(self) -> None:
        for label in (self.needs, self.unproven, self.said):
            label.setWordWrap(True)
        after = plain_label(AFTER, role="help")
        after.setWordWrap(True)
        buttons = QHBoxLayout()
        for button in (self.test, self.keep):
            buttons.addWidget(button)
        buttons.addStretch(1)
        inner = QVBoxLayout(self._body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(12)
        inner.addWidget(self.service)
        inner.addWidget(_card(NEEDS, self.needs))
        inner.addWidget(_card(FIELDS, self._form, self.vault, buttons, self.said))
        inner.addWidget(_card(RESULT, self.steps))
        inner.addWidget(_card(UNPROVEN, self.unproven, after))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.none)
        column.addWidget(self._body)
        column.addStretch(1)

    def _check(self) -> ConnectionCheck | None:
        checks, row = self._core.connection_checks if self._core else (), self.service.currentIndex()
        return checks[row] if 0 <= row < len(checks) else None

    def _on_service(self, _row: int) -> None:
        check = self._check()
        if check is None:
            return
        self.needs.setText(_listed(check.needs))
        self.unproven.setText(_listed(check.unproven))
        self.steps.clear()
        self.said.setText("")
        while self._form.rowCount():
            self._form.removeRow(0)
        fields = check.fields()
        self.fields = {field.key: self._field(field) for field in fields}
        for field in fields:
            self._form.addRow(plain_label(field.label), self.fields[field.key])
        self.vault.setVisible(any(field.secret for field in fields))

    def _field(self, field: CheckField) -> QLineEdit:
        if not field.secret:
            shown = QLineEdit(field.value, self)
            shown.setAccessibleName(field.label)
        else:
            shown = secret_field(field.label, self)
            shown.setPlaceholderText(KEPT_FIELD)
        shown.returnPressed.connect(self.test.click)
        return shown

    def _on_test(self) -> None:
        core, check = self._core, self._check()
        if core is not None and check is not None and not self._is_running:
            core.tasks.spawn(self._run(check), f"test {check.title}")

    async def _run(self, check: ConnectionCheck) -> None:
        self._set_running(True)
        self.steps.clear()
        self.said.setText(TESTING)
        try:
            is_good = await check.run({key: field.text() for key, field in self.fields.items()}, self.steps.add)
            self.said.setText(GOOD if is_good else BAD)
        finally:
            self._set_running(False)

    def _set_running(self, is_running: bool) -> None:
        self._is_running = is_running
        for part in (self.test, self.keep, self.service):
            part.setEnabled(not is_running)

    def _on_keep(self) -> None:
        core, check = self._core, self._check()
        if core is None or check is None:
            return
        for field in check.fields():
            typed = self.fields[field.key].text().strip()
            if field.secret and typed:
                said = KEPT.format(what=field.label)
                self.vault.keep(field.secret, typed, said, then=self.fields[field.key].clear)
        core.tasks.spawn(self._keep_settings(core, check), f"keep the settings of {check.title}")

    async def _keep_settings(self, core: Core, check: ConnectionCheck) -> None:
        changed = {
            field.setting: self.fields[field.key].text().strip()
            for field in check.fields()
            if field.setting and self.fields[field.key].text().strip() != field.value
        }
        if not changed:
            self.said.setText(NOTHING)
            return
        try:
            await core.settings.apply(core.settings.propose(changed))
        except ConfigInvalid as error:
            self.said.setText(plain(f"Not kept: {error}"))
        else:
            self.said.setText(plain(KEPT.format(what=", ".join(sorted(changed)))))


def _card(title: str, *parts: QWidget | QHBoxLayout | QFormLayout) -> QFrame:
    card = QFrame()
    card.setProperty("role", "card")
    column = QVBoxLayout(card)
    column.setContentsMargins(18, 12, 18, 14)
    column.setSpacing(8)
    column.addWidget(plain_label(title, role="h2"))
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part)
        else:
            column.addLayout(part)
    return card


def _listed(lines: tuple[str, ...]) -> str:
    return "\n".join(f"·  {plain(line)}" for line in lines)
