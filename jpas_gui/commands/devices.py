"""``jpas-gui devices``: what models can be trained on."""

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jpas_gui.core.inference.devices import Device


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of ``jpas-gui``."""
    parser = commands.add_parser(
        "devices",
        help="list what models can be trained on",
        description="List the processor and the graphics cards that models can be trained on, with their free memory.",
        allow_abbrev=False,
    )
    parser.add_argument("--json", action="store_true", help="print a JSON list")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """List the devices."""
    from jpas_gui.core.inference.devices import known_devices

    devices = known_devices()
    if arguments.json:
        print(json.dumps([asdict(device) for device in devices]))
    else:
        for device in devices:
            print(f"{device.name:8}{device.title}{_memory(device)}")
    return 0


def _memory(device: "Device") -> str:
    if device.free is None or device.total is None:
        return ""
    return f", {device.free / 1e9:.1f} of {device.total / 1e9:.1f} GB free"
