"""Makes what stands in the window's tabs and docks: each when it is needed, in three steps that can be taken apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QWidget

from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.look import Look

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ui.shell.signal_hub import SignalHub


class Part(Protocol):
    """A tab or a dock's content: it shows its empty state until the core is attached."""

    def attach(self, core: Core, hub: SignalHub) -> None: ...


PartMaker = Callable[[Look], QWidget]


@dataclass(frozen=True, slots=True)
class TabPlan:
    key: str
    title: str
    icon: str
    make: PartMaker
    waits: bool = False
    """Made when it is first looked at, not with the window: many days go by without it, and it holds much."""


@dataclass(frozen=True, slots=True)
class DockPlan:
    key: str
    title: str
    area: Qt.DockWidgetArea
    make: PartMaker


class WindowParts:
    """The only maker of the parts. `place` puts one where it belongs in the window, `tell` says that it is there."""

    def __init__(
        self,
        window: QWidget,
        look: Look,
        arming: Arming,
        plans: tuple[TabPlan | DockPlan, ...],
        place: Callable[[str, QWidget], None],
        tell: Callable[[QWidget], None],
    ) -> None:
        self._window = window
        self._look = look
        self._arming = arming
        self._plans = {plan.key: plan for plan in plans}
        self._place = place
        self._tell = tell
        self._core: Core | None = None
        self._hub: SignalHub | None = None
        self._made: dict[str, QWidget] = {}
        self._attached: set[str] = set()
        self._placed: dict[str, QWidget] = {}
        self._make_later: Callable[[str], None] | None = None
        self._wanted: set[str] = set()
        self._awaiting: dict[str, list[Callable[[QWidget], object]]] = {}

    def make(self, key: str) -> QWidget:
        """The content of a tab or dock, not in its place yet: the first of the three steps to a part."""
        made = self._made.get(key)
        if made is None:
            made = self._plans[key].make(self._look)
            made.setParent(self._window)  # a window that closes meanwhile takes it along
            self._made[key] = made
            use_arming = getattr(made, "use_arming", None)
            if use_arming is not None:
                use_arming(self._arming)
        return made

    def join(self, key: str) -> None:
        """The second step: the content gets the core, once there is one."""
        made = self.make(key)
        if key not in self._attached and self._core is not None and self._hub is not None:
            self._attached.add(key)
            attach = getattr(made, "attach", None)
            if attach is not None:
                attach(self._core, self._hub)

    def part(self, key: str) -> QWidget:
        """The content in its place; what is missing of the three steps is done now."""
        if key in self._placed:
            return self._placed[key]
        made = self.make(key)
        self._placed[key] = made
        self._place(key, made)
        self.join(key)
        self._tell(made)
        for use in self._awaiting.pop(key, ()):
            use(made)
        return made

    def placed(self) -> dict[str, QWidget]:
        """The contents that stand in their places, by key."""
        return dict(self._placed)

    def use(self, key: str, use: Callable[[QWidget], object]) -> None:
        """Gives the content to `use` as soon as it is there."""
        made = self._placed.get(key)
        if made is not None:
            use(made)
        else:
            self._awaiting.setdefault(key, []).append(use)
            self.want(key)

    def want(self, key: str) -> None:
        """Has it made, now or by whoever makes parts in small steps."""
        if key in self._placed or key in self._wanted:
            return
        if self._make_later is None:
            self.part(key)
        else:
            self._wanted.add(key)
            self._make_later(key)

    def make_by(self, make_later: Callable[[str], None]) -> None:
        """Who is asked for a part that was not made yet; without anybody it is made at once."""
        self._make_later = make_later

    def attach(self, core: Core, hub: SignalHub) -> None:
        self._core, self._hub = core, hub
        for key in self._placed:
            self.join(key)
