"""The resources of the interface, one module for each kind of thing."""

from ninja import Router

from . import (
    areas,
    calendars,
    catalogue,
    directory,
    dispatch,
    donors,
    facilities,
    geography,
    hotline,
    households,
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
    settlements,
    verification,
    visits,
    volunteers,
    workers,
)

_MODULES = (
    areas, people, residence, households, organisations, workers, volunteers, facilities, donors, catalogue, needs, hotline,
    projects, offered, orders, dispatch, visits, verification, settlements, ledgers, presets, oversight, geography, calendars,
)  # fmt: skip
ROUTERS: list[tuple[str, Router]] = [*(("", module.router) for module in _MODULES), ("/hsds", directory.router)]
