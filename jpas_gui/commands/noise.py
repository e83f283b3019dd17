"""``jpas-gui noise``: errors measured from a catalogue."""

import argparse
import sys
from pathlib import Path

from jpas_gui.commands.arguments import number, whole_number
from jpas_gui.commands.overwriting import add_overwrite, check_new
from jpas_gui.commands.pipes import add_output, input_file, is_piped, table_file
from jpas_gui.commands.reading import add_reading, opening_options


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of ``jpas-gui``."""
    parser = commands.add_parser(
        "noise",
        help="measure the errors of the bands from a catalogue",
        description="Errors of the bands.",
        allow_abbrev=False,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    calibrate = actions.add_parser(
        "calibrate",
        help="mean error per band and bin of magnitude",
        description="Write the mean error of each band, in magnitudes, in bins of that band's magnitude, as Dominguez "
        "Sanchez et al. (2025) do with MAG_AUTO and MAG_ERR_AUTO. Any catalogue will do that 'jpas-gui predict' reads. "
        "Non-detections (99, -99, -999, no number, fluxes and errors of zero or below, errors above 1 mag) are left "
        "out, and so are bands where FLAGS, MASK_FLAGS or the file's own mask say so. 'jpas-gui synth --survey' takes "
        "the file.",
        allow_abbrev=False,
    )
    calibrate.add_argument(
        "catalogue",
        type=Path,
        metavar="CATALOGUE",
        help="FITS, CSV, ECSV, VOTable, Parquet, NPY; a folder of Parquet files; - is standard input",
    )
    add_output(calibrate, "NOISE.ecsv", "table to write")
    add_overwrite(calibrate)
    calibrate.add_argument(
        "--bin", type=number, default=0.5, metavar="MAG", help="width of the bins, 0.01 to 5 (default: 0.5)"
    )
    calibrate.add_argument(
        "--min-count", type=whole_number, default=5, metavar="N", help="sources that a bin must have (default: 5)"
    )
    calibrate.add_argument("--keep-flagged", action="store_true", help="use flagged photometry, too")
    add_reading(calibrate.add_argument_group("how the catalogue is read"))
    calibrate.set_defaults(run=_calibrate)


def _calibrate(arguments: argparse.Namespace) -> int:
    from jpas_gui.core.catalogues.noise_calibration import CalibrationSettings, calibrate_catalogue
    from jpas_gui.core.catalogues.writing import check_output, write_table
    from jpas_gui.core.inference.catalogue_files import catalogue_files
    from jpas_gui.core.provenance import program_provenance

    with table_file(arguments) as output, input_file(arguments.catalogue) as catalogue:
        if not is_piped(arguments.output):
            check_output(output, (".ecsv",))
            check_new(output, arguments.overwrite)
        settings = CalibrationSettings(arguments.bin, arguments.min_count, arguments.keep_flagged)
        table = calibrate_catalogue(catalogue_files(catalogue), settings, opening_options(arguments))
        for note in table.meta["notes"]:
            print(f"jpas-gui: note: {note}", file=sys.stderr)
        table.meta = program_provenance(arguments.command_line) | dict(table.meta)
        write_table(table, output)
    return 0
