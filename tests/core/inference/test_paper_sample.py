"""The paper's mock sample, its noise, its split, its file and the task made from it."""

import errno
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import msgspec
import numpy as np
import pytest
import torch

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.paper_sample import TEST, TRAIN, VALIDATION, PaperSample, paper_sample
from jpas_gui.core.inference.paper_task import PaperTask, paper_description, paper_makings, paper_task, paper_test
from jpas_gui.core.inference.sample_file import cached_sample, read_sample, samples_folder, write_sample
from jpas_gui.core.inference.settings import OptimiserSettings, PaperData, PaperSettings
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.noise import MeasuredNoise, NoiseModel
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model
from jpas_gui.core.photometry.synthesis import synthesize
from jpas_gui.core.populations import StellarPopulation
from jpas_gui.core.ssp.catalogue import load_library
from jpas_gui.core.ssp.library import SSPLibrary

DATA = PaperData(log_age_range=(9.0, 9.3), ebv=(0.0, 0.25, 1.0), magnitudes=(16.0, 19.5, 22.0))
FILTERS = embedded_filters()


@pytest.fixture(scope="module")
def popstar() -> SSPLibrary:
    return load_library("popstar")


@pytest.fixture(scope="module")
def holey(popstar: SSPLibrary) -> SSPLibrary:
    """PopStar without the models of the lowest metallicity that are older than 9.1."""
    luminosity = popstar.luminosity.copy()
    luminosity[0, popstar.log_age > 9.1] = np.nan
    return replace(popstar, name="holey", luminosity=luminosity)


@pytest.fixture(scope="module")
def noise() -> NoiseModel:
    return noise_model(NoiseSettings(), FILTERS.names)


@pytest.fixture(scope="module")
def sample(popstar: SSPLibrary, holey: SSPLibrary, noise: NoiseModel) -> PaperSample:
    return paper_sample(DATA, 1, [popstar, holey], FILTERS, noise)


def test_every_mock_is_what_the_window_shows(sample: PaperSample, popstar: SSPLibrary, noise: NoiseModel) -> None:
    for mock in [0, 7, 50, len(sample) - 1]:
        (sed,), (magnitude,) = sample.seds_and_magnitudes(np.array([mock]))
        log_age, metallicity, ebv = sample.parameters[sed].tolist()
        population = StellarPopulation(log_age, metallicity, round(ebv, 6), 0.0, float(sample.magnitude[magnitude]))
        shown = synthesize(population, popstar, FILTERS)
        unit = shown.flux_nu[FILTERS.index("iSDSS")]
        np.testing.assert_allclose(sample.flux_nu[sed], shown.flux_nu[:56] / unit, rtol=2e-4)
        error = noise.flux_nu_error(shown.flux_nu)[:56]
        np.testing.assert_allclose(sample.flux_nu_error[sed, magnitude], error / unit, rtol=2e-4)


def test_every_model_is_there_once_with_all_dust_and_magnitudes(
    sample: PaperSample, popstar: SSPLibrary, holey: SSPLibrary
) -> None:
    expected = []
    for library in (popstar, holey):
        nodes = library.nodes[(library.nodes[:, 0] > 8.999) & (library.nodes[:, 0] < 9.301)]
        expected.append(len(nodes) * 3)
    assert np.bincount(sample.library).tolist() == expected
    assert expected[1] < expected[0]
    assert len(sample) == sum(expected) * 3
    assert len(np.unique(np.column_stack([sample.library, sample.parameters]), axis=0)) == sum(expected)
    assert (np.bincount(sample.model) == 3).all()
    assert np.isfinite(sample.flux_nu).all()


def test_the_paper_has_13_magnitudes_and_10_values_of_dust(popstar: SSPLibrary, noise: NoiseModel) -> None:
    whole = paper_sample(PaperData(), 1, [popstar], FILTERS, noise)
    assert len(whole) == 552 * 10 * 13
    assert whole.parameters[:, 0].min() == pytest.approx(6.51)
    assert whole.parameters[:, 0].max() == pytest.approx(10.15)


def test_split_by_row(sample: PaperSample) -> None:
    parts = np.bincount(sample.split) / len(sample)
    np.testing.assert_allclose(parts, [0.64, 0.16, 0.2], atol=0.01)
    models = [set(sample.model[sample.seds_and_magnitudes(sample.mocks(part))[0]]) for part in (TRAIN, TEST)]
    assert models[0] & models[1]


def test_split_by_model_tests_no_model_that_was_trained_on(popstar: SSPLibrary, noise: NoiseModel) -> None:
    sample = paper_sample(msgspec.structs.replace(DATA, split="model"), 1, [popstar], FILTERS, noise)
    parts = [set(sample.model[sample.seds_and_magnitudes(sample.mocks(part))[0]]) for part in range(3)]
    assert not parts[TRAIN] & parts[TEST]
    assert not parts[TRAIN] & parts[VALIDATION]
    assert sum(map(len, parts)) == sample.model.max() + 1
    assert len(parts[TRAIN]) == round(0.64 * (sample.model.max() + 1))


