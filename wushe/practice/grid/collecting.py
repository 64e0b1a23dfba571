"""The first three steps of a grid case: collected, filed, sent out to somebody by name; the clock starts there."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from wushe.chain.needs.deadlines import end_of_allowance
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import obtain
from wushe.registers.areas.selectors import may_place_in

from .models import CaseKind, CaseSource, GridCase
from .workflow import GRID_CASE

COLLECT, DECIDE = "grid:collect", "grid:decide"
_MOST = {"words": 300, "spot": 100, "collector_name": 40, "unit": 60, "handler_name": 40, "note": 300}
_ASKED = {
    "words": "请写清是什么事（2到300个字）。", "spot": "请写明在哪里（2到100个字）。", "unit": "请写明派给哪个单位（2到60个字）。",
    "collector_name": "请写明谁采集的（2到40个字）。", "handler_name": "请写明处理人（2到40个字），逾期时找得到人。",
    "note": "请写明原因（2到300个字）。",
}  # fmt: skip


@domain_call(COLLECT)
def collect_case(
    *, actor: Actor, at: datetime, area_code: str, kind: str, source: str, words: str, spot: str,
    collector_name: str = "", client_key: str = "",
) -> GridCase:  # fmt: skip
    """Write down what was found in a grid; who collected it answers for it until it is filed.

    The same client key again gives the same case. Raises Invalid beside each field at fault.
    """
    name = collector_name.strip() or actor.name
    faults = faults_in(words=words, spot=spot, collector_name=name)
    if kind not in CaseKind.values:
        faults["kind"] = "请选择类别。"
    if source not in CaseSource.values:
        faults["source"] = "请选择来源。"
    if not may_place_in(actor=actor, area_code=area_code, on=timezone.localdate(at)):
        faults["area_code"] = "请选择本辖区内的地方。"
    if faults:
        raise Invalid(fields=faults)
    case = GridCase(
        area_code=area_code, kind=kind, source=source, words=words.strip(), spot=spot.strip(), collected_at=at,
        collector_name=name, owner_name=name, due_at=limit("file", at, area_code),
    )  # fmt: skip

    def effect() -> dict[str, Any]:
        GRID_CASE.start(case, event="collect", actor=actor, at=at, data={"kind": kind, "source": source})
        return {"case": case.pk}

    body = {"area": area_code, "kind": kind, "words": case.words, "spot": case.spot}
    answer = once(actor=actor, at=at, key=client_key, call="grid.collect_case", body=body, effect=effect)
    return GridCase.objects.get(pk=answer["case"])


@domain_call(COLLECT)
def file_case(*, actor: Actor, at: datetime, case_id: int, owner_name: str = "") -> GridCase:
    """Open the file of a case; who opens it sends it out. Raises NotFound, Invalid, MoveNotAllowed."""
    case = obtain(GridCase, actor, pk=case_id)
    name = owner_name.strip()[:40] or actor.name or case.owner_name
    changes = {"owner_name": name, "due_at": limit("send", at, case.area_code)}
    GRID_CASE.move(case, "file", actor=actor, at=at, changes=changes)
    return case


@domain_call(COLLECT)
def dismiss_case(*, actor: Actor, at: datetime, case_id: int, note: str) -> GridCase:
    """Open no file, and say why; raises NotFound, Invalid, MoveNotAllowed."""
    case = obtain(GridCase, actor, pk=case_id)
    if faults := faults_in(note=note):
        raise Invalid(fields=faults)
    GRID_CASE.move(case, "dismiss", actor=actor, at=at, changes={"note": note.strip(), "due_at": None})
    return case


@domain_call(COLLECT)
def send_case(*, actor: Actor, at: datetime, case_id: int, unit: str, handler_name: str) -> GridCase:
    """Send a case to a unit and to somebody there by name; its clock starts now, by the limit of its kind.

    Raises NotFound, Invalid, MoveNotAllowed.
    """
    case = obtain(GridCase, actor, pk=case_id)
    if faults := faults_in(unit=unit, handler_name=handler_name):
        raise Invalid(fields=faults)
    due, name = limit(case.kind, at, case.area_code), handler_name.strip()
    changes = {
        "unit": unit.strip(), "handler_name": name, "owner_name": name, "sent_at": at, "due_at": due, "handle_by": due,
    }  # fmt: skip
    GRID_CASE.move(case, "send", actor=actor, at=at, changes=changes, data={"unit": changes["unit"]})
    return case


def limit(step: str, at: datetime, area_code: str) -> datetime:
    """Return when the time of a step, or of the handling of a kind, is over if it begins now."""
    on = timezone.localdate(at)
    return end_of_allowance(f"grid.limit.{step}", begun_at=at, area_code=area_code, on=on)[0]


def closing_condition(*, case: GridCase, at: datetime) -> str:
    """Return what has to be seen at the place before a case of this kind is closed."""
    return str(preset(f"grid.closing.{case.kind}", area_code=case.area_code, on=timezone.localdate(at)))


def faults_in(**given: str) -> dict[str, str]:
    """Return what is wrong with the words of each field."""
    return {name: _ASKED[name] for name, text in given.items() if not 2 <= len(text.strip()) <= _MOST[name]}
