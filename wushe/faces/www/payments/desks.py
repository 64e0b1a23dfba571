"""The lists of the desk as data: what each shows, of which states, and the acts that wait on its rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse

from wushe.faces.www.acts import Act
from wushe.faces.www.registers.cells import written
from wushe.faces.www.templatetags.formats import money
from wushe.foundation.actor import Actor
from wushe.lines.payments import disputes, payees, selectors, year_end
from wushe.lines.payments.states import (
    BankLineState,
    BatchState,
    DisputeState,
    PayeeState,
    ReleaseState,
    StatementState,
)

from .forms import AnswerForm, VerdictForm, WhyForm, WordsForm


class Fen(int):
    """A sum in fen in a cell."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One list: the cells of a row are what the page shows and what the file holds."""

    name: str
    title: str
    lead: str
    hint: str
    empty: str
    icon: str
    workflow: str
    states: type[TextChoices]
    find: Callable[..., Any]
    head: tuple[str, ...]
    cells: Callable[[Any], tuple[Any, ...]]
    link: Callable[[Any], str] = lambda row: ""
    acts: Mapping[str, Act] = field(default_factory=dict)
    of: Callable[..., Any] | None = None
    key: str = ""

    def shown(self, row: Any) -> list[tuple[str, str, bool]]:
        """Return heading, text and whether it is a number, for each cell of a row."""
        return [
            (head, show(cell), isinstance(cell, int)) for head, cell in zip(self.head, self.cells(row), strict=True)
        ]


def show(cell: Any) -> str:
    """Return a cell as a page shows it."""
    return money(cell) if isinstance(cell, Fen) else written(cell) or "—"


def plain(cell: Any) -> Any:
    """Return a cell as a file holds it: sums in yuan."""
    return f"{cell / 100:.2f}" if isinstance(cell, Fen) else cell


_FIRST, _LATER = frozenset({DisputeState.OPEN}), frozenset({DisputeState.ANSWERED})
_PROPOSED, _SCORED = frozenset({PayeeState.PROPOSED}), frozenset({ReleaseState.SCORED})


def _not_mine(name: str) -> Callable[[Any, Actor], bool]:
    return lambda row, actor: getattr(row, name) != actor.user_id


DISPUTES = {
    "answer": Act("答复", "写明核对的结果。", ("payments:prepare",), _FIRST, disputes.answer_dispute, "已答复，等另一个人裁定。",
                  AnswerForm, "pencil"),
    "uphold": Act("成立，冲正", "异议成立？这一笔结算会冲正，移出对账单，更正后重新结算。", ("payments:confirm",), _LATER,
                  disputes.uphold_dispute, "已冲正，移出对账单。", VerdictForm, "check",
                  waits_for=_not_mine("answered_by")),
    "reject": Act("不成立", "异议不成立？这一笔照付。", ("payments:confirm",), _LATER, disputes.reject_dispute, "已裁定不成立。",
                  VerdictForm, "x", waits_for=_not_mine("answered_by")),
    "withdraw": Act("撤回异议", "撤回？这一笔照对账单付款。", ("payments:agree",), _FIRST | _LATER,
                    disputes.withdraw_dispute, "已撤回异议。", icon="arrow-back-up"),
}  # fmt: skip
PAYEES = {
    "confirm": Act("复核通过", "与机构盖章的账户证明核对无误？通过后，以前的账户停用。", ("payments:confirm",), _PROPOSED,
                   payees.confirm_payee, "账户已启用。", WordsForm, "check", waits_for=_not_mine("proposed_by")),
    "refuse": Act("不通过", "退回这个账户？", ("payments:confirm",), _PROPOSED, payees.refuse_payee, "已退回。", WhyForm, "x",
                  danger=True, waits_for=_not_mine("proposed_by")),
}  # fmt: skip
RELEASES = {
    "confirm": Act("复核通过", "按这个得分结清留存？返还的列入付款，其余扣回。", ("payments:confirm",), _SCORED,
                   year_end.confirm_release, "已结清，返还部分等机构确认后付款。", WordsForm, "check",
                   waits_for=_not_mine("scored_by")),
    "refuse": Act("不通过", "退回这份评分？", ("payments:confirm",), _SCORED, year_end.refuse_release, "已退回。", WhyForm, "x",
                  danger=True, waits_for=_not_mine("scored_by")),
}  # fmt: skip

