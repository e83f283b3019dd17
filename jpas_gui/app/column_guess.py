"""Guesses which columns of a foreign table hold what, for the user to correct."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from jpas_gui.core.catalogues.column_map import BAND
from jpas_gui.core.photometry.bands import all_bands

_LEAST_BANDS = 2
_LETTERS = 2
_ERROR = re.compile(r"err|sig|unc|e_|ivar|invvar", re.IGNORECASE)
_ERROR_KINDS = {"relative_error": re.compile(r"rel_?err", re.I), "inverse_variance": re.compile(r"ivar|invvar", re.I)}
_MAGNITUDE = re.compile(r"mag", re.IGNORECASE)


def templates(names: Sequence[str]) -> tuple[str, ...]:
    """Return the patterns, such as ``"FLUX_{band}"``, that several columns follow, the most frequent first."""
    found: Counter[str] = Counter()
    for name in names:
        match = _band_names().search(name)
        if match:
            found[name[: match.start()] + BAND + name[match.end() :]] += 1
    return tuple(template for template, n in found.most_common() if n >= _LEAST_BANDS)


def guess(names: Sequence[str]) -> dict[str, str]:
    """Return the most likely template or column of ``value``, ``error`` and ``id``; those without a guess are left out.

    ``kind`` is ``"magnitude"`` where the template of the values says so, else ``"flux"``; ``error_kind`` the key of a
    column map that the template of the errors suggests.
    """
    found: dict[str, str] = {"kind": "flux", "error_kind": "error"}
    for template in templates(names):
        key = "error" if _ERROR.search(template) else "value"
        found.setdefault(key, template)
    if _MAGNITUDE.search(found.get("value", "")):
        found["kind"] = "magnitude"
    for kind, pattern in _ERROR_KINDS.items():
        if pattern.search(found.get("error", "")):
            found["error_kind"] = kind
    own = next((name for name in names if name.lower() in ("id", "name", "number", "objid", "source_id")), None)
    return found | ({"id": own} if own else {})


@cache
def _band_names() -> re.Pattern[str]:
    """Return what finds the name of a band, today's or an older one, in the name of a column."""
    known = {name for band in all_bands() for name in (band.name, *band.aliases)}
    longest_first = sorted(known, key=lambda name: (-len(name), name))
    # The letters of the broad bands are in many words: they must stand alone.
    forms = [re.escape(n) if len(n) > _LETTERS else rf"(?<![A-Za-z0-9]){n}(?![A-Za-z0-9])" for n in longest_first]
    return re.compile("|".join(forms), re.IGNORECASE)
