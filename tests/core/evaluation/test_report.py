"""The folder of figures and tables."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from astropy.table import Table
from made_answers import made_answers

from jpas_gui.core.errors import InputError
from jpas_gui.core.evaluation.figures import style
from jpas_gui.core.evaluation.figures.recovery import recovery_figure
from jpas_gui.core.evaluation.report import check_report_folder, write_report
from jpas_gui.core.evaluation.statistics import METRICS

PROVENANCE = {"program": "jpas-gui 0", "model": "posterior-popstar", "seed": 1, "libraries": ["popstar"]}
TABLES = {"by_magnitude.ecsv", "by_snr.ecsv", "by_age.ecsv", "by_library.ecsv"}
FIGURES = {f"{name}{suffix}" for name in ("predicted_and_true", "errors_by_magnitude") for suffix in (".png", ".pdf")}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "report"
    told: list[tuple[int, int]] = []
    write_report(folder, made_answers(40, 10), PROVENANCE, lambda *progress: told.append(progress))
    assert told == [(number, 11) for number in range(11)]
    return folder


def test_all_tables_and_figures(report: Path):
    posterior = {"coverage.ecsv", "ranks.ecsv", "calibration.png", "calibration.pdf"}
    exact = {f"exact_posterior{suffix}" for suffix in (".ecsv", ".png", ".pdf")}
    assert {file.name for file in report.iterdir()} == TABLES | FIGURES | posterior | exact
    for file in report.iterdir():
        magic = {".png": b"\x89PNG", ".pdf": b"%PDF", ".ecsv": b"# %ECSV"}[file.suffix]
        assert file.read_bytes().startswith(magic)


def test_tables_keep_units_definitions_and_provenance(report: Path):
    table = Table.read(report / "by_magnitude.ecsv", format="ascii.ecsv")
    assert str(table["log_age_scatter"].unit) == "dex"
    assert table["log_age_scatter"].description == next(one.definition for one in METRICS if one.name == "scatter")
    assert dict(table.meta) == PROVENANCE
    assert np.isfinite(table["log_age_scatter"]).all()
    ages = Table.read(report / "by_age.ecsv", format="ascii.ecsv")
    assert ages["log_age_low"].tolist() == [-np.inf, 8.0, 9.5]
    libraries = Table.read(report / "by_library.ecsv", format="ascii.ecsv")
    assert (libraries["model"][0], libraries["library"][0]) == ("posterior-popstar", "popstar")


def test_a_model_without_a_posterior_and_no_exact_one(tmp_path: Path):
    written = write_report(tmp_path, made_answers(2, 0, posterior=False), {"model": "paper"})
    assert {file.name for file in written} == {file.name for file in tmp_path.iterdir()} == TABLES | FIGURES


def test_mocks_of_one_magnitude_outside_all_bins(tmp_path: Path):
    answers = made_answers(1, 1)
    odd = replace(answers, magnitude=np.full(13, 10.0), snr=np.full(13, 1e6))
    names = {file.name for file in write_report(tmp_path, odd, {})}
    assert "errors_by_magnitude.png" not in names
    assert "predicted_and_true.png" in names


def test_mocks_that_are_all_alike(tmp_path: Path):
    answers = made_answers(20, 5)
    alike = replace(answers, truth=np.ones_like(answers.truth), point=np.ones_like(answers.point))
    write_report(tmp_path, alike, {})


def test_figures_say_where_they_come_from():
    answers = made_answers(80, 0, libraries=("popstar", "miuscat"))
    stamp = style.stamp_of(answers, PROVENANCE)
    assert stamp == "posterior-popstar  ·  1,040 mocks of popstar, miuscat  ·  seed 1  ·  jpas-gui 0"
    figure = recovery_figure(answers, stamp)
    assert figure.get_suptitle() == stamp
    assert [axes.get_ylabel() for axes in figure.axes[:3]] == [
        "predicted log age (log10 yr)",
        "predicted [M/H] (dex)",
        "predicted E(B−V) (mag)",
    ]
    figures = [recovery_figure(answers, style.stamp_of(answers, PROVENANCE)) for _ in range(2)]
    assert style.rendered(figures[0], ".pdf") == style.rendered(figures[1], ".pdf")


def test_figures_do_not_follow_the_users_own_style():
    import matplotlib as mpl

    answers = made_answers(2, 0)
    plain = style.rendered(recovery_figure(answers, ""), ".png")
    with mpl.rc_context({"font.size": 20, "axes.facecolor": "red", "savefig.transparent": True}):
        assert style.rendered(recovery_figure(answers, ""), ".png") == plain
        assert mpl.rcParams["font.size"] == 20


def test_files_of_ones_own_stay_and_older_reports_are_replaced(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "by_age.ecsv").write_text("old")
    write_report(tmp_path, made_answers(1, 0, posterior=False), {})
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert (tmp_path / "by_age.ecsv").read_bytes().startswith(b"# %ECSV")


def test_a_full_disk_leaves_the_older_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "by_age.ecsv").write_text("old")

    def full(self: Table, *_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Table, "write", full)
    message = rf"^{tmp_path / 'by_magnitude.ecsv'}: cannot be written \(No space left on device\)$"
    with pytest.raises(InputError, match=message):
        write_report(tmp_path, made_answers(1, 0, posterior=False), {})
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["by_age.ecsv"]
    assert (tmp_path / "by_age.ecsv").read_text() == "old"


def test_names_that_cannot_be_a_folder(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="file: this is a file: choose the name of a folder"):
        check_report_folder(tmp_path / "file")
    with pytest.raises(InputError, match=r"report: the folder .*none does not exist: make it first"):
        write_report(tmp_path / "none" / "report", made_answers(1, 0, posterior=False), {})
