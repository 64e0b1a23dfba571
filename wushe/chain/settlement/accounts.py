"""The accounts between which visits are settled, opened when first needed, and the legs of their two entries."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from wushe.foundation.actor import Actor
from wushe.foundation.scope import DISTRICT
from wushe.ledgers.models import Account, AccountKind, LedgerUnit
from wushe.ledgers.services import open_account
from wushe.registers.organisations.models import Organisation
from wushe.registers.workforce.models import Worker

from .facts import Batch, Case
from .formulas import Amounts

Legs = tuple[tuple[int, int], ...]


def hours_code(worker_id: int) -> str:
    """Return the code of the account that holds a worker's hours."""
    return f"hours:{worker_id}"


class Books:
    """The accounts of a batch of visits: by district, organisation, worker and budget line."""

    def __init__(self, batch: Batch, *, actor: Actor, at: datetime) -> None:
        cases = batch.cases
        districts = {case.area_code[:DISTRICT] for case in cases}
        organisations = {case.organisation for case in cases if case.organisation}
        workers = {case.worker for case in cases}
        self._residents = {one: f"outside:residents:{one}" for one in districts}
        self._sources = {one: f"outside:hours:{one}" for one in districts}
        self._payable = {one: f"payable:{one}" for one in organisations}
        self._holdback = {one: f"holdback:{one}" for one in organisations}
        self._hours = {one: hours_code(one) for one in workers}
        named: Sequence[dict[Any, str]] = (
            self._residents, self._sources, self._payable, self._holdback, self._hours,
        )  # fmt: skip
        codes = [code for part in named for code in part.values()]
        ids = dict(Account.objects.filter(code__in=codes).values_list("code", "pk"))
        if missing := set(codes) - ids.keys():
            for code, spec in _specs(districts, organisations, workers, missing):
                if code in missing:
                    ids[code] = open_account(actor=actor, at=at, code=code, **spec).pk
        self.ids = list(ids.values())
        self.residents, self.sources, self.payable, self.holdback, self.hours = (
            {key: ids[code] for key, code in part.items()} for part in named
        )
        self.lines = {pk: line.account_id for pk, line in batch.lines.items()}

    def money_legs(self, case: Case, sums: Amounts) -> Legs:
        """Return who pays whom: the budget line and the person pay the organisation, less what is held back."""
        if not sums.payable_fen:
            return ()
        public, held, organisation = sums.subsidy_fen + sums.charity_fen, sums.hold_fen, case.organisation
        assert organisation is not None
        legs = [(self.payable[organisation], sums.payable_fen - held)] if sums.payable_fen != held else []
        if public:
            assert case.line is not None
            legs.append((self.lines[case.line], -public))
        if sums.own_fen:
            legs.append((self.residents[case.area_code[:DISTRICT]], -sums.own_fen))
        if held:
            legs.append((self.holdback[organisation], held))
        return tuple(legs)

    def time_legs(self, case: Case, sums: Amounts) -> Legs:
        """Return where the hours come from and to whom they go."""
        if not sums.paid_minutes:
            return ()
        source = self.sources[case.area_code[:DISTRICT]]
        return (source, -sums.paid_minutes), (self.hours[case.worker], sums.paid_minutes)


def _specs(
    districts: set[str], organisations: set[int], workers: set[int], missing: set[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return what the missing accounts are to be, those of one kind after the other, each in order."""
    for district in sorted(districts):
        place: dict[str, Any] = {"area_code": district, "may_go_below": True}
        yield f"outside:residents:{district}", {
            "title": "服务对象自付", "unit": LedgerUnit.FEN, "kind": AccountKind.OWN_SHARE, **place
        }  # fmt: skip
        yield f"outside:hours:{district}", {
            "title": "服务时长来源", "unit": LedgerUnit.MINUTE, "kind": AccountKind.ISSUED_HOURS, **place
        }  # fmt: skip
    for one in Organisation.objects.filter(pk__in=organisations).order_by("pk"):
        shared = {"unit": LedgerUnit.FEN, "area_code": one.area_code, "organisation_ref": one.pk}
        yield f"payable:{one.pk}", {"title": f"应付 {one.name}", "kind": AccountKind.PAYABLE, **shared}
        yield f"holdback:{one.pk}", {"title": f"年终留存 {one.name}", "kind": AccountKind.HOLDBACK, **shared}
    new = [pk for pk in workers if hours_code(pk) in missing]
    for worker in Worker.objects.filter(pk__in=new).order_by("pk"):
        yield hours_code(worker.pk), {
            "title": f"{worker.number} 服务时长", "unit": LedgerUnit.MINUTE, "kind": AccountKind.HOURS,
            "area_code": worker.area_code, "organisation_ref": worker.organisation_id,
        }  # fmt: skip
