"""The resources of the interface, one module for each kind of thing."""

from ninja import Router

from . import (
    areas,
    calendars,
    catalogue,
    communities,
    directory,
    dispatch,
    donors,
    duplicates,
    facilities,
    geography,
    hotline,
    households,
    learning,
    ledgers,
    needs,
    offered,
    orders,
    organisations,
    oversight,
    people,
    presets,
    projects,
    residence,
    rooms,
    rounds,
    settlements,
    social_workers,
    teams,
    verification,
    visits,
    volunteers,
    workers,
)

_MODULES = (
    areas, people, residence, households, duplicates, communities, organisations, workers, social_workers, learning,
    volunteers, teams, facilities, rooms, donors, rounds, catalogue, needs, hotline,
    projects, offered, orders, dispatch, visits, verification, settlements, ledgers, presets, oversight, geography, calendars,
)  # fmt: skip
ROUTERS: list[tuple[str, Router]] = [*(("", module.router) for module in _MODULES), ("/hsds", directory.router)]
