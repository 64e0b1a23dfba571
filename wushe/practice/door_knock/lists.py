"""The four lists 四张清单: each line gets a measure, an owner and a day, and is finished with proof; problems become projects."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime

from django.utils import timezone

from wushe.chain.projects.models import Project
from wushe.chain.projects.services import design_project
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.scope import obtain, visible
from wushe.registers.people.bonds import TagStands, set_tag
from wushe.registers.people.models import Tag

from .models import ListKind, ListLine, TagProposal
from .workflow import LIST_LINE, TAG_PROPOSAL


@domain_call("door_knock:visit")
def agree_measure(*, actor: Actor, at: datetime, line_id: int, measure: str, owner: str, due_on: date) -> ListLine:
    """Say what is done about a line, by whom and until when; raise NotFound, Invalid, MoveNotAllowed."""
    line = obtain(ListLine, actor, pk=line_id)
    faults = {}
    if not measure.strip():
        faults["measure"] = "请写明措施。"
    if not owner.strip():
        faults["owner"] = "请写明责任人。"
    if due_on < timezone.localdate(at):
        faults["due_on"] = "期限不能早于今天。"
    if faults:
        raise Invalid(fields=faults)
    changes = {"measure": measure.strip()[:300], "owner": owner.strip()[:40], "due_on": due_on}
    LIST_LINE.move(line, "agree", actor=actor, at=at, changes=changes, data={"due_on": due_on.isoformat()})
    return line


@domain_call("door_knock:visit")
def finish_line(*, actor: Actor, at: datetime, line_id: int, proof: str) -> ListLine:
    """Finish a line with proof of what was done; raise NotFound, Invalid without proof, MoveNotAllowed."""
    line = obtain(ListLine, actor, pk=line_id)
    if not proof.strip():
        raise Invalid(fields={"proof": "请写明办结情况：做了什么、谁能证明。"})
    LIST_LINE.move(line, "finish", actor=actor, at=at, changes={"proof": proof.strip()[:300], "ended_at": at})
    return line


@domain_call("door_knock:visit")
def drop_line(*, actor: Actor, at: datetime, line_id: int, reason: str) -> ListLine:
    """Take a line off its list with a reason; raise NotFound, Invalid, MoveNotAllowed."""
    line = obtain(ListLine, actor, pk=line_id)
    if not reason.strip():
        raise Invalid(fields={"reason": "请写明撤下的原因。"})
    LIST_LINE.move(line, "drop", actor=actor, at=at, changes={"proof": reason.strip()[:300], "ended_at": at})
    return line


@domain_call("door_knock:visit")
def reopen_line(*, actor: Actor, at: datetime, line_id: int) -> ListLine:
    """Take a line up again; raise NotFound, MoveNotAllowed."""
    line = obtain(ListLine, actor, pk=line_id)
    LIST_LINE.move(line, "reopen", actor=actor, at=at, changes={"proof": "", "ended_at": None})
    return line


@domain_call("projects:design")
def make_project(
    *, actor: Actor, at: datetime, line_ids: Sequence[int], title: str, purpose: str, client_key: str = ""
) -> Project:
    """Design a project from problems; their needs go with it and it stands on the list of projects.

    Raises NotFound if a line lies out of scope, Invalid, Conflict for a line that is in a project already.
    """
    wanted = set(line_ids)
    lines = list(visible(ListLine.objects.filter(pk__in=wanted, kind=ListKind.PROBLEM), actor).order_by("pk"))
    if not lines or len(lines) != len(wanted):
        raise Invalid("请选择问题清单里的条目。")
    if any(line.project_id for line in lines):
        raise Conflict("选中的问题里有的已经列入项目。")
    area_code = min((line.area_code[:12] for line in lines), key=len)
    if len({line.area_code[:12] for line in lines}) > 1:
        area_code = lines[0].area_code[:9]
    project = design_project(
        actor=actor, at=at, title=title, area_code=area_code, purpose=purpose, client_key=client_key,
        need_ids=[line.need_id for line in lines if line.need_id],
    )  # fmt: skip
    ListLine.objects.filter(pk__in=wanted).update(project=project)
    first = lines[0]
    entry = ListLine(
        kind=ListKind.PROJECT, area_code=area_code, campaign=first.campaign, key=f"project-{project.pk}",
        text=project.title, affected=sum(line.affected for line in lines), found_on=timezone.localdate(at), project=project,
    )  # fmt: skip
    LIST_LINE.start(entry, event="find", actor=actor, at=at, data={"kind": entry.kind, "from": sorted(wanted)})
    return project


@domain_call("people:edit")
def settle_proposal(*, actor: Actor, at: datetime, proposal_id: int, confirm: bool, evidence: str = "") -> TagProposal:
    """Confirm a proposed category with its evidence, so that the register takes it, or decline it.

    Raises NotFound, MoveNotAllowed if it is settled, and what set_tag raises.
    """
    proposal = obtain(TagProposal.objects.select_related("target", "person", "kind"), actor, pk=proposal_id)
    move = "confirm" if confirm else "decline"
    data = {"tag": proposal.kind.code, "person": proposal.person_id}
    TAG_PROPOSAL.move(proposal, move, actor=actor, at=at, changes={"settled_at": at}, data=data)
    if confirm:
        with suppress(TagStands):
            set_tag(
                actor=actor, at=at, person_id=proposal.person_id, tag_code=proposal.kind.code,
                starts_on=timezone.localdate(at), evidence=evidence, source=Tag.Source.VISIT,
            )  # fmt: skip
    return proposal
