"""What a name that nothing has may have been meant to be."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

_SHOWN = 3


def known_names(name: str, known: Iterable[str]) -> str:
    """Return what to say behind "no such name": the names that are near, and all that there are."""
    names = tuple(dict.fromkeys(known))
    plain = _plain(names)
    near = [plain[match] for match in _close(name.casefold(), plain)]
    question = f"did you mean {' or '.join(near)}? " if near else ""
    return f"{question}there are: {', '.join(names) or 'none'}"


def near_names(name: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names that a user may have meant, the nearest first; those that hold what was typed, too."""
    plain, wanted = _plain(names), name.strip().casefold()
    within = [other for other in plain if wanted and (wanted in other or other in wanted)]
    near = [*_close(wanted, plain), *sorted(within, key=len)]
    return tuple(plain[key] for key in dict.fromkeys(near))[:_SHOWN]


def _plain(names: Sequence[str]) -> dict[str, str]:
    """Return the names by their forms without case; of several of one form the first."""
    return {other.casefold(): other for other in reversed(names)}


def _close(wanted: str, plain: Iterable[str]) -> list[str]:
    return get_close_matches(wanted, list(plain), _SHOWN)
