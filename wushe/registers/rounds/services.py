"""Take a spreadsheet through its round: uploaded, previewed, its columns settled, then imported or put away.

A small file is read, and a small round imported, at once; larger ones in the background with their progress shown.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.jobs.services import enqueue

from . import parts
from .checking import actor_of, check_rows, intake_of, meaning, read_file
from .models import HeadingMemory, ImportRound, RoundState
from .reading.books import Blocks, UnreadableFile, open_book
from .reading.headings import plain
from .registry import require_register
from .selectors import given_up, own_round
from .sheets.description import CREATE, REFUSE, SAME, UPDATE
from .taking_back import take_all_back
from .workflow import ROUND
from .writing import write_all

READ_AT_ONCE = 400 << 10
WRITE_AT_ONCE = 500
GIVEN_UP = "后台几次都没有做完，已写入的会撤回。可以重新导入，或者放弃。"
_WRITING = (RoundState.COMMITTING, RoundState.RETURNING)
KEPT_FOR = timedelta(days=30)
"""How long the rows of a round stay for its result file, and how long it can be taken back."""


class NothingToImport(Conflict):
    """No row of the round can be imported."""

    message = "这份表里没有可以导入的行，请改好后重新上传。"


class ColumnsMissing(Conflict):
    """A required column has no heading yet."""

    message = "还有必填的列没有对上，请先对应列。"


class PartlyWritten(Conflict):
    """Some rows of the round are in the register."""

    message = "这份表已经写入了一部分，请继续导入，或者整份撤回。"


class NothingToTakeBack(Conflict):
    """The round wrote nothing, or it is too long ago."""

    message = f"这份表没有可以撤回的内容：没有写入，或者已经超过{KEPT_FOR.days}天。"


@domain_call(None)
def upload_round(
    *, actor: Actor, at: datetime, register: str, filename: str, blocks: Blocks, size: int, at_once: bool = False
) -> ImportRound:
    """Keep a file for a register; read and check it at once if it is small or asked for, otherwise in the background.

    Raises NotFound for an unknown register, NotAllowed without the right to edit it, and Invalid beside the file for
    one that cannot be read.
    """
    require_register(actor=actor, register=register)
    try:
        open_book(blocks, size=size)
        round_ = ImportRound(
            register=register, filename=filename[-120:], size=size, area_code=actor.area_code, uploaded_by=actor.user_id,
            role_code=actor.role_code, uploaded_at=at,
        )  # fmt: skip
        ROUND.start(round_, event="upload", actor=actor, at=at, data={"register": register, "size": size})
        parts.keep_file(round_, blocks())
        if at_once or size <= READ_AT_ONCE:
            _preview(round_, actor, at)
        else:
            _in_background(round_, "rounds.preview", at)
    except UnreadableFile as fault:
        raise Invalid(fields={"file": fault.message}) from None
    return round_


@domain_call(None)
def choose_columns(*, actor: Actor, at: datetime, round_id: int, said: Mapping[str, str]) -> ImportRound:
    """Say what each heading means ("" for nothing), check again, and remember it for this office.

    Raises NotFound, MoveNotAllowed unless the round waits for a decision, and Invalid for an unknown column or one
    that is meant twice.
    """
    round_ = own_round(actor=actor, round_id=round_id)
    intake = intake_of(round_, at)
    known = {column.code: column.title for column in intake.sheet.columns}
    meant = {heading: said.get(heading, "") for heading in round_.layout["headings"]}
    chosen = [code for code in meant.values() if code]
    faults = {h: "没有这一列。" for h, code in meant.items() if code and code not in known}
    faults |= {h: f"“{known[c]}”选了不止一次。" for h, c in meant.items() if c in known and chosen.count(c) > 1}
    if faults:
        raise Invalid(fields=faults)
    ROUND.move(round_, "reread", actor=actor, at=at)
    _remember(round_, meant, at)
    round_.layout = {**round_.layout, "said": meant}
    round_.save(update_fields=["layout"])
    if round_.rows <= WRITE_AT_ONCE * 4:
        _preview(round_, actor, at)
    else:
        _in_background(round_, "rounds.preview", at)
    return round_


@domain_call(None)
def commit_round(*, actor: Actor, at: datetime, round_id: int, at_once: bool = False) -> ImportRound:
    """Import what the preview let through: a small round, or if asked for, at once, a larger one in the background.

    Raises NotFound, MoveNotAllowed, ColumnsMissing, NothingToImport.
    """
    round_ = own_round(actor=actor, round_id=round_id)
    if round_.state == RoundState.COMMITTING and not given_up(round_=round_):
        return round_
    event = "begin" if round_.state == RoundState.PREVIEWED else "resume"
    ROUND.edge(round_.state, event)
    if round_.layout.get("missing"):
        raise ColumnsMissing
    if not round_.created + round_.updated + round_.unchanged or not round_.layout.get("columns"):
        raise NothingToImport
    ROUND.move(round_, event, actor=actor, at=at, changes={"message": "", "taken_back": 0, "stayed": []})
    if at_once or round_.rows <= WRITE_AT_ONCE:
        write_all(actor=actor, at=at, round_id=round_.pk)
        finish(round_, actor=actor, at=at)
    else:
        _in_background(round_, "rounds.commit", at)
    return round_


@domain_call(None)
def discard_round(*, actor: Actor, at: datetime, round_id: int) -> ImportRound:
    """Put a round away with everything that it kept. Raises NotFound, MoveNotAllowed, PartlyWritten."""
    round_ = own_round(actor=actor, round_id=round_id)
    if round_.rows_written or parts.has_trail(round_.pk):
        ROUND.edge(round_.state, "discard")
        raise PartlyWritten
    ROUND.move(round_, "discard", actor=actor, at=at, changes={"ended_at": at})
    parts.forget_all(round_.pk)
    return round_


@domain_call(None)
def take_back_round(*, actor: Actor, at: datetime, round_id: int, at_once: bool = False) -> ImportRound:
    """Take a whole round out of its register again: a small one at once, a larger one in the background.

    What somebody has worked on since then stays and is named. Raises NotFound, MoveNotAllowed, NothingToTakeBack.
    """
    round_ = own_round(actor=actor, round_id=round_id)
    if round_.state == RoundState.RETURNING and not given_up(round_=round_):
        return round_
    if not parts.has_trail(round_.pk) and round_.state != RoundState.RETURNING:
        ROUND.edge(round_.state, "take_back")
        raise NothingToTakeBack
    ROUND.move(round_, "take_back", actor=actor, at=at, changes={"message": ""})
    if at_once or round_.rows <= WRITE_AT_ONCE:
        take_all_back(actor=actor, at=at, round_id=round_.pk)
        end_return(round_, actor=actor, at=at)
    else:
        _in_background(round_, "rounds.take_back", at)
    return round_


def break_off(round_: ImportRound, *, actor: Actor, at: datetime, message: str) -> None:
    """End a round that failed: what it has written is taken back in the background, so that nothing half stays.

    A round of areas keeps no trail (codes are ended, not deleted): it stays at its mark and is taken up there.
    """
    message = message[:300]
    if parts.has_trail(round_.pk):
        ROUND.move(round_, "undo", actor=actor, at=at, changes={"message": message})
        _in_background(round_, "rounds.take_back", at)
    else:
        ROUND.move(round_, "fail", actor=actor, at=at, changes={"message": message})


def end_return(round_: ImportRound, *, actor: Actor, at: datetime) -> None:
    """Close a round that has been taken back; one that had failed (its message says why) may then begin anew."""
    round_.refresh_from_db()
    data = {"register": round_.register, "taken_back": round_.taken_back, "stayed": len(round_.stayed)}
    if round_.message:
        ROUND.move(round_, "undone", actor=actor, at=at, changes={"rows_written": 0, "rows_checked": 0}, data=data)
    else:
        ROUND.move(round_, "return", actor=actor, at=at, changes={"ended_at": at}, data=data)


@domain_call("jobs:run")
def end_given_up(*, actor: Actor, at: datetime) -> int:
    """Bring rounds to an end whose work in the background was given up: what is half written is taken back.

    Return how many there were; those whose taking back was given up are tried again.
    """
    lost = [one for one in ImportRound.objects.filter(state__in=_WRITING) if given_up(round_=one)]
    for round_ in lost:
        if round_.state == RoundState.COMMITTING:
            break_off(round_, actor=actor_of(round_), at=at, message=GIVEN_UP)
        else:
            _in_background(round_, "rounds.take_back", at)
    return len(lost)


@domain_call("jobs:run")
def forget_old_rounds(*, actor: Actor, at: datetime) -> int:
    """Delete the rows of rounds that ended long ago or were left lying; return how many rounds were emptied."""
    old = ImportRound.objects.filter(uploaded_at__lt=at - KEPT_FOR, parts__isnull=False).distinct()
    ids = list(old.exclude(state__in=_WRITING).values_list("pk", flat=True))
    for pk in ids:
        parts.forget_all(pk)
    return len(ids)


def prepare_preview(round_: ImportRound, *, at: datetime, tell: Callable[[int, int], None]) -> dict[str, object]:
    """Read and check a round, and return the columns of the round to be written; raise UnreadableFile."""
    intake = intake_of(round_, at)
    layout = round_.layout if "said" in round_.layout else read_file(round_, intake, tell)
    layout = meaning(layout, intake, round_.area_code, layout.get("said"))
    counts = check_rows(round_, layout, intake, tell)
    layout["faults"] = sorted(((code, n) for (code, _), n in counts.faults.items()), key=lambda one: -one[1])
    done = counts.outcomes
    return {
        "layout": layout, "rows": counts.rows, "rows_checked": counts.rows, "remarked": counts.remarked,
        "created": done[CREATE], "updated": done[UPDATE], "unchanged": done[SAME], "refused": done[REFUSE],
    }  # fmt: skip


def show_preview(round_: ImportRound, found: Mapping[str, object], *, actor: Actor, at: datetime) -> None:
    """Put what was found into the round and let it wait for a decision; the file itself is forgotten."""
    numbers = ("rows", "created", "updated", "unchanged", "refused")
    ROUND.move(round_, "preview", actor=actor, at=at, changes=found, data={name: found[name] for name in numbers})
    parts.forget_file(round_.pk)


def finish(round_: ImportRound, *, actor: Actor, at: datetime) -> None:
    """Close a round all of whose rows are written."""
    round_.refresh_from_db()
    numbers = ("rows", "created", "updated", "unchanged", "refused")
    data = {name: getattr(round_, name) for name in numbers}
    ROUND.move(
        round_, "finish", actor=actor, at=at, changes={"ended_at": at}, data={"register": round_.register, **data}
    )


def _preview(round_: ImportRound, actor: Actor, at: datetime) -> None:
    show_preview(round_, prepare_preview(round_, at=at, tell=lambda done, total: None), actor=actor, at=at)


def _in_background(round_: ImportRound, job: str, at: datetime) -> None:
    round_.job = enqueue(name=job, at=at, args={"round_id": round_.pk}).pk
    round_.save(update_fields=["job"])


def _remember(round_: ImportRound, meant: Mapping[str, str], at: datetime) -> None:
    memory: Iterable[HeadingMemory] = (
        HeadingMemory(area_code=round_.area_code, register=round_.register, heading=name, column=code, learnt_at=at)
        for heading, code in meant.items()
        if (name := plain(heading)) and len(name) <= 60
    )
    HeadingMemory.objects.bulk_create(
        {row.heading: row for row in memory}.values(), update_conflicts=True,
        unique_fields=["area_code", "register", "heading"], update_fields=["column", "learnt_at"],
    )  # fmt: skip
