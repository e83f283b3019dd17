"""Whether photometry is said to be corrected for extinction already: by names, or by what a file says of itself."""

import re

from jpas_gui.core.catalogues.layout import Layout
from jpas_gui.core.catalogues.table import CatalogueTable, plain_name

_NAME = re.compile(
    r"(?<![a-z])(?:de|un)_?(?:red|ext)|(?<![a-z])dred(?![a-z])|dered(?:ded|dened)?|unredden"
    r"|(?<![a-z])(?:no|free)_?(?:ext|dust)"
    r"|(?<![a-z])(?:(?:gal_?|mw_?)?ext(?:inction)?|dust|mw|gal(?:actic)?|red(?:dening)?|ebv|av)_?(?:cor|free)"
)
_CORRECTED = re.compile(r"(?:^|_)(aper_|psf_)?(?:cor|corr|corrected)(?=_|$)")
"""``mag_J0660_cor``; not ``MAG_APER_COR_3_0``, which is corrected for the light outside the aperture."""

_DUST = r"(?:extinction|reddening|dust|foreground)"
_DESCRIPTION = re.compile(
    rf"\bde-?redd|\bunredden|{_DUST}[-\s]*(?:free|correct)|correct\w*\s+(?:for|of)\s+(?:\S+\s+){{0,4}}?{_DUST}"
    rf"|without\s+(?:\S+\s+){{0,2}}?{_DUST}",
    re.IGNORECASE,
)
_DENIED = re.compile(
    rf"\b(?:not|un|non|never|without|before)\b[-\s]*(?:\w+\s+){{0,2}}?(?:{_DUST}[-\s]*)?(?:correct|de-?redd)|uncorrect",
    re.IGNORECASE,
)


def correction_warning(table: CatalogueTable, layout: Layout) -> str | None:
    """Return what to say where extinction is to be removed from photometry that may be corrected already; else None."""
    columns = layout.values.columns
    named = next((column for column in columns if _name_says_so(plain_name(column))), None)
    described = next((column for column in columns if _says_so(table.descriptions.get(column, ""))), None)
    if named is not None:
        why = f"as the name {named} says"
    elif described is not None:
        why = f"as the file says of {described}: {' '.join(table.descriptions[described].split())}"
    elif _says_so(table.source):
        why = "as the file says in front of its rows"
    else:
        return None
    return (
        f"{table.origin}: the photometry may be corrected for extinction already, {why}; E(B-V) is removed all the "
        "same: give no extinction if this correction was that for the Milky Way"
    )


def _name_says_so(name: str) -> bool:
    match = _CORRECTED.search(name)
    return _NAME.search(name) is not None or (match is not None and match[1] is None)


def _says_so(text: str) -> bool:
    return _DESCRIPTION.search(text) is not None and _DENIED.search(text) is None
