"""Two columns out of a file with a filter curve: text, ECSV, FITS, or the VOTable of the SVO."""

import codecs
import io
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import FITS_MAGIC

if TYPE_CHECKING:
    from astropy.table import Table

_COMMENTS = ("#", "!")
_WAVELENGTHS = ("wavelength", "wave", "lambda", "lam", "wl")
_THROUGHPUTS = ("transmission", "throughput", "response", "trans", "transm", "t")
_LENGTHS = re.compile(r"(?i)(angstrom|nanometer|micron)s?")
"""Words for units that astropy knows in lower case and without the plural."""

_ENERGY = re.compile(r"\b(?<!dark )(?<!of )energy(?![a-z])|\bbolomet", re.IGNORECASE)
_PHOTONS = re.compile(r"(?<!not )(?<!not of )(?<!not a )photon", re.IGNORECASE)

_FORTRAN = re.compile(r"(?<=[\d.])[dD](?=[+-]?\d)")


@dataclass(frozen=True, eq=False)
class CurveTable:
    """What a file with a filter curve holds.

    Parameters
    ----------
    wavelength : ndarray, shape (n,)
        Angstrom.
    throughput : ndarray, shape (n,)
        As the file has it, of photons or of energy.
    remarks : tuple of str
        What the file says of itself: its comments, and parameters as ``name: value``.
    """

    wavelength: FloatArray
    throughput: FloatArray
    remarks: tuple[str, ...]

    @property
    def counts_energy(self) -> bool:
        """Whether the throughput is that of an energy counter.

        ``DetectorType`` of the SVO is 0 for an energy counter and 1 for a photon counter (Rodrigo, Solano & Bayo, The
        SVO Filter Profile Service, IVOA note 2012). In text, a comment speaks of energy and not of photons.
        """
        kinds = (re.search(r"(?i)detector[\s_]*type\W*([01])\b", remark) for remark in self.remarks)
        kind = next(filter(None, kinds), None)
        if kind is not None:
            return kind[1] == "0"
        return any(_ENERGY.search(text) and not _PHOTONS.search(text) for text in self.remarks)

    @property
    def survey(self) -> str:
        """The survey that the file says it belongs to, if that is not J-PAS; else empty."""
        for remark in self.remarks:
            if re.search(r"(?i)J-?PAS", remark):
                continue
            named = re.search(r"(?i)\b[JS]-?PLUS\b", remark) or re.search(r"(?i)\bfilterID: *(\S+)", remark)
            if named:
                return named[named.re.groups]
        return ""


def read_curve_table(content: bytes) -> CurveTable:
    """Read the content of a file.

    Raises
    ------
    InputError
        If there are no two columns of numbers, or a wavelength unit is none.
    """
    if content.startswith(FITS_MAGIC):
        return _of_fits(content)
    text = _decoded(content)
    if text.lstrip().startswith("<"):
        return _of_votable(text.lstrip())
    return _of_ecsv(text) if text.startswith("# %ECSV") else _of_text(text)


