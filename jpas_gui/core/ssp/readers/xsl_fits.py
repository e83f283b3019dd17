"""The X-shooter Spectral Library's SSPs (Verro et al. 2022, A&A 661, A50), one FITS file per model.

Two namings: ``XSL_SSP_logT9.0_MH-0.0_Kroupa_PC.fits`` (PARSEC/COLIBRI, solar as ``0.0`` or ``-0.0``) and
``XSL_SSP_T8.91e+08_Z0.019_Kroupa_P00.fits`` (Padova 2000). Parameters are taken from the names: headers of the second
kind hold the linear age as LOGAGE and Z as MH. The axis is log10 of nanometres, the spectrum F_lambda in erg/s/cm2/A
at 10 pc of a population of 0.562 Msun (Kroupa) or 0.319 Msun (Salpeter); the factors to Lsun / Angstrom / Msun are
those of the library's page. Units that a header gives go before.

That page does not say whether wavelengths are in air or in vacuum. It is measured on the lines of an old model; where
they do not tell, wavelengths are taken as vacuum.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.citations import citation_of
from jpas_gui.core.ssp.grid import library_from_models, log_age_of, metallicity_of
from jpas_gui.core.ssp.library import LibrarySource, SSPLibrary
from jpas_gui.core.ssp.model_files import ModelFile
from jpas_gui.core.ssp.readers.fits_spectrum import read_spectrum
from jpas_gui.core.ssp.readers.model_spectra import ModelSpectra, medium_of, read_model_files, spectra_of_file
from jpas_gui.core.ssp.readers.reader import Reader, Request, choose_variant, is_fits, some_file
from jpas_gui.core.ssp.units import parse_unit

SOLAR_METALLICITY = 0.019

LUMINOSITY_FACTORS = {"Kroupa": 5567946.09, "Salpeter": 9799552.50}
"""From the files' unit to Lsun / Angstrom / Msun, Lsun = 3.826e33 erg/s."""

_ISOCHRONES = {"PC": "PARSEC/COLIBRI", "P00": "Padova00"}

_NAME = re.compile(
    r"XSL_SSP_(?:logT(?P<log_age>\d+\.?\d*)_MH(?P<metallicity>[+-]?\d+\.?\d*)"
    r"|T(?P<age>\d+\.?\d*(?:e[+-]?\d+)?)_Z(?P<z>\d*\.\d+))"
    r"_(?P<imf>Kroupa|Salpeter)_(?P<isochrones>PC|P00)"
)


@dataclass(frozen=True)
class XslName:
    """What the name of a file says."""

    log_age: float
    metallicity: float
    imf: str
    isochrones: str

    @property
    def label(self) -> str:
        """The variant that the file belongs to, e.g. ``"PC Kroupa"``."""
        return f"{self.isochrones} {self.imf}"


def parse_xsl_name(name: str) -> XslName | None:
    """Return what a file name of the library says, None if it is no such name."""
    match = _NAME.search(name)
    if not match:
        return None
    imf, isochrones = match["imf"], match["isochrones"]
    if match["log_age"]:
        # + 0.0 makes one zero of MH0.0 and MH-0.0.
        return XslName(float(match["log_age"]), float(match["metallicity"]) + 0.0, imf, isochrones)
    age, z = float(match["age"]), float(match["z"])
    if age <= 0 or z <= 0:
        return None
    return XslName(log_age_of(age), metallicity_of(z, SOLAR_METALLICITY), imf, isochrones)


def _select(files: Sequence[ModelFile]) -> list[ModelFile]:
    named = [file for file in files if parse_xsl_name(file.name)]
    return named if some_file(named, is_fits) else []


def _named(files: Sequence[ModelFile]) -> list[tuple[ModelFile, XslName]]:
    return [(file, name) for file in files if (name := parse_xsl_name(file.name))]


def _variants(request: Request) -> tuple[str, ...]:
    return tuple(sorted({name.label for _, name in _named(request.files)}))


def _read(request: Request) -> SSPLibrary:
    named = _named(request.files)
    label = choose_variant(request, [name.label for _, name in named])
    chosen = [(file, name) for file, name in named if name.label == label]
    imf, isochrones = chosen[0][1].imf, chosen[0][1].isochrones
    spectra = read_model_files(request, [file for file, _ in chosen], _parse)
    source = LibrarySource(
        format=READER.format,
        files=spectra.files,
        variant=label,
        imf=imf,
        isochrones=_ISOCHRONES[isochrones],
        solar_metallicity=SOLAR_METALLICITY,
        medium=medium_of(spectra, otherwise="vacuum"),
        citation=citation_of("xsl").text,
        licence=citation_of("xsl").licence,
        skipped=spectra.skipped,
    )
    name = f"xsl-{isochrones}-{imf}".lower()
    return library_from_models(name, f"XSL {label}", spectra.wavelength, spectra.models, source)


def _parse(file: ModelFile, content: bytes) -> ModelSpectra:
    name = parse_xsl_name(file.name)
    assert name is not None  # only files with such names are selected
    spectrum = read_spectrum(content, unstated="log10(nm)")
    flux = _flux_at_10_pc(spectrum.unit)
    if flux is not None:
        spectrum = replace(spectrum, values=spectrum.values * (flux * LUMINOSITY_FACTORS[name.imf]), unit="")
    spectra = spectra_of_file(spectrum, name.log_age, name.metallicity, file.origin)
    return replace(spectra, assumed=())  # what headers do not say is known of the release


def _flux_at_10_pc(unit: str) -> float | None:
    """Return a unit in that of the released files, erg/s/cm2/A; None where it is of something else."""
    from astropy import units as u

    released = u.erg / u.s / u.cm**2 / u.AA
    try:
        parsed = parse_unit(unit) if unit else None
    except InputError:
        return None
    if parsed is None:
        return 1.0
    return float(parsed.unit.to(released)) if not parsed.scale and parsed.unit.is_equivalent(released) else None


READER = Reader("XSL, FITS", _select, _read, _variants)
