"""What is said of a file that cannot be read, whatever the library that reads it raises."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jpas_gui.core.errors import InputError

_LOG = logging.getLogger(__name__)
_LONGEST = 200
"""Characters of a reason that a message repeats."""


@contextmanager
def damage_told(
    where: str | Path = "", said: str = "cut short or damaged", with_reason: bool = False
) -> Iterator[None]:
    """Turn whatever a block raises that reads a user's file into an `InputError`.

    Libraries raise errors of many kinds on damaged files, and each release others. The error itself is logged with
    its trace, so that a fault of the program is not taken for one of the file for ever.

    Parameters
    ----------
    where : str or Path
        The file; without it the message is the reason alone, for a caller who knows the file.
    said : str
        What is said of damage.
    with_reason : bool
        Whether the words of the error follow.

    Raises
    ------
    InputError
        For everything but an `InputError` and a package that is missing, which go on as they are.
    """
    try:
        yield
    except (InputError, ImportError):
        raise
    except Exception as error:
        _LOG.info("%s cannot be read", where or "a file", exc_info=True)
        message = _message(error, said, with_reason)
        raise InputError(f"{where}: {message}" if where else message) from error


def _message(error: Exception, said: str, with_reason: bool) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        return f"cannot be read ({error.strerror or error})"
    if isinstance(error, MemoryError):
        return f"{said}, or larger than the memory"
    words = " ".join(str(error).split())
    if not (with_reason and words):
        return said
    return f"{said} ({words[:_LONGEST]}{'…' if len(words) > _LONGEST else ''})"
