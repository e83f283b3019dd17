"""Whether Qt would find a display: where none answers it ends the program, and asks nobody."""

import os
import re
import socket
import sys
from pathlib import Path

_X_SOCKETS = Path("/tmp/.X11-unix")
_X_PORT, _LAST_PORT = 6000, 65535
_TIMEOUT = 2.0
"""Seconds for a display on another machine."""


def display_problem(x_sockets: Path = _X_SOCKETS) -> str | None:
    """Return why Qt can show no window, None where it can.

    Parameters
    ----------
    x_sockets : Path
        Folder of the sockets of X displays on this machine.
    """
    if not sys.platform.startswith("linux"):
        return None
    platforms = os.environ.get("QT_QPA_PLATFORM") or "xcb;wayland"
    if any(_can_show(platform, x_sockets) for platform in platforms.split(";")):
        return None
    named = [f"{name}={os.environ[name]}" for name in ("DISPLAY", "WAYLAND_DISPLAY") if os.environ.get(name)]
    return f"none answers at {' or '.join(named)}" if named else "DISPLAY and WAYLAND_DISPLAY are not set"


def _can_show(platform: str, x_sockets: Path) -> bool:
    """Return whether a platform of Qt, such as ``"wayland-egl"`` or ``"vnc:size=800x600"``, would start."""
    if platform.startswith("xcb"):
        return _x_answers(os.environ.get("DISPLAY", ""), x_sockets)
    if platform.startswith("wayland"):
        return _wayland_answers(os.environ.get("WAYLAND_DISPLAY", ""))
    return True


def _x_answers(display: str, x_sockets: Path) -> bool:
    name = re.fullmatch(r"(?:.*/)?(.*):(\d+)(?:\.\d+)?", display)
    if not name:
        return False
    host, number = name[1].strip("[]"), int(name[2])
    if host in ("", "unix"):
        path = str(x_sockets / f"X{number}")
        if _unix_answers(f"\0{path}") or _unix_answers(path):
            return True
    return host != "unix" and _port_answers(host or "localhost", _X_PORT + number)


def _wayland_answers(display: str) -> bool:
    return bool(display) and _unix_answers(str(Path(os.environ.get("XDG_RUNTIME_DIR", ""), display)))


def _unix_answers(address: str) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(_TIMEOUT)
        try:
            client.connect(address)
        except OSError:
            return False
    return True


def _port_answers(host: str, port: int) -> bool:
    if port > _LAST_PORT:
        return False
    try:
        socket.create_connection((host, port), _TIMEOUT).close()
    except (OSError, UnicodeError):  # the latter where no host can have such a name
        return False
    return True
