"""Where a library that is not at hand can be had."""

from jpas_gui.core.downloads.known import known_downloads, libraries_by_hand
from jpas_gui.core.ssp.citations import citation_of


def where_to_get(name: str, citation: str = "") -> str:
    """Return how to get a library, in some words; empty where nothing is known of it.

    Parameters
    ----------
    name : str
        Its name, or the beginning of it: ``"miuscat-padova00-un1.30"``.
    citation : str
        The line that it is cited by, where it is known.
    """
    if name in known_downloads():
        return f"'jpas-gui library get {name}' fetches it"
    for entry in libraries_by_hand():
        cited = citation_of(entry.citation)
        if name == entry.name or name.startswith(f"{entry.name}-") or (citation and citation == cited.text):
            return f"it is to be had at {cited.url}"
    return ""
