"""Wavelengths of an image's axis, from what the header says of it.

astropy's WCS (wcslib) does the axes of the standard (Greisen et al. 2006, A&A 446, 747): wavelengths in vacuum and in
air, frequencies, wavenumbers, energies, linear in any of them, in their logarithm or from a table. Around it stands
what the standard has no words for: IRAF's ``DC-FLAG = 1``, units such as ``log(Angstrom)``, and ``WAVE-LOG`` axes that
count log10 of Angstrom, as those of MaNGA's templates do.
"""

import re
import warnings
from functools import lru_cache
from typing import Any

import numpy as np
from astropy.io import fits

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.units import parse_unit
from jpas_gui.core.ssp.wavelength_units import WANTED, angstrom_of, in_angstrom

_CODES = {"WAVE": "m", "AWAV": "m", "FREQ": "Hz", "WAVN": "1/m", "ENER": "J"}
"""Spectral coordinates of the standard, in whose units wcslib gives them."""

_VELOCITIES = {"VELO", "VRAD", "VOPT", "ZOPT", "BETA", "FELO"}

_UNIT_CARDS = ("WAVEUNIT", "WUNIT", "XUNIT", "XUNITS")
"""Where some say the unit instead of in CUNIT1."""

_AXIS_CARD = re.compile(r"(CTYPE|CUNIT|CRVAL|CRPIX|CDELT)(\d)|(CD|PC)(\d)_(\d)|(PV|PS)(\d)_(\d+)")
_LOG_TYPE = re.compile(r"log_?10|ln(?![a-z])|log", re.IGNORECASE)
_LONGEST_METRES = 1e-3
"""Wavelengths below it are in metres, the standard's default, where the unit of a WAVE axis is not said."""
_SHORTEST_ANGSTROM = 50.0
"""Below it a number of Angstrom is a logarithm."""


def wavelengths_of_axis(
    header: fits.Header, n: int, axis: int = 1, unstated: str = "Angstrom", file: fits.HDUList | None = None
) -> tuple[FloatArray, str]:
    """Return the wavelengths of n pixels in Angstrom, shape (n,), and their medium where the header says it.

    Parameters
    ----------
    header : Header
    n, axis : int
        Number of pixels, and the axis that they lie along.
    unstated : str
        The unit of such files where they do not say it, e.g. ``"Angstrom"`` or ``"log10(nm)"``.
    file : HDUList, optional
        What an axis that is a table is looked up in.

    Returns
    -------
    wavelength : ndarray, shape (n,)
    medium : str
        "air"; "vacuum"; "wave": what the standard calls a wavelength in vacuum, WAVE, is written for wavelengths in
        air as well; "" where nothing is said.

    Raises
    ------
    InputError
        If the header does not give them, with the reason alone.
    """
    cards = _cards_of_axis(header, axis)
    code = str(cards.get("CTYPE1", "")).strip().upper()
    kind = code[:4] if re.fullmatch(r"\w{4}(-.*)?", code) else ""
    if kind in _VELOCITIES or code.startswith("MULTISPE"):
        raise InputError(f"its axis counts no wavelengths (CTYPE{axis} = '{code}'): wanted are WAVE, AWAV or FREQ")
    unit, place = _unit_of_axis(header, cards, axis)
    scale = _scale(header, cards, unit, code)
    medium = _stated_medium(header) or {"AWAV": "air", "WAVE": "wave"}.get(kind, "vacuum" if kind in _CODES else "")
    if kind not in _CODES or scale:
        # To wcslib an axis of no kind is linear.
        cards = {key: value for key, value in cards.items() if key not in ("CTYPE1", "CUNIT1")}
        if scale:
            unit, unstated = (text if not text or _scale_of(text) else f"{scale}({text})" for text in (unit, unstated))
        return _linear_axis(tuple(cards.items()), n, unit, place, unstated), medium
    if code.endswith("-TAB"):
        # wcslib takes the numbers of the table as they are.
        world = _world({key: value for key, value in cards.items() if key != "CUNIT1"}, n, file)
        unit = unit or _standard_unit_of(kind, world)
    else:
        world = _world(cards | ({"CUNIT1": _standard_unit(unit, place)} if unit else {}), n, file)
        # wcslib gives the unit of the standard for any other of the kind.
        world = _in_unit_of_file(world, kind, unit) if unit else world
        unit = unit or _standard_unit_of(kind, world)
    return angstrom_of(world, unit, place, unstated), medium


@lru_cache(maxsize=4)
def _linear_axis(cards: tuple[tuple[str, Any], ...], n: int, unit: str, place: str, unstated: str) -> FloatArray:
    # Kept: thousands of files share their axis.
    wavelength = angstrom_of(_world(dict(cards), n, None), unit, place, unstated)
    wavelength.flags.writeable = False
    return wavelength


def _cards_of_axis(header: fits.Header, axis: int) -> dict[str, Any]:
    """Return the cards of one axis under the names of the first."""
    names = {key: name for key in header if (name := _name_on_first_axis(key, axis))}
    try:
        cards = {name: header[key] for key, name in names.items()}
        numbers = {key: float(cards[key]) for key in ("CRVAL1", "CRPIX1", "CDELT1", "CD1_1", "PC1_1") if key in cards}
    except (TypeError, ValueError, fits.VerifyError):
        numbers = {}
    is_table = str(header.get(f"CTYPE{axis}", "")).strip().endswith("-TAB")
    if not is_table and ("CRVAL1" not in numbers or not {"CDELT1", "CD1_1", "PC1_1"} & set(numbers)):
        raise InputError(f"its header does not give the wavelengths (CRVAL{axis}, CDELT{axis})")
    # A header without reference pixel means the first, whatever the standard says.
    return {"CRPIX1": 1.0} | cards | numbers


