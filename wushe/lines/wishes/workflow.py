"""The moves of a wish; what its claim does follows from them."""

from wushe.foundation.workflow import Edge, Workflow

from .models import WishState as S

WISH = Workflow(
    "wish",
    states=S,
    initial=S.COLLECTED,
    edges=[
        Edge("verify", S.COLLECTED, S.COLLECTED, "核实心愿"),
        Edge("publish", S.COLLECTED, S.PUBLISHED, "发布心愿"),
        Edge("claim", S.PUBLISHED, S.CLAIMED, "认领心愿"),
        Edge("contact", S.CLAIMED, S.CLAIMED, "认领人已联系"),
        Edge("release", S.CLAIMED, S.PUBLISHED, "认领到期或放弃，重新公开"),
        Edge("realise", S.CLAIMED, S.REALISED, "心愿已送到、做到"),
        Edge("confirm", S.REALISED, S.CONFIRMED, "居民确认，心愿实现"),
        Edge("reopen", S.REALISED, S.CLAIMED, "居民说还没实现"),
        Edge("thank", S.CONFIRMED, S.CONFIRMED, "写下感谢"),
        Edge("withdraw", S.COLLECTED, S.WITHDRAWN, "撤下心愿"),
        Edge("withdraw", S.PUBLISHED, S.WITHDRAWN, "撤下心愿"),
        Edge("withdraw", S.CLAIMED, S.WITHDRAWN, "撤下心愿"),
    ],
)
