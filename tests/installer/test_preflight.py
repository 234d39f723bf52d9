"""A missing library is named truly, with its package, and only for what is about to be used."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer import preflight
from installer.preflight import Display, find_display, install_all_line, missing_libraries

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems bring these libraries")


def test_a_missing_library_is_one_line_with_its_package() -> None:
    (missing,) = missing_libraries(Display.XCB, lambda name: name != "libxcb-shape.so.0")
    assert missing.message() == (
        "Missing system library libxcb-shape.so.0 (needed to open a window). "
        "Install with: sudo apt install libxcb-shape0"
    )


def test_libraries_of_the_display_are_asked_for_only_with_a_display() -> None:
    def lacks_xcb(name: str) -> bool:
        return "xcb" not in name

    assert missing_libraries(Display.NONE, lacks_xcb) == []
    assert len(missing_libraries(Display.XCB, lacks_xcb)) >= 10


def test_the_base_libraries_are_always_asked_for() -> None:
    for display in (Display.NONE, Display.XCB, Display.WAYLAND):
        names = [library.name for library in missing_libraries(display, lambda name: name != "libGL.so.1")]
        assert names == ["libGL.so.1"]


def test_all_packages_are_named_once_in_one_line() -> None:
    missing = missing_libraries(Display.NONE, lambda name: "glib" not in name and "gthread" not in name)
    assert len(missing) == 2
    assert install_all_line(missing) == "All at once: sudo apt install libglib2.0-0"


def test_the_real_loader_knows_a_library_that_is_there_and_one_that_is_not() -> None:
    assert preflight._loads("libc.so.6")
    assert not preflight._loads("libtradestream-is-no-library.so.9")


@pytest.fixture
def x_server() -> Iterator[int]:
    """A server that listens where an X server with a high number would."""
    number = 7431
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0" + preflight.X_SOCKET.format(number=number))
        server.listen()
        yield number


def test_a_display_that_answers_is_used(x_server: int) -> None:
    assert find_display({"DISPLAY": f":{x_server}.0"}) is Display.XCB


@pytest.mark.parametrize("display", ["", ":7430", "nonsense", ":", ":abc"])
def test_a_display_that_nobody_serves_counts_as_none(display: str) -> None:
    assert find_display({"DISPLAY": display}) is Display.NONE


def test_a_wayland_socket_is_a_display(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-0"))
        variables = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
        assert find_display(variables) is Display.WAYLAND
    assert find_display({**variables, "WAYLAND_DISPLAY": "wayland-9"}) is Display.NONE
