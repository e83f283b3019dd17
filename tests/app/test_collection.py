import shutil
from dataclasses import replace

import pytest

from jpas_gui.app.collection import Collection
from jpas_gui.app.collection_entries import Kind, Status
from jpas_gui.app.training_runs import add_run
from jpas_gui.core.downloads.getting import filters_folder
from jpas_gui.core.downloads.known import known_downloads
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.known_models import models_folder
from jpas_gui.core.inference.settings import PaperSettings
from jpas_gui.core.inference.shipped import shipped_models
from jpas_gui.core.ssp.catalogue import add_library, libraries_folder, load_library
from jpas_gui.core.ssp.native import read_native, write_library


class Heard(dict):
    """What each signal of a collection has said, by its name."""

    def __init__(self, collection):
        super().__init__({name: [] for name in ("problem", "said", "variants_found", "unreadable", "model_added")})
        for name, said in self.items():
            getattr(collection, name).connect(lambda *what, said=said: said.append(what), check_nargs=False)


@pytest.fixture
def collection(explorer):
    return Collection(explorer._background, explorer)


@pytest.fixture
def says(collection):
    return Heard(collection)


@pytest.fixture
def library_file(popstar, tmp_path):
    """A library of the program's own format, small."""
    part = replace(
        popstar, name="mine", title="Mine", log_age=popstar.log_age[::20], luminosity=popstar.luminosity[:, ::20]
    )
    write_library(part, tmp_path / "mine.h5")
    return tmp_path / "mine.h5"


def entry(collection, name):
    collection.refresh()
    return next(one for one in collection.entries if one.name == name)


def test_what_was_assumed_of_a_library_is_listed(collection, popstar, explorer):
    add_library(replace(popstar, name="mine", source=replace(popstar.source, assumed=("a is b", "c is d"))))
    assert ("assumed", "a is b; c is d") in entry(collection, "mine").facts


def test_all_that_is_known_is_listed(collection, library_file, explorer):
    explorer.open_library(library_file)
    collection.refresh()
    status = {(one.kind, one.name): one.status for one in collection.entries}
    assert status[Kind.LIBRARY, "popstar"] is status[Kind.FILTERS, "official"] is Status.SHIPPED
    assert all(status[Kind.MODEL, name] is Status.SHIPPED for name in shipped_models())
    assert status[Kind.LIBRARY, "mine"] is Status.OPENED
    assert all(Status.DOWNLOAD is status[Kind(one.kind), one.name] for one in known_downloads().values())
    assert status[Kind.LIBRARY, "cb19"] is Status.BY_HAND
    for one in collection.entries:
        assert one.facts
        assert one.is_at_hand or one.url
        assert not one.is_removable


def test_a_library_says_what_it_is(collection):
    popstar = entry(collection, "popstar")
    facts = dict(popstar.facts)
    assert facts["models"] == "636"
    assert facts["log age"] == "5.00 to 10.18 (log10 yr), 106 ages"
    assert facts["[M/H]"] == "-2.30 to +0.40 dex, 6 metallicities"
    assert facts["SHA-256 of its files"] == load_library("popstar").source.files[0].sha256
    assert popstar.citations == ("Molla, Garcia-Vargas & Bressan 2009, MNRAS 398, 451",)


def test_a_library_is_added_converted_and_removed(collection, library_file, says, tmp_path):
    collection.add(library_file)
    own = entry(collection, "mine")
    assert (own.status, own.path) == (Status.OWN, libraries_folder() / "mine.h5")
    assert own.size > 10_000
    assert collection.titles["mine"] == "Mine"
    collection.convert(own, tmp_path / "copy.h5")
    assert read_native(tmp_path / "copy.h5").title == "Mine"
    collection.remove(own)
    assert not own.path.exists()
    assert [one.name for one in collection.entries if one.status is Status.OWN] == []
    assert [what for (what,) in says["said"]] == [
        f"Added: {own.path}",
        f"Saved: {tmp_path / 'copy.h5'}",
        f"Removed: {own.path}",
    ]
    assert says["problem"] == []


def test_a_namesake_gets_a_name_of_its_own(collection, library_file):
    collection.add(library_file)
    collection.add(library_file)
    assert entry(collection, "mine-2").title == "Mine (2)"


