"""Model bundles: what is written is what is read, and what is damaged is refused."""

import errno
import json
import pickle
from pathlib import Path

import pytest
import torch

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.bundle import (
    DESCRIPTION,
    WEIGHTS,
    ModelBundle,
    find_bundle,
    read_bundle,
    save_metrics,
    write_bundle,
)
from jpas_gui.core.inference.bundle_record import HASH, description_hash
from jpas_gui.core.inference.shipped import shipped_models


@pytest.fixture
def bundle() -> ModelBundle:
    weights = {"layer.weight": torch.arange(6.0).reshape(2, 3), "layer.bias": torch.tensor([1.0, -1.0])}
    shipped = find_bundle("paper-popstar").description
    domain = shipped["domain"] | {"min_bands": 1}
    return ModelBundle("mine", "paper", weights, {**shipped, "bands": ["J0390"], "domain": domain})


@pytest.fixture
def folder(tmp_path: Path, bundle: ModelBundle) -> Path:
    write_bundle(tmp_path / "mine", bundle)
    return tmp_path / "mine"


def change_record(folder: Path, hashed: bool = True, **changes: object) -> None:
    """Change a description, and its hash with it unless the model is to have none, as older ones."""
    path = folder / DESCRIPTION
    record = json.loads(path.read_text()) | changes
    path.write_text(json.dumps(record | {HASH: description_hash(record) if hashed else ""}))


def test_what_is_written_is_read(folder: Path, bundle: ModelBundle) -> None:
    back = find_bundle(folder)
    assert (back.name, back.preset, back.description, back.metrics) == ("mine", "paper", bundle.description, {})
    assert all(torch.equal(back.weights[name], tensor) for name, tensor in bundle.weights.items())
    assert sorted(path.name for path in folder.iterdir()) == [DESCRIPTION, WEIGHTS]


def test_metrics_are_added_and_nothing_else_changes(folder: Path, bundle: ModelBundle) -> None:
    save_metrics(folder, {"all": {"log_age": {"mae": 0.1}}})
    back = read_bundle(folder)
    assert back.metrics == {"all": {"log_age": {"mae": 0.1}}}
    assert back.description == bundle.description


def test_a_name_that_means_nothing_is_refused_with_those_that_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing: no such folder, and no model of that name; there are: "):
        find_bundle("nothing")
    with pytest.raises(InputError, match=r"no model there \(no model.json\)"):
        read_bundle(tmp_path)


def test_weights_that_are_not_those_described_are_refused(folder: Path) -> None:
    path = folder / WEIGHTS
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"weights.safetensors: not the weights that model.json describes \(SHA-256\)"):
        read_bundle(folder)
    path.unlink()
    with pytest.raises(InputError, match=r"weights.safetensors: cannot be read"):
        read_bundle(folder)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format_version": 9}, "version 9 of model bundles, written by jpas-gui .* reads version 1"),
        ({"format": "else"}, "not the description of a jpas-gui model"),
        ({"preset": "oracle"}, "damaged, no known preset"),
    ],
)
def test_descriptions_of_another_kind_are_refused(folder: Path, changes: dict[str, object], message: str) -> None:
    change_record(folder, **changes)
    with pytest.raises(InputError, match=message):
        read_bundle(folder)


@pytest.mark.parametrize("key", ["bands", "targets", "domain", "libraries", "noise", "name"])
def test_a_description_that_was_changed_is_refused(folder: Path, key: str) -> None:
    path = folder / DESCRIPTION
    record = json.loads(path.read_text())
    other = json.loads(path.read_text().replace("10.1", "10.2").replace("J0390", "J0400").replace("PopStar", "XSL"))
    changed = {"name": "another", "noise": {**record["noise"], "zero_point": True}}.get(key, other[key])
    assert changed != record[key]
    path.write_text(json.dumps(record | {key: changed}))
    with pytest.raises(InputError, match=r"model\.json: changed after the model was written \(SHA-256\)"):
        read_bundle(folder)


@pytest.mark.parametrize("hashed", [True, False])
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"bands": ["J0390", "J0390"]}, "bands that are unknown, or there twice"),
        ({"bands": ["B"]}, "bands that are unknown"),
        ({"bands": 3}, r"Expected `array`, got `int` - at `\$\.bands`"),
        ({"targets": {"names": ["ebv", "log_age", "metallicity"], "scale": [1.0, 1.0, 1.0]}}, "other parameters"),
        ({"targets": {"names": ["log_age", "metallicity", "ebv"], "scale": [1.0, 0.0, 1.0]}}, "> 0"),
        ({"targets": {"names": ["log_age", "metallicity", "ebv"], "scale": [1.0]}}, "no scale of the parameters"),
        ({"preset": "posterior"}, "no sizes of the network"),
        ({"domain": {}}, r"missing required field `log_age` - at `\$\.domain`"),
        ({"libraries": [{"name": 3}]}, r"at `\$\.libraries\[0\]\.name`"),
        ({"citations": None}, r"at `\$\.citations`"),
    ],
)
def test_descriptions_that_make_no_sense_are_refused(
    folder: Path, hashed: bool, changes: dict[str, object], message: str
) -> None:
    change_record(folder, hashed, **changes)
    with pytest.raises(InputError, match=rf"model\.json: damaged \(.*{message}.*\): get the model again"):
        read_bundle(folder)


@pytest.mark.parametrize("swapped", [[0.5, 0.0], [0.0, float("nan")], [0.0]])
def test_a_range_that_is_none_is_refused(folder: Path, bundle: ModelBundle, swapped: list[float]) -> None:
    change_record(folder, domain={**bundle.description["domain"], "redshift": swapped})
    with pytest.raises(InputError, match=r"model\.json: damaged"):
        read_bundle(folder)


def test_a_model_of_an_older_version_without_the_hash_is_read(folder: Path) -> None:
    path = folder / DESCRIPTION
    record = json.loads(path.read_text())
    del record[HASH]
    path.write_text(json.dumps(record))
    assert read_bundle(folder).name == "mine"


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]"])
def test_damaged_descriptions_are_refused(folder: Path, content: bytes) -> None:
    (folder / DESCRIPTION).write_bytes(content)
    with pytest.raises(InputError, match=r"model\.json: "):
        read_bundle(folder)


class Attack:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (Path.touch, (Path("attacked"),))


def test_a_pickle_in_place_of_the_weights_runs_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import hashlib

    monkeypatch.chdir(tmp_path)
    evil = pickle.dumps(Attack())
    (folder / WEIGHTS).write_bytes(evil)
    change_record(folder, weights_sha256=hashlib.sha256(evil).hexdigest())
    with pytest.raises(InputError, match="not a safetensors file"):
        read_bundle(folder)
    assert not (tmp_path / "attacked").exists()


def test_a_full_disk_leaves_the_old_model_as_it_was(
    folder: Path, bundle: ModelBundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def full(self: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    other = ModelBundle("other", "paper", {"layer.weight": torch.zeros(1)}, bundle.description)
    with pytest.raises(InputError, match=r"cannot be written \(No space left on device\)"):
        write_bundle(folder, other)
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_every_shipped_model_can_be_read_and_carries_its_metrics() -> None:
    for name in shipped_models():
        bundle = find_bundle(name)
        assert bundle.name == name
        assert bundle.metrics["magnitude"]
        assert bundle.description["citations"]
