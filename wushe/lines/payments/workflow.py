"""The moves of statements, disputes, receiving accounts, batches, payments, lines of the bank and releases."""

from wushe.foundation.workflow import Edge, Workflow

from .states import (
    BankLineState,
    BatchState,
    DisputeState,
    PayeeState,
    PaymentState,
    ReleaseState,
    StatementState,
)

S, D, B, P, L = StatementState, DisputeState, BatchState, PaymentState, BankLineState

STATEMENT = Workflow(
    "pay_statement",
    states=S,
    initial=S.ISSUED,
    edges=[
        Edge("agree", S.ISSUED, S.AGREED, "确认对账"),
        Edge("pay", S.AGREED, S.PAYING, "列入付款"),
        Edge("free", S.PAYING, S.AGREED, "付款没有成功"),
        Edge("settle", S.PAYING, S.PAID, "付款到账"),
        Edge("reopen", S.PAID, S.AGREED, "付款退回"),
    ],
)

DISPUTE = Workflow(
    "pay_dispute",
    states=D,
    initial=D.OPEN,
    edges=[
        Edge("answer", D.OPEN, D.ANSWERED, "答复"),
        Edge("uphold", D.ANSWERED, D.UPHELD, "异议成立，冲正"),
        Edge("reject", D.ANSWERED, D.REJECTED, "异议不成立"),
        *(Edge("withdraw", state, D.WITHDRAWN, "撤回异议") for state in (D.OPEN, D.ANSWERED)),
    ],
)

PAYEE = Workflow(
    "payee_account",
    states=PayeeState,
    initial=PayeeState.PROPOSED,
    edges=[
        Edge("confirm", PayeeState.PROPOSED, PayeeState.ACTIVE, "复核通过"),
        Edge("refuse", PayeeState.PROPOSED, PayeeState.REFUSED, "不通过"),
        Edge("replace", PayeeState.ACTIVE, PayeeState.REPLACED, "停用"),
    ],
)

BATCH = Workflow(
    "payment_batch",
    states=B,
    initial=B.DRAFTED,
    edges=[
        Edge("confirm", B.DRAFTED, B.CONFIRMED, "复核通过"),
        Edge("cancel", B.DRAFTED, B.CANCELLED, "撤销"),
        Edge("send", B.CONFIRMED, B.SENT, "导出交银行"),
        Edge("finish", B.SENT, B.DONE, "全部有了结果"),
    ],
)

PAYMENT = Workflow(
    "payment",
    states=P,
    initial=P.PLANNED,
    edges=[
        Edge("ready", P.PLANNED, P.READY, "复核通过"),
        Edge("drop", P.PLANNED, P.DROPPED, "撤销"),
        Edge("send", P.READY, P.SENT, "交银行"),
        Edge("pay", P.SENT, P.PAID, "银行已付出"),
        Edge("return", P.SENT, P.RETURNED, "银行未付出"),
        Edge("return", P.PAID, P.RETURNED, "银行退回"),
    ],
)

BANK_LINE = Workflow(
    "bank_line",
    states=L,
    initial=L.SUSPENSE,
    edges=[
        Edge("match", L.SUSPENSE, L.MATCHED, "自动对上"),
        Edge("resolve", L.SUSPENSE, L.RESOLVED, "人工处理"),
    ],
)

RELEASE = Workflow(
    "hold_release",
    states=ReleaseState,
    initial=ReleaseState.SCORED,
    edges=[
        Edge("confirm", ReleaseState.SCORED, ReleaseState.CONFIRMED, "复核通过"),
        Edge("refuse", ReleaseState.SCORED, ReleaseState.REFUSED, "不通过"),
    ],
)
