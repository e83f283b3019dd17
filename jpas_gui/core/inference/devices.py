"""What networks are trained on: the processor, CUDA devices, Apple's MPS."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from jpas_gui.core.errors import InputError


@dataclass(frozen=True)
class Device:
    """A device that torch sees.

    Parameters
    ----------
    name : str
        As `device_named` takes it.
    title : str
        Name for people.
    free, total : int, optional
        Its memory, bytes; None where it is that of the computer.
    """

    name: str
    title: str
    free: int | None = None
    total: int | None = None


def known_devices() -> tuple[Device, ...]:
    """Return the devices that torch sees, the processor first."""
    cuda = [
        Device(f"cuda:{number}", torch.cuda.get_device_name(number), *torch.cuda.mem_get_info(number))
        for number in range(torch.cuda.device_count() if torch.cuda.is_available() else 0)
    ]
    mps = [Device("mps", "Apple GPU")] if torch.backends.mps.is_available() else []
    return (Device("cpu", "Processor"), *cuda, *mps)


def device_named(name: str) -> torch.device:
    """Return the device of a name.

    Parameters
    ----------
    name : str
        ``"cpu"``, ``"cuda"``, ``"cuda:1"``, ``"mps"``, or ``"auto"``: CUDA where there is any.

    Raises
    ------
    InputError
        If it is not there, or there is no such name.
    """
    has_cuda = torch.cuda.is_available()
    if name == "auto":
        return torch.device("cuda" if has_cuda else "cpu")
    cuda = re.fullmatch(r"cuda(?::(\d+))?", name)
    if cuda and not has_cuda:
        raise InputError("no CUDA device: torch sees none here; train on the processor, or install torch for CUDA")
    if cuda and int(cuda[1] or 0) >= torch.cuda.device_count():
        raise InputError(f"no device {name}: torch sees {torch.cuda.device_count()} of CUDA, the first is cuda:0")
    if name == "mps" and not torch.backends.mps.is_available():
        raise InputError("no device mps: it is that of Apple's computers; train on the processor")
    if not cuda and name not in ("cpu", "mps"):
        raise InputError(f"no device {name!r}: choose from auto, cpu, cuda, cuda:0, cuda:1 ..., mps")
    return torch.device(name)


class DeviceMemoryError(InputError):
    """The device has not enough memory for what was asked."""


@contextmanager
def device_problems(device: torch.device) -> Iterator[None]:
    """Say what goes wrong on a device in a line.

    Raises
    ------
    DeviceMemoryError
        If its memory is full.
    InputError
        If it has gone, or cannot compute what is asked.
    """
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise DeviceMemoryError(
            f"the memory of {device} is full: end other programs that use it and resume, or train anew with a smaller "
            "training.batch_size, or on the processor"
        ) from error
    except (RuntimeError, TypeError, NotImplementedError) as error:
        if device.type == "cpu":
            raise
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(
            f"{device} failed ({said}): see that it is there and resume; the last checkpoint is kept"
        ) from error