def _decoded(content: bytes) -> str:
    """Return text with line feeds; what is neither UTF-16 nor UTF-8 has a letter of Latin-1 in a comment, such as A."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = content.decode("utf-16", "replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _of_text(text: str) -> CurveTable:
    if not re.search(r"^\s*[^#!\s]", text, re.MULTILINE):
        raise InputError("no rows: a curve has two columns of numbers")
    try:
        table = _numbers(io.StringIO(text))
    except (ValueError, IndexError) as error:
        try:
            table = _separated_numbers(text)
        except (ValueError, IndexError):
            raise InputError(f"not two columns of numbers ({str(error).splitlines()[0]})") from error
    remarks = re.findall(r"^[ \t]*[#!]+[ \t]*(.*)", text, re.MULTILINE)
    return CurveTable(table[:, 0], table[:, 1], tuple(remarks))


def _numbers(
    rows: io.StringIO | Sequence[str], places: tuple[int, int] = (0, 1), separator: str | None = None
) -> FloatArray:
    return np.loadtxt(rows, comments=_COMMENTS, usecols=places, delimiter=separator, ndmin=2)


def _separated_numbers(text: str) -> FloatArray:
    """Return the two columns of rows with any separator, decimal commas, Fortran's exponents or a line of names."""
    lines = (line.replace('"', "").strip() for line in text.splitlines())
    rows = [line for line in lines if line and not line.startswith(_COMMENTS)]
    separator = next((mark for mark in ";\t," if mark in rows[0]), None)
    places = (0, 1)
    if rows[0][:1].isalpha():
        names = [re.sub(r"[\s\[(_].*", "", name.strip().lower()) for name in rows[0].split(separator)]
        wavelength, throughput = _place(names, _WAVELENGTHS), _place(names, _THROUGHPUTS)
        if wavelength is not None and throughput is not None:
            places = (wavelength, throughput)
        rows = rows[1:]
    if separator != ",":
        rows = [row.replace(",", ".") for row in rows]
    return _numbers([_FORTRAN.sub("e", row) for row in rows], places, separator)


def _place(names: Sequence[str], wanted: Iterable[str]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _of_votable(text: str) -> CurveTable:
    # Imported when first needed: it costs a quarter of a second, and the embedded curves are text.
    from astropy.io.votable import parse

    # The text is decoded already, and astropy knows no names with a prefix, such as vot:TABLE.
    plain = re.sub(r"^<\?xml.*?\?>", "", re.sub(r"(</?)\w+:(?=[A-Z])", r"\1", text), flags=re.DOTALL)
    try:
        document = parse(io.BytesIO(plain.encode()), verify="ignore")
        parameters = [field for field in document.iter_fields_and_params() if hasattr(field, "value")]
        infos = [info for resource in document.resources for info in resource.infos]
        remarks = [f"{item.name}: {_word(item.value)}" for item in (*parameters, *infos, *document.infos)]
        return _of_table(document.get_first_table().to_table(), remarks)
    except Exception as error:  # the parser raises many kinds
        raise InputError("not a VOTable with the columns Wavelength and Transmission of the SVO") from error


def _word(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _of_ecsv(text: str) -> CurveTable:
    from astropy.table import Table

    try:
        table = Table.read(text.splitlines(), format="ascii.ecsv")
        return _of_table(table, _said(table.meta))
    except Exception as error:  # the parser raises many kinds
        raise InputError("not an ECSV table with the columns wavelength and throughput in Angstrom") from error


def _of_fits(content: bytes) -> CurveTable:
    from astropy.table import Table

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # units that are none by the standard, such as ANGSTROMS
            table = Table.read(io.BytesIO(content), format="fits", hdu=1, unit_parse_strict="silent")
            return _of_table(table, _said(table.meta))
    except Exception as error:  # the parser raises many kinds
        raise InputError("not a FITS table with the columns WAVELENGTH, in Angstrom, and THROUGHPUT") from error


def _said(meta: Mapping[str, Any]) -> list[str]:
    return [f"{key}: {value}" for key, value in meta.items()]


def _of_table(table: "Table", remarks: Iterable[str]) -> CurveTable:
    """Return the two columns by their names; without a unit, wavelengths are in Angstrom."""
    from astropy.units import Quantity

    names = [name.lower() for name in table.colnames]
    places = [_place(names, wanted) for wanted in (_WAVELENGTHS, _THROUGHPUTS)]
    if None in places:
        raise InputError("no such columns")
    wavelength, throughput = (table.columns[place] for place in places)
    unit = str(wavelength.unit or "Angstrom")
    word = _LENGTHS.fullmatch(unit)
    unit = word[1].lower() if word else unit
    values = Quantity(np.ma.filled(np.ma.asarray(wavelength, dtype=float), np.nan), unit).to_value("Angstrom")
    return CurveTable(values, np.ma.filled(np.ma.asarray(throughput, dtype=float), np.nan), tuple(remarks))