def test_the_seed_decides_the_split(popstar: SSPLibrary, noise: NoiseModel) -> None:
    one, same, other = (paper_sample(DATA, seed, [popstar], FILTERS, noise).split for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


def test_noise_has_the_errors_scatter(sample: PaperSample) -> None:
    mocks = np.repeat(np.arange(3), 4000)
    noisy = sample.noisy_flux_nu(mocks, np.random.default_rng(1)).reshape(3, 4000, 56)
    np.testing.assert_allclose(noisy.mean(axis=1), np.tile(sample.flux_nu[0], (3, 1)), atol=0.02)
    np.testing.assert_allclose(noisy.std(axis=1), sample.flux_nu_error[0], rtol=0.06)


def test_one_magnitude_for_all_bands(popstar: SSPLibrary, noise: NoiseModel) -> None:
    sample = paper_sample(msgspec.structs.replace(DATA, one_magnitude=True), 1, [popstar], FILTERS, noise)
    relative = sample.flux_nu_error / sample.flux_nu[:, np.newaxis]
    np.testing.assert_allclose(relative, np.broadcast_to(relative[0], relative.shape), rtol=1e-4)


def test_what_cannot_be_made(popstar: SSPLibrary, noise: NoiseModel) -> None:
    far = msgspec.structs.replace(DATA, log_age_range=(11.0, 12.0))
    with pytest.raises(InputError, match=r"popstar has no model of log age 11 to 12: see data\.log_age_range"):
        paper_sample(far, 1, [popstar], FILTERS, noise)
    taken = popstar.wavelength < 9000
    blue = replace(
        popstar, name="blue", wavelength=popstar.wavelength[taken], luminosity=popstar.luminosity[..., taken]
    )
    with pytest.raises(InputError, match=r"blue does not cover .*J1007.*: the paper's networks need all bands"):
        paper_sample(DATA, 1, [blue], FILTERS, noise)
    error = np.full((60, 1), 0.1)
    error[3] = np.nan
    with pytest.raises(InputError, match="mine has no error of J0400: the paper's networks need all bands"):
        paper_sample(DATA, 1, [popstar], FILTERS, MeasuredNoise("mine", np.array([20.0]), error))
    few = PaperData(log_age_range=(9.0, 9.01), ebv=(0.0,), magnitudes=(16.0,), split="model")
    with pytest.raises(InputError, match="models are too few to be split"):
        paper_sample(few, 1, [replace(popstar, metallicity=popstar.metallicity[:1],
                                      luminosity=popstar.luminosity[:1])], FILTERS, noise)  # fmt: skip


MAKINGS: dict[str, Any] = {"seed": 1, "data": {"ebv": [0.0]}, "libraries": {"popstar": "abc"}}


def assert_same(one: PaperSample, other: PaperSample) -> None:
    for name, values in vars(other).items():
        np.testing.assert_array_equal(getattr(one, name), values)
        assert getattr(one, name).dtype == values.dtype


def test_a_file_gives_the_sample_back(sample: PaperSample, tmp_path: Path) -> None:
    write_sample(sample, MAKINGS, tmp_path / "sample.h5")
    assert_same(read_sample(tmp_path / "sample.h5", MAKINGS), sample)


def test_the_file_says_what_made_it(sample: PaperSample, tmp_path: Path) -> None:
    write_sample(sample, MAKINGS, tmp_path / "sample.h5")
    with h5py.File(tmp_path / "sample.h5") as file:
        assert '"popstar": "abc"' in file.attrs["makings"]
        assert file.attrs["format"] == "jpas-gui mock sample"
    with pytest.raises(InputError, match=r"sample\.h5: a mock sample that was made from something else"):
        read_sample(tmp_path / "sample.h5", MAKINGS | {"seed": 2})


@pytest.mark.parametrize("damage", ["cut", "byte", "other"])
def test_a_damaged_file_is_told(sample: PaperSample, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "sample.h5"
    write_sample(sample, MAKINGS, path)
    content = bytearray(path.read_bytes())
    if damage == "cut":
        del content[len(content) // 2 :]
    elif damage == "byte":
        content[len(content) // 2] ^= 255
    else:
        content[:] = b"something else"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"sample\.h5: cut short or damaged HDF5 file"):
        read_sample(path, MAKINGS)


def test_a_sample_is_made_once(sample: PaperSample) -> None:
    calls = []

    def make() -> PaperSample:
        calls.append(1)
        return sample

    assert_same(cached_sample(MAKINGS, make), sample)
    assert_same(cached_sample(MAKINGS, make), sample)
    assert len(calls) == 1
    cached_sample(MAKINGS | {"seed": 2}, make)
    assert len(calls) == 2
    for path in samples_folder().iterdir():
        path.write_bytes(path.read_bytes()[:5000])
    assert_same(cached_sample(MAKINGS, make), sample)
    assert len(calls) == 3
    assert_same(cached_sample(MAKINGS, make), sample)
    assert len(calls) == 3


def test_only_the_latest_samples_are_kept(sample: PaperSample) -> None:
    for seed in range(7):
        cached_sample({"seed": seed}, lambda: sample)
    assert len(list(samples_folder().iterdir())) == 4
    cached_sample({"seed": 6}, lambda: pytest.fail("the latest is gone"))


def test_a_full_disk_does_not_keep_a_sample_from_being_used(
    sample: PaperSample, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert cached_sample(MAKINGS, lambda: sample) is sample
    assert list(samples_folder().iterdir()) == []


SETTINGS = PaperSettings(data=DATA, training=OptimiserSettings(batch_size=100))


@pytest.fixture(scope="module")
def task(popstar: SSPLibrary, noise: NoiseModel) -> PaperTask:
    return PaperTask(paper_sample(DATA, 1, [popstar], FILTERS, noise), seed=1, batch_size=100)


def test_an_epoch_has_every_training_mock_once(task: PaperTask) -> None:
    batches = list(task.batches(1))
    assert len(batches) == task.n_batches
    assert sum(len(features) for features, _ in batches) == task.n_samples
    targets = torch.cat([targets for _, targets in batches])
    assert targets.abs().max(dim=0).values.tolist() == [1, 1, 1]
    assert targets[:, 1].min() == -1  # the most metal-poor is the largest, metal-rich ones are above zero
    features = torch.cat([features for features, _ in batches])
    assert len(features.unique(dim=0)) == task.n_samples
    np.testing.assert_allclose(features.median(dim=1).values, 1, atol=0.1)


def test_epochs_differ_in_order_and_repeat_themselves(task: PaperTask) -> None:
    first, again, second = (torch.cat([batch[0] for batch in task.batches(epoch)]) for epoch in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, second)
    assert torch.equal(first.sort(dim=0).values, second.sort(dim=0).values)


def test_fresh_noise_is_drawn_anew_for_training_alone(popstar: SSPLibrary, noise: NoiseModel, task: PaperTask) -> None:
    fresh = PaperTask(paper_sample(DATA, 1, [popstar], FILTERS, noise), seed=1, batch_size=100, fresh_noise=True)
    first, again, second = (torch.cat([batch[0] for batch in fresh.batches(epoch)]) for epoch in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first.sort(dim=0).values, second.sort(dim=0).values)
    assert fresh.validation_loss() == pytest.approx(task.validation_loss(), rel=1e-6)
    order = [torch.cat([batch[1] for batch in one.batches(1)]) for one in (fresh, task)]
    assert torch.equal(*order)


def test_validation_is_the_mean_absolute_error(task: PaperTask) -> None:
    answers = task.network(task._validation.features)
    expected = (answers - task._validation.targets).abs().mean(dim=0).sum().item()
    assert task.validation_loss() == pytest.approx(expected, rel=1e-5)


def test_the_task_of_settings() -> None:
    task = paper_task(SETTINGS)
    assert task.description["preset"] == "paper"
    assert task.description["libraries"] == {"popstar": load_library("popstar").numbers_sha256}
    assert task.description["data"]["ebv"] == [0.0, 0.25, 1.0]
    description = paper_description(task, SETTINGS)
    assert description["targets"]["names"] == ["log_age", "metallicity", "ebv"]
    assert description["targets"]["scale"] == pytest.approx([9.3, 2.301, 1.0], rel=1e-4)
    domain = description["domain"]
    assert domain["ebv"] == [0, 1]
    assert domain["log_age"] == [9.0, 9.3]
    assert domain["magnitude"] == [16, 22]
    assert domain["min_bands"] == 56
    faintest, brightest = domain["median_flux_nu"]
    assert 0 < faintest < 10 ** (-0.4 * (22 - 22.5))
    assert 0.3 * 10 ** (-0.4 * (16 - 22.5)) < brightest < 2 * 10 ** (-0.4 * (16 - 22.5))
    inside = task.feature_domain().distance(task._validation.features)
    assert inside.median() == pytest.approx(1, abs=0.5)
    assert all(0 < error < 20 for error in paper_test(task, SETTINGS)["test"]["mean_absolute_error"].values())


def test_what_a_sample_depends_on_is_in_its_makings(tmp_path: Path) -> None:
    makings, _ = paper_makings(SETTINGS)
    renamed = msgspec.structs.replace(SETTINGS, data=msgspec.structs.replace(DATA, libraries=("an older name",)))
    assert paper_makings(renamed, [load_library("popstar")])[0]["libraries"] == makings["libraries"]
    noise_file = tmp_path / "noise.ecsv"
    lines = ["# %ECSV 1.0", "# ---", "# datatype:", *(f"# - {{name: {name}, datatype: {kind}}}" for name, kind in
             [("band", "string"), ("magnitude", "float64"), ("magnitude_error", "float64")]),
             "band magnitude magnitude_error"]  # fmt: skip
    digests = []
    for error in (0.1, 0.2):
        noise_file.write_text("\n".join([*lines, *(f"{name} 20.0 {error}" for name in FILTERS.names)]) + "\n")
        own = msgspec.structs.replace(DATA, noise=str(noise_file))
        digests.append(paper_makings(msgspec.structs.replace(SETTINGS, data=own))[0]["noise"])
    assert makings["noise"] == ""
    assert len(set(digests)) == 2
