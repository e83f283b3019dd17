"""``jpas-gui synth``: the SED of a population, as a table."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from jpas_gui.commands.arguments import number, positive_number, whole_number
from jpas_gui.commands.completion import library_names, survey_names
from jpas_gui.commands.overwriting import add_overwrite, check_new
from jpas_gui.commands.pipes import add_output, input_file, table_file
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import user_path

if TYPE_CHECKING:
    from astropy.table import Table

    from jpas_gui.core.photometry.filters import FilterSet


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of ``jpas-gui``."""
    parser = commands.add_parser(
        "synth",
        help="write the synthetic SED of a population",
        description="Write what J-PAS would see of a stellar population: one row per band, with the columns band, "
        "wavelength (Angstrom, pivot of the curve), flux_nu (nanomaggy), magnitude (AB), magnitude_error and, with "
        "--noise, magnitude_noisy; then flux_nu_error, flux_nu_noisy and mask.",
        allow_abbrev=False,
    )
    _add_population(parser)
    _add_instrument(parser)
    _add_noise(parser)
    add_output(
        parser,
        "FILE",
        "table to write: .ecsv, .fits or .vot; .csv has no units and says nothing of how it was made",
        ("csv", "ecsv", "vot", "fits"),
    )
    add_overwrite(parser)
    parser.set_defaults(run=run)


def _add_population(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("population")
    group.add_argument("--log-age", type=number, required=True, metavar="X", help="log10(age / yr)")
    group.add_argument("--metallicity", type=number, required=True, metavar="X", help="[M/H] in dex")
    group.add_argument("--ebv", type=number, required=True, metavar="X", help="E(B-V) of the dust screen in mag")
    group.add_argument("--redshift", type=number, default=0.0, metavar="Z", help="0 to 1.5 (default: 0)")
    group.add_argument(
        "--magnitude", type=number, default=19.0, metavar="X", help="AB magnitude in iSDSS (default: 19)"
    )
    library = group.add_argument(
        "--library", default="popstar", metavar="NAME_OR_PATH", help="see 'jpas-gui library list' (default: popstar)"
    )
    library.completer = library_names
    group.add_argument("--variant", metavar="NAME", help="which of the libraries that lie together")
    group.add_argument(
        "--law",
        default="calzetti",
        metavar="NAME",
        help="dust law: calzetti (default), ccm89, odonnell94, fitzpatrick99 or gordon23",
    )
    group.add_argument("--r-v", type=number, metavar="X", help="R_V of the law, where it has one")


def _add_instrument(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("bands")
    group.add_argument(
        "--filters", type=Path, metavar="PATH", help="curves of your own, in place of the official ones of 2017"
    )
    group.add_argument("--all-bands", action="store_true", help="uJPAS, gSDSS, rSDSS and iSDSS, too")


def _add_noise(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("errors and noise")
    survey = group.add_argument(
        "--survey",
        default="mini-JPAS",
        metavar="NAME_OR_FILE",
        help="mini-JPAS (default), one of its tiles, J-NEP, or a file of 'noise calibrate'; - is standard input",
    )
    survey.completer = survey_names
    group.add_argument(
        "--aperture-factor",
        type=positive_number,
        metavar="X",
        help="for survey depths: sqrt(aperture area / area of 3 arcsec) (default: 1.7)",
    )
    group.add_argument("--zero-point", action="store_true", help="add the zero-point error of 0.04 mag")
    group.add_argument(
        "--one-magnitude", action="store_true", help="every band has the error that belongs to --magnitude"
    )
    group.add_argument("--noise", action="store_true", help="add a noisy draw")
    group.add_argument("--seed", type=whole_number, default=1, metavar="N", help="of the draw (default: 1)")


def run(arguments: argparse.Namespace) -> int:
    """Write the table.

    Raises
    ------
    InputError
        If an input cannot be used, or the output cannot be written.
    """
    from jpas_gui.core.catalogues.writing import check_output, write_table

    with table_file(arguments) as output, input_file(Path(arguments.survey)) as survey:
        check_output(output)
        check_new(output, arguments.overwrite)
        write_table(_table(arguments, str(survey)), output)
    return 0


def _table(arguments: argparse.Namespace, survey: str) -> "Table":
    from jpas_gui.core.photometry.attenuation import attenuation_law
    from jpas_gui.core.photometry.bands import N_SURVEY_BANDS
    from jpas_gui.core.photometry.noise import TYPICAL_APERTURE_FACTOR, draw_noise
    from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model, survey_names
    from jpas_gui.core.photometry.sed_table import sed_provenance, sed_table
    from jpas_gui.core.photometry.synthesis import synthesize
    from jpas_gui.core.populations import StellarPopulation
    from jpas_gui.core.ssp.catalogue import load_library

    if arguments.aperture_factor is not None and arguments.survey not in survey_names():
        raise InputError(f"--aperture-factor goes with survey depths: {arguments.survey} has measured errors")
    law = attenuation_law(arguments.law)
    settings = NoiseSettings(
        survey=arguments.survey,
        aperture_factor=arguments.aperture_factor or TYPICAL_APERTURE_FACTOR,
        zero_point=arguments.zero_point,
        one_magnitude=arguments.one_magnitude,
    )
    filters = _filters(arguments.filters)
    noise = noise_model(replace(settings, survey=survey), filters.names)
    population = StellarPopulation(
        arguments.log_age, arguments.metallicity, arguments.ebv, arguments.redshift, arguments.magnitude
    )
    library = load_library(arguments.library, arguments.variant)
    sed = synthesize(population, library, filters, law, arguments.r_v)
    for note in (*filters.notes, *sed.clipped):
        print(f"jpas-gui: note: {note}", file=sys.stderr)
    error = noise.flux_nu_error(sed.flux_nu, population.magnitude if settings.one_magnitude else None)
    seed = arguments.seed if arguments.noise else None
    noisy = None if seed is None else draw_noise(sed.flux_nu, error, seed)
    provenance = sed_provenance(sed, library, filters, law.name, arguments.r_v, settings, seed, arguments.command_line)
    table = sed_table(sed, filters, error, noisy, provenance)
    if arguments.all_bands:
        return table
    return table[[band.filter_id <= N_SURVEY_BANDS for band in filters.bands]]


def _filters(path: Path | None) -> "FilterSet":
    from jpas_gui.core.photometry.filter_files import embedded_filters, with_own_filters

    return embedded_filters() if path is None else with_own_filters(user_path(path))
