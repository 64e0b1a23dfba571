"""The accounts between which a visit is settled, opened when first needed, and the legs of its two entries."""

from collections.abc import Iterable
from datetime import datetime

from wushe.chain.visits.models import Visit
from wushe.foundation.actor import Actor
from wushe.foundation.scope import DISTRICT
from wushe.ledgers.models import Account, AccountKind, LedgerUnit
from wushe.ledgers.services import open_account

from .formulas import Amounts

Legs = tuple[tuple[int, int], ...]


def hours_code(worker_id: int) -> str:
    """Return the code of the account that holds a worker's hours."""
    return f"hours:{worker_id}"


class Books:
    """The accounts of a batch of visits, by code."""

    def __init__(self, visits: Iterable[Visit], *, actor: Actor, at: datetime) -> None:
        wanted = dict(spec for visit in visits for spec in _wanted(visit))
        self._by_code = {account.code: account for account in Account.objects.filter(code__in=wanted)}
        for code, spec in wanted.items():
            if code not in self._by_code:
                self._by_code[code] = open_account(actor=actor, at=at, code=code, **spec)  # type: ignore[arg-type]

    @property
    def ids(self) -> list[int]:
        """Return the ids of all accounts."""
        return [account.pk for account in self._by_code.values()]

    def money_legs(self, visit: Visit, sums: Amounts) -> Legs:
        """Return who pays whom: the budget line and the person pay the organisation, less what is held back."""
        order = visit.appointment.order
        line = order.budget_line
        district = visit.area_code[:DISTRICT]
        legs = [
            (line.account_id if line else 0, -(sums.subsidy_fen + sums.charity_fen)),
            (self._by_code[f"outside:residents:{district}"].pk, -sums.own_fen),
            (self._by_code[f"payable:{order.organisation_id}"].pk, sums.payable_fen - sums.hold_fen),
            (self._by_code[f"holdback:{order.organisation_id}"].pk, sums.hold_fen),
        ]
        return tuple((account, amount) for account, amount in legs if amount)

    def time_legs(self, visit: Visit, sums: Amounts) -> Legs:
        """Return where the hours come from and to whom they go."""
        if not sums.paid_minutes:
            return ()
        source = self._by_code[f"outside:hours:{visit.area_code[:DISTRICT]}"].pk
        return (source, -sums.paid_minutes), (self._by_code[hours_code(visit.worker_id)].pk, sums.paid_minutes)


def _wanted(visit: Visit) -> Iterable[tuple[str, dict[str, object]]]:
    district = visit.area_code[:DISTRICT]
    yield f"outside:residents:{district}", {
        "title": "服务对象自付", "unit": LedgerUnit.FEN, "kind": AccountKind.OWN_SHARE, "area_code": district,
        "may_go_below": True,
    }  # fmt: skip
    yield f"outside:hours:{district}", {
        "title": "服务时长来源", "unit": LedgerUnit.MINUTE, "kind": AccountKind.ISSUED_HOURS, "area_code": district,
        "may_go_below": True,
    }  # fmt: skip
    yield hours_code(visit.worker_id), {
        "title": f"{visit.worker.number} 服务时长", "unit": LedgerUnit.MINUTE, "kind": AccountKind.HOURS,
        "area_code": visit.worker.area_code, "organisation_ref": visit.worker.organisation_id,
    }  # fmt: skip
    if organisation := visit.appointment.order.organisation:
        shared = {
            "unit": LedgerUnit.FEN, "area_code": organisation.area_code, "organisation_ref": organisation.pk,
        }  # fmt: skip
        yield f"payable:{organisation.pk}", {
            "title": f"应付 {organisation.name}", "kind": AccountKind.PAYABLE, **shared
        }  # fmt: skip
        yield f"holdback:{organisation.pk}", {
            "title": f"年终留存 {organisation.name}", "kind": AccountKind.HOLDBACK, **shared
        }  # fmt: skip
