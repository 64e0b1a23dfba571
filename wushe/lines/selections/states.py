"""The code lists of selections: what is selected, how far it is, and where each proposal stands."""

from django.db import models


class SelectionKind(models.TextChoices):
    """Two ways in which the field chooses who carries a project; what they share is one model."""

    VENTURE = "venture", "公益创投"
    PURCHASE = "purchase", "政府购买服务"


class Way(models.TextChoices):
    """How a purchase is made; the amount decides."""

    COMPARE = "compare", "限额以下比选"
    CONSULT = "consult", "竞争性磋商"
    TENDER = "tender", "公开招标"


class SelectionState(models.TextChoices):
    """The life of a selection."""

    DRAFTED = "drafted", "拟定中"
    OPEN = "open", "征集中"
    SCREENING = "screening", "资格审查"
    SCORING = "scoring", "评审中"
    NOTICED = "noticed", "公示中"
    DECIDED = "decided", "已确定"
    CANCELLED = "cancelled", "已终止"


SHOWN = [state for state in SelectionState if state != SelectionState.DRAFTED]
"""What the public page shows."""


class ProposalState(models.TextChoices):
    """Where one proposal stands."""

    DRAFTED = "drafted", "填写中"
    FILED = "filed", "待审查"
    ASKED = "asked", "待补正"
    PASSED = "passed", "资格通过"
    BARRED = "barred", "资格不符"
    LAPSED = "lapsed", "逾期失效"
    WITHDRAWN = "withdrawn", "已撤回"
    CHOSEN = "chosen", "拟入选"
    WON = "won", "入选"
    LOST = "lost", "未入选"
    CONTRACTED = "contracted", "已签约"


JUDGED = [ProposalState.PASSED, ProposalState.CHOSEN, ProposalState.WON, ProposalState.LOST, ProposalState.CONTRACTED]
"""The proposals that were, or are being, scored."""


class Side(models.TextChoices):
    """Whose voice a juror brings."""

    EXPERT = "expert", "专家"
    PUBLIC = "public", "大众"


class ObjectionState(models.TextChoices):
    """Where an objection stands."""

    RAISED = "raised", "待答复"
    UPHELD = "upheld", "成立"
    DISMISSED = "dismissed", "不成立"
