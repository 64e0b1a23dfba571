"""The summary of a contract as an office prints it; its QR code leads to the call, the ranking and the notice."""

from datetime import date

from wushe.foundation.actor import Actor
from wushe.foundation.documents.render import pdf, qr
from wushe.foundation.documents.sums import in_words
from wushe.foundation.quantities import show_fen
from wushe.foundation.scope import obtain

from .models import Contract


def contract_of(*, actor: Actor, proposal_id: int) -> Contract:
    """Return the contract of a proposal within the actor's scope; raise NotAllowed, NotFound."""
    actor.require("selections:view")
    rows = Contract.objects.select_related("proposal__selection", "proposal__organisation", "grant")
    return obtain(rows, actor, proposal=proposal_id)


def contract_pdf(contract: Contract, *, issuer: str, address: str) -> bytes:
    """Return the summary as PDF: who, what, how much and in which parts, until when, and what the law asks for."""
    proposal, selection = contract.proposal, contract.proposal.selection
    parts = contract.grant.tranches.select_related("report").order_by("number")
    return pdf(
        template="sheet",
        data={
            "title": "合同摘要", "number": contract.number, "issuer": issuer, "on": _day(contract.signed_on),
            "facts": [
                ["项目", proposal.title],
                ["征集", f"{selection.title}（{selection.get_way_display() or selection.get_kind_display()}）"],
                ["承接机构", f"{proposal.organisation.name}（{proposal.organisation.uscc or '无统一社会信用代码'}）"],
                ["金额（小写）", show_fen(contract.amount_fen)],
                ["金额（大写）", in_words(contract.amount_fen)],
                ["资金来源", selection.get_source_class_display()],
                ["期限", f"{_day(selection.starts_on)}至{_day(selection.ends_on)}"],
                ["服务人数", f"{proposal.people}人"],
                ["指标", "；".join(proposal.indicators)],
                ["追加", "；".join(f"{one.reason} {show_fen(one.amount_fen)}" for one in contract.additions.order_by("pk")) or "无"],
                ["公告", _done(contract.published_on, contract.publish_due_on)],
                ["备案", _done(contract.filed_on, contract.file_due_on)],
            ],
            "heads": ["拨款", "金额", "应交材料", "应交日期"], "figures": [1],
            "rows": [[str(one), show_fen(one.amount_fen), one.report.title, _day(one.report.due_on)] for one in parts],
            "paragraphs": [
                "承接机构自己履行合同，不得转包。每批款在应交材料通过审核、整改全部销号以后拨付；逾期不交的，按不通过处理。",
                f"采购和评审档案保存到{_day(contract.kept_until)}。",
            ],
            "qr": qr(address), "verify": "扫码可以看到征集、评审结果和合同公告",
        },
    )  # fmt: skip


def _day(day: date) -> str:
    return f"{day:%Y年%-m月%-d日}"


def _done(day: date | None, due_on: date) -> str:
    return f"{_day(day)}已办" if day else f"{_day(due_on)}前办理"
