"""The desks of selections: the call from its draft to its result, the proposals up to their contracts, and the bans."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.urls import reverse

from wushe.faces.www.doors import page_of_thing
from wushe.faces.www.registers.desk import Act, Desk, act_address
from wushe.faces.www.registers.sections import Link, Listing, Section, facts, line
from wushe.faces.www.selections import forms as ask
from wushe.faces.www.templatetags.formats import day, moment, money
from wushe.foundation.actor import Actor
from wushe.foundation.errors import Conflict
from wushe.lines.selections import announcing, applying, banning, contracting, deciding, judging, screening
from wushe.lines.selections.models import Ban, Contract, Proposal, Selection
from wushe.lines.selections.register import BANS, PROPOSALS, SELECTIONS, points
from wushe.lines.selections.rules import rules_of
from wushe.lines.selections.selectors import proposals_of
from wushe.lines.selections.states import ObjectionState
from wushe.lines.selections.states import ProposalState as P
from wushe.lines.selections.states import SelectionState as S
from wushe.registers.desk.declaration import Coded

MANAGE, APPLY, DECIDE = "selections:manage", "selections:apply", "selections:decide"
SIBLINGS = ("selections", "proposals", "bans")


def selection_sections(actor: Actor, row: Selection, on: date) -> list[Section]:
    """Return a call with its rules, its proposals in their order, its jury and the objections."""
    rules = rules_of(row, on=row.announced_on or on)
    basics = facts("征集", "speakerphone", [
        ("状态", Coded(f"selection.{row.state}", str(row.get_state_display()))),
        ("类别", row.get_kind_display()), ("采购方式", row.get_way_display() or None), ("指导性目录", row.listed_as or None),
        ("要求", row.wanted), ("资金来源", row.get_source_class_display()), ("总预算", money(row.budget_fen)),
        ("每个项目最多", money(row.limit_fen)), ("截止", row.due_on), ("项目期限", f"{day(row.starts_on)}到{day(row.ends_on)}"),
        ("答辩", row.defence_on), ("公示到", row.notice_until), ("确定", row.decided_on), ("原因", row.outcome or None),
        ("公开页", Link("打开", reverse("selections:one", args=[row.pk])) if row.state != S.DRAFTED else None),
    ])  # fmt: skip
    terms = facts("这次的规则", "adjustments-horizontal", [
        ("征集至少", f"{rules.least_days}天"), ("合格申报至少", f"{rules.least_proposals}份"),
        ("评分项", "，".join(f"{one}{most}分" for one, most in rules.criteria.items())),
        ("权重", "，".join(f"{_SIDES[one]}{share}%" for one, share in rules.weights.items())),
        ("及格线", f"{rules.value('pass_points')}分"), ("公示", f"{rules.of_kind('notice_days')}个工作日"),
    ], note="来自政策参数，按地区和日期生效。")  # fmt: skip
    heads = ("项目", "机构", "状态", "金额", "专家", "大众", "价格", "总分", "名次")
    offers = [
        line(one.title, heads, (one.organisation.name, Coded(f"proposal.{one.state}", str(one.get_state_display())),
             money(one.sum_fen), points(one.expert_points), points(one.public_points), points(one.price_points),
             points(one.points), one.rank), reverse("registers:proposal", args=[one.pk]))
        for one in proposals_of(actor=actor, selection=row)
    ]  # fmt: skip
    found: list[Section] = [basics, terms, Listing("申报", "file-text", heads, offers, "您的辖区内还没有申报。")]
    return found if actor.may(APPLY) else [*found, *_behind(actor, row)]


def _behind(actor: Actor, row: Selection) -> list[Section]:
    """Return what applicants do not see: the jury and the objections."""
    jury = ("评委", "身份", "已评", "回避")
    seats = [
        line(one.name, jury, (one.get_side_display(), one.scores.count(), one.recusals.count()))
        for one in row.jurors.order_by("side", "pk")
    ]
    said = ("异议", "提出", "答复期限", "结果", "答复")
    objections = [
        line(one.text, said, (moment(one.raised_at), moment(one.due_at), one.get_state_display(), one.answer),
             acts=(("答复", act_address("selections", row.pk, "answer", f"?part={one.pk}")),)
             if one.state == ObjectionState.RAISED and actor.may(DECIDE) else ())
        for one in row.objections.order_by("pk")
    ]  # fmt: skip
    return [Listing("评委", "users", jury, seats, "还没有聘请评委。"),
            Listing("异议", "message", said, objections, "没有异议。")]  # fmt: skip


_SIDES = {"expert": "专家", "public": "大众", "price": "价格"}


def proposal_sections(actor: Actor, row: Proposal, on: date) -> list[Section]:
    """Return a proposal with what the registers know of its organisation, its project and its contract."""
    project = row.project
    door = page_of_thing(actor, "project", row.project_id or 0) if project else ""
    follow = reverse("projects:project", args=[row.project_id]) if project and actor.may("projects:view") else ""
    basics = facts("申报书", "file-text", [
        ("征集", Link(row.selection.title, reverse("registers:selection", args=[row.selection_id]))),
        ("机构", row.organisation.name), ("状态", Coded(f"proposal.{row.state}", str(row.get_state_display()))),
        ("需求和目标", row.purpose), ("服务方案", row.logic), ("指标", tuple(row.indicators)), ("服务人数", row.people),
        ("申请金额", money(row.asked_fen)), ("核定金额", money(row.fixed_fen) if row.fixed_fen else None),
        ("附件清单", row.papers or None), ("提交", row.filed_on), ("要补正", row.ask or None), ("补正期限", row.ask_due_on),
        ("审查意见", row.remark or None), ("项目", Link(row.title, follow or door) if follow or door else None),
    ])  # fmt: skip
    result = facts("评审结果", "chart-line", [
        ("专家分", points(row.expert_points)), ("大众分", points(row.public_points)), ("价格分", points(row.price_points)),
        ("总分", points(row.points)), ("名次", row.rank),
    ])  # fmt: skip
    heads = ("资格条件", "看到什么", "结果")
    seen = row.findings or ([] if actor.may(APPLY) else screening.findings_of(row, on=on))
    checks = [line(one["says"], heads, (one["seen"], "达到" if one["met"] else "没有达到")) for one in seen]
    found: list[Section] = [basics, Listing("资格核查", "shield-check", heads, checks, "还没有核查。"), result]
    if (contract := _contract(row)) is not None:
        found += _contract_sections(contract, on)
    return found


def _contract_sections(contract: Contract, on: date) -> list[Section]:
    terms = facts("合同", "clipboard-check", [
        ("编号", contract.number), ("合同摘要", Link("打开 PDF", reverse("selections:contract", args=[contract.proposal_id]))),
        ("金额", money(contract.amount_fen)), ("签订", contract.signed_on),
        ("应签日期", contract.due_on), ("逾期原因", contract.late_reason or None),
        ("公告", contract.published_on or f"{day(contract.publish_due_on)}前"),
        ("备案", contract.filed_on or f"{day(contract.file_due_on)}前"),
        ("还能追加", money(contracting.addable_fen(contract, on=on))), ("档案保存到", contract.kept_until),
    ], note="承接机构自己履行，不得转包。验收和付款按拨款批次在项目页办理。")  # fmt: skip
    heads = ("追加", "金额", "日期")
    more = [
        line(one.reason, heads, (money(one.amount_fen), one.agreed_on)) for one in contract.additions.order_by("pk")
    ]
    return [terms, Listing("追加", "plus", heads, more, "没有追加。")]


def ban_sections(actor: Actor, row: Ban, on: date) -> list[Section]:
    """Return a ban."""
    return [facts("禁止申报", "ban", [
        ("机构", row.organisation.name), ("原因", row.reason), ("开始", row.starts_on), ("结束", row.ends_on),
        ("提前解除", row.lifted_on), ("解除原因", row.lifted_reason or None),
    ])]  # fmt: skip


def _contract(row: Proposal) -> Contract | None:
    return getattr(row, "contract", None)


def _on(said: str, service: Any, key: str, **fixed: Any) -> Any:
    def do(actor: Actor, at: datetime, row: Any, clean: dict[str, Any]) -> str:
        service(actor=actor, at=at, **{key: row.pk}, **fixed, **clean)
        return said

    return do


def _on_contract(said: str, service: Any) -> Any:
    def do(actor: Actor, at: datetime, row: Proposal, clean: dict[str, Any]) -> str:
        contract = _contract(row)
        service(actor=actor, at=at, contract_id=contract.pk if contract else 0, **clean)
        return said

    return do


def _apply(actor: Actor, at: datetime, row: Selection, clean: dict[str, Any]) -> str:
    applying.draft_proposal(actor=actor, at=at, selection_id=row.pk, **clean)
    return "申报书已保存，还没有提交。请在“申报和合同”里核对后提交。"


def _amend(actor: Actor, at: datetime, row: Proposal, clean: dict[str, Any]) -> str:
    applying.amend_proposal(actor=actor, at=at, proposal_id=row.pk, changes=clean)
    return "已保存，还没有提交。"


def _answer(actor: Actor, at: datetime, row: Any, clean: dict[str, Any]) -> str:
    deciding.answer_objection(actor=actor, at=at, objection_id=row.part or 0, **clean)
    return "已答复。"


def _form(form: type[forms.Form]) -> Any:
    return lambda data, actor, on, row: form(data)


def _in(*states: str) -> Any:
    return lambda row: row.state in states


def _stands(actor: Actor, at: datetime, pk: int, changes: dict[str, Any]) -> None:
    raise Conflict("登记以后不能修改；登记错了的，请另一个人提前解除。")


SELECTION = "selection_id"
SELECTIONS_DESK = Desk(
    register=SELECTIONS, one="selection", icon="speakerphone", edit=MANAGE, enter="发起征集",
    lead="公益创投和政府购买：公开征集、资格审查、专家和大众评审、公示、签约。逾期材料一律不收。",
    empty="发起第一次公益创投或政府购买。", form=ask.SelectionForm, create=announcing.draft_selection,
    update=lambda actor, at, pk, changes: announcing.amend_selection(actor=actor, at=at, selection_id=pk, changes=changes),
    sections=selection_sections, siblings=SIBLINGS,
    acts=(
        Act("apply", "我要申报", "file-text", APPLY, lambda data, actor, on, row: ask.ProposalForm(data, selection=row, on=on),
            _apply, shows=_in(S.OPEN)),
        Act("announce", "发布", "speakerphone", MANAGE, _form(forms.Form), _on("已发布。", announcing.announce, SELECTION),
            shows=_in(S.DRAFTED), hint="发布以后不能再改，所有机构都能看到。"),
        Act("juror", "聘请评委", "user-plus", MANAGE, _form(ask.JurorForm), _on("已聘请。", judging.seat_juror, SELECTION),
            shows=_in(S.OPEN, S.SCREENING)),
        Act("close_entry", "截止", "lock", MANAGE, _form(forms.Form), _on("已截止。", announcing.close_entry, SELECTION),
            shows=_in(S.OPEN), hint="截止日期过后才能办，没有提交的申报书自动失效；每天夜里也会自动截止。"),
        Act("judge", "进入评审", "gavel", MANAGE, _form(ask.DefenceForm), _on("已进入评审。", judging.begin_scoring, SELECTION),
            shows=_in(S.SCREENING), hint="申报都审查完、专家是单数才能进入。在申报机构任职的评委自动回避。"),
        Act("notice", "公示结果", "calendar-check", MANAGE, _form(forms.Form),
            _on("已公示。", deciding.put_on_notice, SELECTION), shows=_in(S.SCORING),
            hint="系统按评分和权重排出名次，从高到低，预算用完为止；不能手工改名次。"),
        Act("answer", "答复异议", "message", DECIDE, _form(ask.AnswerForm), _answer, shows=_in(S.NOTICED), listed=False,
            hint="异议成立的，结果作废，重新评审。"),
        Act("decide", "确定结果", "circle-check", DECIDE, _form(forms.Form),
            _on("结果已确定，可以立项签约。", deciding.decide_selection, SELECTION), shows=_in(S.NOTICED),
            hint="公示期满、异议都答复以后，由公示以外的另一个人确定。"),
        Act("cancel", "终止", "ban", MANAGE, _form(ask.ReasonForm), _on("已终止。", announcing.cancel_selection, SELECTION),
            shows=lambda row: row.state not in (S.DECIDED, S.CANCELLED), hint="终止以后不能恢复，原因会公开。"),
    ),
)  # fmt: skip

PROPOSAL = "proposal_id"
PROPOSALS_DESK = Desk(
    register=PROPOSALS, one="proposal", icon="file-text", edit="nobody:nothing",
    lead="从申报到合同：逾期失效，资格由登记册核查，名次由评分算出；合同按时限签订、公告、备案。",
    empty="征集发布以后，机构的申报会显示在这里。", sections=proposal_sections, siblings=SIBLINGS,
    acts=(
        Act("amend", "修改", "edit", APPLY,
            lambda data, actor, on, row: ask.ProposalForm(data, selection=row.selection, on=on, proposal=row), _amend,
            shows=_in(P.DRAFTED, P.ASKED)),
        Act("file", "提交", "send", APPLY, lambda data, actor, on, row: ask.FileForm(data, proposal=row, on=on),
            _on("已提交。", applying.file_proposal, PROPOSAL), shows=_in(P.DRAFTED, P.ASKED)),
        Act("withdraw", "撤回", "arrow-back-up", APPLY, _form(forms.Form),
            _on("已撤回。", applying.withdraw_proposal, PROPOSAL), shows=_in(P.DRAFTED, P.FILED, P.ASKED),
            hint="撤回以后不能恢复；截止以前可以重新申报。"),
        Act("pass", "资格通过", "circle-check", MANAGE, _form(ask.RemarkForm),
            _on("资格通过。", screening.pass_proposal, PROPOSAL), shows=_in(P.FILED), hint="有一条资格条件没达到，就不能通过。"),
        Act("ask", "要求补正", "message", MANAGE, _form(ask.AskForm), _on("已退回补正。", screening.ask_material, PROPOSAL),
            shows=_in(P.FILED), hint="逾期不补正的，自动失效。"),
        Act("bar", "资格不符", "ban", MANAGE, _form(ask.BarForm), _on("已记为资格不符。", screening.bar_proposal, PROPOSAL),
            shows=_in(P.FILED)),
        Act("fix", "核定金额", "coins", MANAGE, _form(ask.FixForm), _on("已核定。", judging.fix_sum, PROPOSAL),
            shows=lambda row: row.state == P.PASSED and row.selection.state == S.SCORING and not row.selection.way),
        Act("write_up", "立项", "clipboard-list", MANAGE, _form(forms.Form),
            _on("已立项。请到项目页逐条核对项目标准，再回来签合同。", contracting.write_up, PROPOSAL),
            shows=lambda row: row.state == P.WON and row.project_id is None),
        Act("sign", "登记合同", "clipboard-check", MANAGE, _form(ask.ContractForm),
            _on("合同已登记，项目已启动，拨款批次已排定。", contracting.sign_contract, PROPOSAL),
            shows=lambda row: row.state == P.WON and row.project_id is not None,
            hint="项目标准的立项条款全部达到才能签。"),
        Act("publish", "合同已公告", "speakerphone", MANAGE, _form(forms.Form),
            _on_contract("已记下，公开页已显示。", contracting.note_published),
            shows=lambda row: row.state == P.CONTRACTED and _contract(row).published_on is None),
        Act("archive", "合同已备案", "lock", MANAGE, _form(forms.Form), _on_contract("已记下。", contracting.note_filed),
            shows=lambda row: row.state == P.CONTRACTED and _contract(row).filed_on is None),
        Act("add", "追加", "plus", MANAGE, _form(ask.AdditionForm), _on_contract("已追加。", contracting.add_to_contract),
            shows=_in(P.CONTRACTED), hint="同样的条款，追加合计不超过原合同的上限比例。"),
    ),
)  # fmt: skip

BANS_DESK = Desk(
    register=BANS, one="ban", icon="ban", edit=DECIDE, enter="登记禁止申报",
    lead="违约、失信的机构，在期限内不能申报；提前解除要另一个人办理。", empty="没有被禁止申报的机构。",
    form=ask.BanForm, create=banning.ban_organisation, update=_stands, sections=ban_sections, siblings=SIBLINGS,
    acts=(
        Act("lift", "提前解除", "arrow-back-up", DECIDE, _form(ask.ReasonForm), _on("已解除。", banning.lift_ban, "ban_id"),
            shows=lambda row: row.lifted_on is None),
    ),
)  # fmt: skip
