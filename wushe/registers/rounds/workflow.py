"""The moves of a round: nothing reaches a register before somebody has seen the preview, and nothing half stays there."""

from wushe.foundation.workflow import Edge, Workflow

from .models import RoundState as S

ROUND = Workflow(
    "round",
    states=S,
    initial=S.UPLOADED,
    edges=[
        Edge("preview", S.UPLOADED, S.PREVIEWED, "读取完成"),
        Edge("reject", S.UPLOADED, S.FAILED, "文件读不了"),
        Edge("reread", S.PREVIEWED, S.UPLOADED, "重新对应列"),
        Edge("begin", S.PREVIEWED, S.COMMITTING, "确认导入"),
        Edge("resume", S.FAILED, S.COMMITTING, "继续导入"),
        Edge("resume", S.COMMITTING, S.COMMITTING, "继续导入"),
        Edge("finish", S.COMMITTING, S.COMMITTED, "导入完成"),
        Edge("fail", S.COMMITTING, S.FAILED, "导入中断"),
        Edge("undo", S.COMMITTING, S.RETURNING, "导入中断，撤回已写入的"),
        Edge("undone", S.RETURNING, S.FAILED, "已写入的撤回完"),
        Edge("discard", S.UPLOADED, S.DISCARDED, "放弃"),
        Edge("discard", S.PREVIEWED, S.DISCARDED, "放弃"),
        Edge("discard", S.FAILED, S.DISCARDED, "放弃"),
        Edge("take_back", S.COMMITTED, S.RETURNING, "整份撤回"),
        Edge("take_back", S.FAILED, S.RETURNING, "整份撤回"),
        Edge("take_back", S.RETURNING, S.RETURNING, "继续撤回"),
        Edge("return", S.RETURNING, S.RETURNED, "撤回完成"),
    ],
)
