"""Named layouts in the palette: one line to switch to each, to delete each, to save this one and to begin anew."""

from collections.abc import Callable
from functools import partial

from tradestream_gui.ui.palette.items import ItemKind, PaletteItem
from tradestream_gui.ui.shell.named_layouts import LONGEST, Done, NamedLayouts
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.shell.ways import Undo

SAVE_AS = "save layout as "
Say = Callable[[str], None]
Tell = Callable[[str, Undo | None], None]


def layout_items(layouts: NamedLayouts, tell: Tell, begin_text: Say) -> list[PaletteItem]:
    names = layouts.names()
    items = [
        _item(f"layout:{name}", f"Layout “{name}”", "layout", partial(_tell, layouts.switch, name, tell))
        for name in names
    ]
    items.append(_item("layout-save", "Save layout as…", "save", partial(begin_text, SAVE_AS)))
    items.append(_item("layout-reset", "Reset layout", "undo", partial(_reset, layouts, tell)))
    items += [
        _item(f"layout-delete:{name}", f"Delete layout “{name}”", "trash",
              partial(_tell, layouts.delete, name, tell), is_careful=True)
        for name in names
    ]  # fmt: skip
    return items


def save_items(layouts: NamedLayouts, typed: str, say: Say) -> list[PaletteItem]:
    """The one thing that Enter does while a name is typed; nothing before it is begun."""
    name = one_line(typed, LONGEST).strip()
    if not name:
        return []
    title = f"{'Replace' if name in layouts.names() else 'Save this layout as'} “{name}”"
    return [_item("layout-save", title, "save", partial(_save, layouts, name, say))]


def _item(
    item_id: str, title: str, icon: str, run: Callable[[], None], *, is_careful: bool = False
) -> PaletteItem:
    return PaletteItem(item_id, ItemKind.ACTION, title, icon, run, detail="Layouts", is_careful=is_careful)


def _tell(act: Callable[[str], Done], name: str, tell: Tell) -> None:
    tell(*act(name))


def _reset(layouts: NamedLayouts, tell: Tell) -> None:
    tell(*layouts.reset())


def _save(layouts: NamedLayouts, name: str, say: Say) -> None:
    say(layouts.save(name))