def test_a_model_is_added_and_removed(collection, explorer, says, tmp_path):
    folder = shutil.copytree(shipped_models()["paper-popstar"], tmp_path / "copy")
    collection.add(folder)
    own = models_folder() / "paper-popstar"
    assert says["model_added"] == [(own,)]
    explorer.set_view(models=(str(own),))
    model = entry(collection, str(own))
    assert (model.status, model.title, dict(model.facts)["trained on"]) == (
        Status.OWN,
        "paper-popstar (yours)",
        "PopStar",
    )
    collection.remove(model)
    assert not own.exists()
    assert folder.exists()
    assert explorer.view.models == ()


def test_models_trained_here_are_listed_and_left_to_their_tab(collection, explorer):
    run = add_run("mine", PaperSettings(), "cpu")
    add_run("without a model", PaperSettings(), "cpu")
    folder = str(shutil.copytree(shipped_models()["paper-popstar"], run.model_folder))
    trained = entry(collection, folder)
    assert trained.status is Status.TRAINED
    explorer.set_view(models=(folder,))
    trained = entry(collection, folder)
    assert (trained.status, trained.is_at_hand, trained.is_removable) == (Status.TRAINED, True, False)


def test_what_does_not_belong_to_the_user_stays(collection, says):
    collection.remove(entry(collection, "paper-popstar"))
    assert says["problem"] == [("paper-popstar: only what you added can be removed",)]
    assert shipped_models()["paper-popstar"].is_dir()


def test_a_damaged_library_is_listed_and_can_be_removed(collection):
    libraries_folder().mkdir(parents=True)
    (libraries_folder() / "bad.h5").write_text("nothing")
    bad = entry(collection, "bad")
    assert bad.status is Status.UNUSABLE
    assert dict(bad.facts)["problem"].startswith("cannot be loaded: ")
    collection.remove(bad)
    assert list(libraries_folder().iterdir()) == []


def test_a_damaged_model_in_use_is_listed(collection, explorer, tmp_path):
    (tmp_path / "model.json").write_text("{")
    explorer.set_view(models=(str(tmp_path),))
    assert entry(collection, str(tmp_path)).status is Status.UNUSABLE


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda path: path.write_text("some words"), "not a library"),
        (lambda path: path.mkdir(), "the folder is empty"),
        (lambda path: None, "no such file or folder"),
    ],
)
def test_what_is_no_library_is_named(collection, says, tmp_path, prepare, message):
    prepare(tmp_path / "thing")
    collection.add(tmp_path / "thing")
    ((problem,),) = says["problem"]
    assert "thing" in problem
    assert message in problem
    assert not collection.is_busy


def test_several_libraries_in_a_folder_are_asked_for(collection, says, real_data, tmp_path):
    for name in ("miuscat", "emiles_sample"):
        shutil.copytree(real_data / "ssp" / name, tmp_path / "both", dirs_exist_ok=True)
    collection.add(tmp_path / "both")
    ((path, variants),) = says["variants_found"]
    collection.add(path, next(variant for variant in variants if "BaSTI" in variant))
    assert says["problem"] == []
    assert len(list(libraries_folder().iterdir())) == 1


def test_an_output_that_cannot_be_one(collection, tmp_path):
    with pytest.raises(InputError, match=r"give it a name that ends in \.h5"):
        collection.convert(entry(collection, "popstar"), tmp_path / "popstar.fits")


def test_what_is_chosen_is_used(collection, explorer, popstar):
    add_library(replace(popstar, name="mine", title="Mine"))
    collection.use(entry(collection, "mine"))
    assert explorer.library.name == "mine"
    explorer.set_view(models=())
    collection.use(entry(collection, "paper-popstar"))
    assert explorer.view.models == ("paper-popstar",)
    collection.use(entry(collection, "official"))
    assert "CEFCA" in explorer.filters.source


def test_fetched_filters_are_the_users_own(collection, says):
    filters_folder().mkdir(parents=True)
    (filters_folder() / "OAJ_JPAS.J0390.xml").write_text("curve")
    fetched = entry(collection, "jpas-filters")
    assert (fetched.status, dict(fetched.facts)["bands"]) == (Status.OWN, "1")
    collection.remove(fetched)
    assert not filters_folder().exists()
    assert entry(collection, "jpas-filters").status is Status.DOWNLOAD


def test_what_has_no_address_is_not_fetched(collection, says):
    collection.fetch(entry(collection, "cb19"))
    assert says["problem"] == [("CB19 (C&B), FITS: it has no address of its own; see https://www.bruzual.org/CB19/",)]
