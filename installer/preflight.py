"""Says which shared libraries of Linux are missing before Qt blames the wrong one, and whether there is a display."""

import ctypes
import enum
import os
import socket
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


class Display(enum.Enum):
    NONE = "none"
    XCB = "xcb"
    WAYLAND = "wayland"
    NATIVE = "native"
    """Windows and macOS always have one."""


X_SOCKET = "/tmp/.X11-unix/X{number}"
"""The X protocol's fixed place."""


@dataclass(frozen=True, slots=True)
class Library:
    """A library that the PyQt6 wheel does not bring, and the Debian package that has it."""

    name: str
    package: str

    def message(self) -> str:
        remedy = f"Install with: sudo apt install {self.package}"
        return f"Missing system library {self.name} (needed to open a window). {remedy}"


OFFSCREEN = (
    Library("libGL.so.1", "libgl1"),
    Library("libEGL.so.1", "libegl1"),
    Library("libX11.so.6", "libx11-6"),
    Library("libfontconfig.so.1", "libfontconfig1"),
    Library("libfreetype.so.6", "libfreetype6"),
    Library("libdbus-1.so.3", "libdbus-1-3"),
    Library("libglib-2.0.so.0", "libglib2.0-0"),
    Library("libgthread-2.0.so.0", "libglib2.0-0"),
    Library("libxkbcommon.so.0", "libxkbcommon0"),
)
XCB = (
    Library("libxcb-cursor.so.0", "libxcb-cursor0"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    Library("libxcb-shape.so.0", "libxcb-shape0"),
    Library("libxcb-image.so.0", "libxcb-image0"),
    Library("libxcb-render-util.so.0", "libxcb-render-util0"),
    Library("libxcb-util.so.1", "libxcb-util1"),
    Library("libxcb-xkb.so.1", "libxcb-xkb1"),
    Library("libxcb-randr.so.0", "libxcb-randr0"),
    Library("libxcb-sync.so.1", "libxcb-sync1"),
    Library("libxcb-xfixes.so.0", "libxcb-xfixes0"),
    Library("libxcb-shm.so.0", "libxcb-shm0"),
    Library("libX11-xcb.so.1", "libx11-xcb1"),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
)
WAYLAND = (
    Library("libwayland-client.so.0", "libwayland-client0"),
    Library("libwayland-cursor.so.0", "libwayland-cursor0"),
)


def missing_libraries(display: Display, can_load: Callable[[str], bool] | None = None) -> list[Library]:
    """Those of Qt's libraries that do not load: the base set always, the display's own when one is used."""
    if not sys.platform.startswith("linux"):
        return []
    loads = can_load or _loads
    of_display = {Display.XCB: XCB, Display.WAYLAND: WAYLAND}.get(display, ())
    return [library for library in (*OFFSCREEN, *of_display) if not loads(library.name)]


def install_all_line(missing: Iterable[Library]) -> str:
    return "All at once: sudo apt install " + " ".join(dict.fromkeys(library.package for library in missing))


def find_display(variables: Mapping[str, str]) -> Display:
    """The display that a window would open on; a DISPLAY that nobody serves counts as none."""
    if not sys.platform.startswith("linux"):
        return Display.NATIVE
    if _x_server_answers(variables.get("DISPLAY", "")):
        return Display.XCB
    wayland = variables.get("WAYLAND_DISPLAY", "")
    if wayland and Path(variables.get("XDG_RUNTIME_DIR", "/"), wayland).is_socket():
        return Display.WAYLAND
    return Display.NONE


def _x_server_answers(display: str) -> bool:
    """Tries the local socket of `:N`; a display on another host is believed."""
    host, _, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not number.isdigit():
        return False
    if host not in ("", "unix"):
        return True
    path = X_SOCKET.format(number=number)
    for address in (path, "\0" + path):
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.connect(address)
            except OSError:
                continue
            return True
    return False


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name, mode=os.RTLD_LAZY)
    except OSError:
        return False
    return True
