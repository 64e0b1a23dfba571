"""The moves of funds, donations, changes of use, expenses and questions."""

from wushe.foundation.workflow import Edge, Workflow

from .enums import ChangeState, DonationState, ExpenseState, FundState, QuestionState

F, E = FundState, ExpenseState

FUND = Workflow(
    "fund",
    states=FundState,
    initial=F.DRAFTED,
    edges=[
        Edge("confirm", F.DRAFTED, F.OPEN, "共管方确认"),
        Edge("freeze", F.OPEN, F.FROZEN, "冻结"),
        Edge("thaw", F.FROZEN, F.OPEN, "解冻"),
        Edge("ask_closing", F.OPEN, F.CLOSING, "申请终止"),
        Edge("keep", F.CLOSING, F.OPEN, "不终止"),
        Edge("close", F.CLOSING, F.CLOSED, "终止"),
    ],
)

DONATION = Workflow(
    "donation",
    states=DonationState,
    initial=DonationState.RECEIVED,
    edges=[
        Edge("ask_refund", DonationState.RECEIVED, DonationState.REFUND_ASKED, "申请退回"),
        Edge("keep", DonationState.REFUND_ASKED, DonationState.RECEIVED, "不退回"),
        Edge("refund", DonationState.REFUND_ASKED, DonationState.REFUNDED, "退回"),
    ],
)

USE_CHANGE = Workflow(
    "use_change",
    states=ChangeState,
    initial=ChangeState.ASKED,
    edges=[
        Edge("agree", ChangeState.ASKED, ChangeState.AGREED, "同意"),
        Edge("decline", ChangeState.ASKED, ChangeState.DECLINED, "不同意"),
    ],
)

_OPEN = (E.AT_COMMUNITY, E.AT_STREET, E.AT_DISTRICT)

# Whose signature is the last follows from the amount: `pass` goes on to the next level, `approve` ends the signing.
EXPENSE = Workflow(
    "expense",
    states=ExpenseState,
    initial=E.AT_COMMUNITY,
    edges=[
        Edge("pass", E.AT_COMMUNITY, E.AT_STREET, "社区同意，转街道"),
        Edge("pass", E.AT_STREET, E.AT_DISTRICT, "街道同意，转区级"),
        *(Edge("approve", state, E.APPROVED, "同意付款") for state in _OPEN),
        *(Edge("refuse", state, E.REFUSED, "不同意") for state in _OPEN),
        *(Edge("freeze", state, E.FROZEN, "冻结") for state in (*_OPEN, E.APPROVED)),
        Edge("thaw", E.FROZEN, E.AT_COMMUNITY, "解冻，重新审核"),
        Edge("pay", E.APPROVED, E.PAID, "付款"),
        Edge("receipt", E.PAID, E.RECEIPTED, "收讫"),
    ],
)

QUESTION = Workflow(
    "book_question",
    states=QuestionState,
    initial=QuestionState.ASKED,
    edges=[Edge("answer", QuestionState.ASKED, QuestionState.ANSWERED, "答复")],
)
