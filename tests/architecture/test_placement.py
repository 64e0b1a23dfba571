"""Every app has its place in the house, and its rooms have the names of the house."""

from pathlib import Path

from django.apps import apps

from tests.architecture.sources import ROOT

FLOORS = {
    "foundation",
    "registers",
    "ledgers",
    "chain",
    "practice",
    "lines",
    "governance",
    "oversight",
    "demonstration",
    "faces",
}


def test_every_app_is_installed_and_stands_on_a_floor() -> None:
    folders = {path.parent.relative_to(ROOT).as_posix().replace("/", ".") for path in (ROOT / "wushe").rglob("apps.py")}
    installed = {config.name for config in apps.get_app_configs() if config.name.startswith("wushe.")}
    assert folders == installed
    assert {name.split(".")[1] for name in installed} <= FLOORS


def test_nothing_lies_outside_the_floors() -> None:
    names = {path.name for path in (ROOT / "wushe").iterdir() if path.name != "__pycache__"}
    assert names - FLOORS == {"__init__.py"}


def test_every_package_says_what_it_is() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "wushe").rglob("__init__.py")
        if path.parent.name != "migrations" and not path.read_text().strip()
    ]
    assert silent == []


def test_every_app_has_migrations_exactly_if_it_has_models() -> None:
    for config in apps.get_app_configs():
        if config.name.startswith("wushe."):
            migrations = list((Path(config.path) / "migrations").glob("0*.py"))
            assert bool(migrations) == bool(list(config.get_models())), config.name
