"""What a name that nothing has may have been meant to be."""

from collections.abc import Iterable
from difflib import get_close_matches

_SHOWN = 3


def known_names(name: str, known: Iterable[str]) -> str:
    """Return what to say behind "no such name": the names that are near, and all that there are."""
    names = tuple(dict.fromkeys(known))
    lower = {other.lower(): other for other in names}
    near = [lower[match] for match in get_close_matches(name.lower(), lower, _SHOWN)]
    question = f"did you mean {' or '.join(near)}? " if near else ""
    return f"{question}there are: {', '.join(names) or 'none'}"
