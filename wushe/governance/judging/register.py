"""The lists of open meetings and of their questions as their desks show them."""

from django.db.models import Count, Q

from wushe.foundation.scope import visible
from wushe.registers.desk import facets
from wushe.registers.desk.declaration import Coded, Column, Order, Register, declare

from .models import OPEN, Meeting, MeetingState, Question, QuestionState

MEETINGS = declare(
    Register(
        code="meetings",
        title="坝坝会",
        noun="次",
        model=Meeting,
        permission="judging:view",
        rows=lambda actor, on: visible(Meeting.objects.all(), actor),
        dress=lambda rows, on: rows.annotate(
            asked=Count("questions"), answered=Count("questions", filter=Q(questions__state=QuestionState.ANSWERED))
        ),
        name=lambda m: m.title,
        search=lambda text: Q(title__contains=text) | Q(place_name__contains=text) | Q(host_name__contains=text),
        search_hint="议题、地点、主持人",
        columns=(
            Column("title", "议题", lambda m: m.title),
            Column("state", "状态", lambda m: Coded(f"meeting.{m.state}", m.get_state_display())),
            Column("starts", "时间", lambda m: m.starts_at, sort="starts"),
            Column("where", "地点", lambda m: m.place_name),
            Column("host", "主持人", lambda m: m.host_name),
            Column("present", "到场人数", lambda m: m.present, number=True),
            Column("asked", "提问", lambda m: m.asked, number=True),
            Column("answered", "已答复", lambda m: m.answered, number=True),
            Column("place", "社区", lambda m: m.place),
        ),
        facets=(facets.code_list("state", "状态", MeetingState), facets.place()),
        orders=(
            Order("newest", "新公告的在前", descending=True),
            Order("starts", "开会时间", "starts_at", descending=True),
        ),
    )
)
QUESTIONS = declare(
    Register(
        code="questions",
        title="居民提问",
        noun="条",
        model=Question,
        permission="judging:view",
        rows=lambda actor, on: visible(Question.objects.all(), actor),
        dress=lambda rows, on: rows.select_related("meeting"),
        name=lambda q: q.subject,
        search=lambda text: Q(subject__contains=text) | Q(words__contains=text) | Q(owner_name__contains=text),
        search_hint="问题里的字、责任人",
        columns=(
            Column("subject", "问题", lambda q: q.subject),
            Column("state", "状态", lambda q: Coded(f"question.{q.state}", q.get_state_display())),
            Column("owner", "责任人", lambda q: q.owner_name),
            Column("due", "答复期限", lambda q: q.due_on, sort="due"),
            Column("answered", "答复时间", lambda q: q.answered_at),
            Column("words", "居民原话", lambda q: q.words, quiet=True),
            Column("answer", "答复", lambda q: q.answer, quiet=True),
            Column("need", "需求", lambda q: q.need_id, number=True),
            Column("meeting", "坝坝会", lambda q: q.meeting.title),
            Column("place", "社区", lambda q: q.place),
        ),
        facets=(
            facets.code_list("state", "状态", QuestionState),
            facets.cases(
                "waits", "期限",
                late=("过了答复期限", lambda on: Q(state__in=OPEN, due_on__lt=on)),
                today=("今天到期", lambda on: Q(state__in=OPEN, due_on=on)),
            ),
            facets.place(),
        ),
        orders=(Order("newest", "新提的在前", descending=True), Order("due", "答复期限", "due_on")),
    )
)  # fmt: skip
