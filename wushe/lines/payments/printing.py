"""A statement as an office prints it: the sums by service, no person's name on it."""

from collections.abc import Iterable

from django.db.models import Count, Sum

from wushe.foundation.actor import Actor
from wushe.foundation.documents.render import pdf
from wushe.foundation.documents.sums import in_words
from wushe.foundation.quantities import show_fen

from .models import Statement
from .selectors import SUMMED, lines_of

_SUMS = ("payable_fen", "subsidy_fen", "charity_fen", "own_fen", "hold_fen", "net_fen")
HEADS = ["服务项目", "笔数", "应付", "补贴", "慈善承担", "自付", "年终留存", "本期付款"]


def sums_by_service(*, actor: Actor, statement: Statement) -> list[list[str]]:
    """Return a row for each service with its count and sums, and the whole last; what was put aside by a dispute is out."""
    lines = lines_of(actor=actor, statement=statement).filter(counts=True).order_by()
    name = f"settlement__{SUMMED}item__name"
    found = lines.values(name).annotate(count=Count("pk"), **{f"all_{one}": Sum(one) for one in _SUMS}).order_by(name)
    rows = [_row(one[name], one["count"], (one[f"all_{sum_}"] for sum_ in _SUMS)) for one in found]
    return [*rows, _row("合计", statement.lines_count, (getattr(statement, one) for one in _SUMS))] if rows else []


def statement_pdf(*, actor: Actor, statement: Statement, issuer: str) -> bytes:
    """Return a statement as PDF."""
    agreed = (
        f"{statement.agreed_at:%Y年%-m月%-d日}确认"
        if statement.agreed_at
        else f"{statement.agree_by:%Y年%-m月%-d日}前确认"
    )
    return pdf(
        template="sheet",
        data={
            "title": "结算对账单", "number": f"{statement.month:%Y%m}-{statement.pk}", "issuer": issuer,
            "on": f"{statement.issued_at:%Y年%-m月%-d日}",
            "facts": [
                ["机构", statement.organisation.name],
                ["账期", f"{statement.month:%Y年%-m月}{statement.get_kind_display()}（第{statement.number}张）"],
                ["状态", f"{statement.get_state_display()}，{agreed}"],
                ["本期付款", show_fen(statement.net_fen)],
                ["金额大写", in_words(statement.net_fen) if statement.net_fen >= 0 else "本期应退，结转下期抵扣"],
                ["付款号", statement.payment.reference if statement.payment else "还没有付款"],
            ],
            "heads": HEADS, "rows": sums_by_service(actor=actor, statement=statement), "figures": list(range(1, len(HEADS))),
            "paragraphs": ["本单按服务项目汇总，逐笔明细见平台上的对账单；有异议的，请在确认期限以前逐笔提出。"],
        },
    )  # fmt: skip


def _row(name: str, count: int, sums: Iterable[int]) -> list[str]:
    return [name, str(count), *(show_fen(one) for one in sums)]
