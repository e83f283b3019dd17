"""The libraries of a model are found among the user's, by name or by their numbers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.model_libraries import libraries_of
from jpas_gui.core.ssp.catalogue import add_library, load_library
from jpas_gui.core.ssp.library import SSPLibrary


@pytest.fixture(scope="module")
def young() -> SSPLibrary:
    popstar = load_library("popstar")
    return replace(popstar, name="young", log_age=popstar.log_age[:60], luminosity=popstar.luminosity[:, :60])


def record(library: SSPLibrary, **changes: Any) -> Mapping[str, Any]:
    facts = {"name": library.name, "title": library.title, "numbers_sha256": library.numbers_sha256, "files": 1}
    return facts | changes


def test_by_the_name_of_the_settings_or_its_own_or_any_other(young: SSPLibrary) -> None:
    add_library(young)
    for asked, known in (("young", "young"), ("folder-of-someone", "young"), ("gone", "gone")):
        (found,) = libraries_of("m", [asked], [record(young, name=known)])
        assert found.name == "young"
        assert found.numbers_sha256 == young.numbers_sha256


def test_all_that_are_missing_are_named_with_where_to_get_them(young: SSPLibrary) -> None:
    records = [
        record(young, name="miuscat-x", title="MIUSCAT x", files=200),
        record(young, name="emiles", title="E-MILES"),
        record(load_library("popstar")),
    ]
    with pytest.raises(InputError) as error:
        libraries_of("m", ["a", "b", "popstar"], records)
    assert str(error.value) == (
        "m was trained on MIUSCAT x (200 files; it is to be had at https://miles.iac.es/) and E-MILES ('jpas-gui "
        "library get emiles' fetches it), which are not among your libraries: add what is missing, or say which "
        "libraries to test on (--library)"
    )


def test_other_numbers_are_no_match(young: SSPLibrary) -> None:
    add_library(young)
    with pytest.raises(InputError) as error:
        libraries_of("m", ["young"], [record(young, numbers_sha256="another")])
    assert str(error.value) == (
        "m was trained on another version of young (SHA-256 of the numbers differs): say which libraries to test on "
        "(--library)"
    )
