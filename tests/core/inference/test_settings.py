"""Settings of a training: defaults, and what is said of mistakes."""

import json
from pathlib import Path

import numpy as np
import pytest

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.settings import PaperSettings, PosteriorSettings, read_settings, settings_record


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_the_defaults_of_paper_are_the_papers(config: Path) -> None:
    config.write_text('preset = "paper"')
    settings = read_settings(config)
    assert isinstance(settings, PaperSettings)
    np.testing.assert_allclose(settings.data.ebv, np.linspace(0, 1, 10))
    assert settings.data.magnitudes == tuple(np.arange(16, 22.5, 0.5))
    assert settings.data.libraries == ("popstar",)
    assert (settings.data.split, settings.data.fresh_noise) == ("row", False)
    training = settings.training
    assert (training.epochs, training.learning_rate, training.schedule) == (100, 1e-3, "constant")
    assert (training.weight_decay, training.gradient_clip, training.patience) == (0, 0, 0)


def test_a_preset_has_defaults_of_its_own(config: Path) -> None:
    config.write_text('preset = "posterior"\nseed = 4\n[training]\nepochs = 3\n')
    settings = read_settings(config)
    assert isinstance(settings, PosteriorSettings)
    assert (settings.seed, settings.training.epochs, settings.training.schedule) == (4, 3, "cosine")


def test_paths_count_from_the_files_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "project"
    (folder / "mine").mkdir(parents=True)
    (folder / "noise.ecsv").touch()
    (folder / "popstar").mkdir()  # a name comes before a path
    config = folder / "config.toml"
    config.write_text('preset = "paper"\n[data]\nlibraries = ["popstar", "mine"]\nnoise = "noise.ecsv"\n')
    monkeypatch.chdir(tmp_path)
    settings = read_settings(Path("project/config.toml"))
    assert settings.data.libraries == ("popstar", str(folder / "mine"))
    assert settings.data.noise == str(folder / "noise.ecsv")


def test_the_record_for_files_names_no_folder(tmp_path: Path, config: Path) -> None:
    (tmp_path / "mine").mkdir()
    config.write_text('preset = "paper"\n[data]\nlibraries = ["mine"]\n')
    record = settings_record(read_settings(config))
    assert record["data"]["libraries"] == ["mine"]
    assert record["preset"] == "paper"
    assert str(tmp_path) not in json.dumps(record)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "preset must be one of paper, posterior"),
        ('preset = "best"', "preset must be one of paper, posterior"),
        ("preset = ", "not TOML (Invalid value"),
        ('preset = "paper"\nsed = 1', "unknown key sed"),
        ('preset = "paper"\n[data]\nlibrary = "popstar"', "unknown key data.library: is data.libraries meant?"),
        ('preset = "paper"\n[network]\nwidth = 3', "unknown key network"),
        ('preset = "paper"\n[data]\nsplit = "rows"', "Split by (data.split): one of row, model is needed; got 'rows'"),
        ('preset = "paper"\n[training]\nepochs = "3"', "Epochs (training.epochs): a whole number from 1 to"),
        ('preset = "paper"\n[training]\nepochs = 1.5', "Epochs (training.epochs): a whole number from 1 to"),
        ('preset = "paper"\n[training]\nepochs = 0', "Epochs (training.epochs): a whole number from 1 to"),
        (
            'preset = "paper"\n[training]\nlearning_rate = inf',
            "Learning rate (training.learning_rate): nan and inf are no values for it",
        ),
        ('preset = "paper"\n[data]\nebv = [0.1, inf]', "E(B−V) (data.ebv): each must be from 0 to 10; got inf"),
        ('preset = "paper"\n[data]\nlibraries = []', "Libraries (data.libraries): one library or more is"),
        ('preset = "paper"\n[data]\nlibraries = ["popstar", "popstar"]', "Libraries (data.libraries): a library is"),
        ('preset = "paper"\n[data]\nlog_age_range = [9, 8]', "log age (data.log_age_range): 9 is above 8"),
        ('preset = "paper"\ndata = 3', "data: this is a table: write [data], and its keys below"),
        (f"preset = 'paper'\nseed = {'9' * 5000}", "not TOML (Exceeds the limit"),
        (
            'preset = "posterior"\n[data]\nn_redshifts = 100000\nn_per_redshift = 100000',
            "Mocks per redshift (data.n_per_redshift): 100,000 redshifts make 10,000,000,000 mocks",
        ),
        ('preset = "posterior"\n[data]\nweights = [1, 2]', "Weights (data.weights): 2 numbers for 1 library"),
    ],
)
def test_mistakes_are_named(config: Path, text: str, message: str) -> None:
    config.write_text(text)
    with pytest.raises(InputError) as error:
        read_settings(config)
    assert str(error.value).startswith(f"{config}: {message}")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml: cannot be read \(No such file or directory\)"):
        read_settings(tmp_path / "none.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"binary\.toml: not a text file"):
        read_settings(tmp_path / "binary.toml")


def test_a_library_in_the_home_of_nobody_is_a_file_of_that_name(config: Path) -> None:
    config.write_text('preset = "paper"\n[data]\nlibraries = ["~nobody-of-this-name/ssp"]')
    assert read_settings(config).data.libraries == ("~nobody-of-this-name/ssp",)