_LISTS = (
    Desk(
        "statements", "对账单", "每家机构每月一张，由结算记录生成；机构确认后付款，有异议一笔一笔提。", "机构名称",
        "没有符合条件的对账单", "receipt", "pay_statement", StatementState, selectors.find_statements,
        ("对账单", "机构", "笔数", "应付", "补贴", "慈善承担", "自付", "年终留存", "本期付款", "确认期限"),
        lambda s: (f"{s.month:%Y年%m月}{s.get_kind_display()}" + (f"（{s.number}）" if s.number > 1 else ""),
                   s.organisation.name, s.lines_count, Fen(s.payable_fen), Fen(s.subsidy_fen), Fen(s.charity_fen),
                   Fen(s.own_fen), Fen(s.hold_fen), Fen(s.net_fen), s.agree_by),
        lambda s: reverse("payments:pay_statement", args=[s.pk]),
    ),
    Desk(
        "disputes", "对账异议", "机构对一笔结算有异议：结算员答复，由另一个人裁定；成立就冲正，不改原记录。", "机构或异议内容",
        "没有符合条件的异议", "messages", "pay_dispute", DisputeState, selectors.find_disputes,
        ("机构", "结算编号", "异议", "答复期限", "答复", "裁定"),
        lambda d: (d.line.statement.organisation.name, str(d.line.settlement_id), d.reason, d.due_on, d.answer,
                   d.verdict),
        lambda d: reverse("payments:pay_statement", args=[d.line.statement_id]), DISPUTES, selectors.dispute_of,
        "dispute_id",
    ),
    Desk(
        "payees", "收款账户", "付给谁由两个人定：一个人按机构的账户证明登记，另一个人复核后才启用。", "户名或开户银行",
        "没有符合条件的收款账户", "wallet", "payee_account", PayeeState, selectors.find_payees,
        ("户名", "开户银行", "账号", "登记时间", "意见"),
        lambda p: (p.holder, p.bank, str(p.number), p.proposed_at, p.answer),
        lambda p: "", PAYEES, selectors.payee_of, "payee_id",
    ),
    Desk(
        "batches", "付款批次", "一个人制单，另一个人复核；复核后导出文件交银行，流水回来自动核对。", "批次号",
        "没有符合条件的付款批次", "coins", "payment_batch", BatchState, selectors.find_batches,
        ("批次号", "笔数", "金额", "制单时间", "复核时间", "导出次数"),
        lambda b: (b.number, b.payments, Fen(b.total_fen), b.drafted_at, b.confirmed_at, b.files),
        lambda b: reverse("payments:pay_batch", args=[b.pk]),
    ),
    Desk(
        "bank", "银行流水和挂账", "流水与付款自动核对，按付款号、金额和收款人；对不上的挂账，由人查明。", "户名、摘要或付款号",
        "没有符合条件的流水", "wallet", "bank_line", BankLineState, selectors.find_bank_lines,
        ("交易日期", "金额", "对方户名", "摘要", "付款号", "挂账原因", "结果"),
        lambda r: (r.booked_on, Fen(r.amount_fen), r.party, r.words, r.payment.reference if r.payment else "", r.why,
                   r.get_outcome_display() if r.outcome else ""),
        lambda r: reverse("payments:bank_line", args=[r.pk]),
    ),
    Desk(
        "year_end", "年终留存", "每笔补贴留存的部分，年终按考核得分返还：一个人评分，另一个人复核。", "机构名称",
        "没有符合条件的年终结清", "calendar-check", "hold_release", ReleaseState, selectors.find_releases,
        ("机构", "年度", "考核得分", "留存", "返还", "扣回", "依据"),
        lambda r: (r.organisation.name, str(r.year), r.score, Fen(r.held_fen), Fen(r.released_fen),
                   Fen(r.held_fen - r.released_fen), r.basis),
        lambda r: reverse("payments:pay_statement", args=[r.statement_id]) if r.statement_id else "", RELEASES,
        selectors.release_of, "release_id",
    ),
)  # fmt: skip
DESKS = {desk.name: desk for desk in _LISTS}