def _name_on_first_axis(key: str, axis: int) -> str:
    match = _AXIS_CARD.fullmatch(key)
    if not match:
        return key if key in ("RESTFRQ", "RESTWAV") else ""
    plain, of_plain, matrix, row, column, parameter, of_parameter, number = match.groups()
    if plain:
        return f"{plain}1" if int(of_plain) == axis else ""
    if matrix:
        return f"{matrix}1_1" if int(row) == int(column) == axis else ""
    return f"{parameter}1_{number}" if int(of_parameter) == axis else ""


def _unit_of_axis(header: fits.Header, cards: dict[str, Any], axis: int) -> tuple[str, str]:
    """Return the unit as the header writes it, "" where it does not, and the keyword that says it."""
    if unit := str(cards.get("CUNIT1", "")).strip():
        return unit, f"CUNIT{axis}"
    for key in _UNIT_CARDS:
        if unit := str(header.get(key, "")).strip():
            return unit, key
    # IRAF: WAT1_001 = 'wtype=linear label=Wavelength units=angstroms'
    attributes = re.search(r"units=(\w+)", str(header.get(f"WAT{axis}_001", "")))
    if attributes and attributes[1].lower() not in ("none", "unknown"):
        return attributes[1], f"WAT{axis}_001"
    # The standard puts the unit of a keyword in brackets at the start of its comment.
    start = f"CRVAL{axis}"
    comment = re.match(r"\s*\[([^\]]+)\]", header.comments[start] if start in header else "")
    return (comment[1], start) if comment else ("", f"CUNIT{axis}")


def _scale(header: fits.Header, cards: dict[str, Any], unit: str, code: str) -> str:
    """Return of which logarithm the axis is, "" where the header says of none."""
    if scale := _scale_of(unit):
        return scale
    if str(header.get("DC-FLAG", "0")).strip() == "1":
        return "log10"
    if code.endswith("-LOG"):
        # Such an axis of the standard begins at a wavelength, those of MaNGA's templates at its logarithm.
        return "" if _is_wavelength(cards["CRVAL1"], unit) else "log"
    word = _LOG_TYPE.search(code)
    return {"log_10": "log10"}.get(word[0].lower(), word[0].lower()) if word else ""


def _scale_of(unit: str) -> str:
    try:
        return parse_unit(unit).scale if unit else ""
    except InputError:
        return ""


def _is_wavelength(value: float, unit: str) -> bool:
    if not unit:
        return not _LONGEST_METRES <= value < 10
    return bool(in_angstrom(np.array([value]), parse_unit(unit))[0] > _SHORTEST_ANGSTROM)


def _standard_unit_of(kind: str, world: FloatArray) -> str:
    """Return the unit that the standard has for an axis without one; "" for wavelengths that are not in metres."""
    is_wavelength = kind in ("WAVE", "AWAV") and world.max(initial=0) >= _LONGEST_METRES
    return "" if is_wavelength else _CODES[kind]


def _in_unit_of_file(world: FloatArray, kind: str, unit: str) -> FloatArray:
    from astropy import units as u

    return np.asarray(u.Unit(_CODES[kind]).to(parse_unit(unit).unit, world), dtype=float)


def _standard_unit(unit: str, place: str) -> str:
    try:
        parsed = parse_unit(unit)
        in_angstrom(np.ones(1), parsed)
        return str(parsed.unit.to_string("fits"))
    except (InputError, ValueError) as error:
        raise InputError(
            f"its wavelengths have the unit {place} = '{unit}', which is none of them: {WANTED}"
        ) from error


def _stated_medium(header: fits.Header) -> str:
    """Return "air" or "vacuum" as keywords of SDSS and others say, "" where there are none."""
    word = str(header.get("AIRORVAC", "")).strip().lower()
    if word in ("air", "vac", "vacuum"):
        return "air" if word == "air" else "vacuum"
    if "VACUUM" in header and str(header["VACUUM"]).strip().lower() in ("true", "1", "t", "yes"):
        return "vacuum"
    return "air" if "VACUUM" in header else ""


def _world(cards: dict[str, Any], n: int, file: fits.HDUList | None) -> FloatArray:
    # Imported when first needed: it would slow down the start.
    from astropy.wcs import WCS

    header, pixels = fits.Header({"WCSAXES": 1} | cards), np.arange(1.0, n + 1)
    found = ", ".join(f"{key} = {cards[key]!r}" for key in ("CTYPE1", "CUNIT1", "CRVAL1") if key in cards)
    said = f"its header does not give the wavelengths: the axis cannot be made out ({found})"
    with damage_told("", said), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of cards that it passes over
        world = WCS(header, fobj=file, naxis=1).wcs_pix2world(pixels[:, np.newaxis], 1)[:, 0]
    if not np.isfinite(world).all():
        raise InputError("its header does not give the wavelengths: the axis leads to values that are not numbers")
    return np.asarray(world, dtype=float)
