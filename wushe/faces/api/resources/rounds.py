"""Rounds of import: a spreadsheet is sent, looked at, imported, and taken back whole; each is its token's account's own."""

from base64 import b64decode
from binascii import Error
from datetime import datetime
from typing import Annotated

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import Body, Id, ShortCode, Words
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging
from wushe.foundation.errors import Invalid
from wushe.registers.rounds import services
from wushe.registers.rounds.models import ImportRound
from wushe.registers.rounds.selectors import own_round, rounds_of

router = Resource("表格导入")
_LONGEST = 2_400_000


class RoundShown(Schema):
    """A round: where it is, and what became or would become of its rows."""

    id: int
    register_code: str
    filename: str
    state: str
    uploaded_at: datetime
    ended_at: datetime | None
    missing: list[str]
    rows: int
    rows_checked: int
    rows_written: int
    created: int
    updated: int
    unchanged: int
    refused: int
    remarked: int
    taken_back: int
    message: str

    @staticmethod
    def resolve_register_code(round_: ImportRound) -> str:
        """Return into which register its rows go."""
        return round_.register

    @staticmethod
    def resolve_missing(round_: ImportRound) -> list[str]:
        """Return the required columns that no heading means."""
        return list(round_.layout.get("missing", []))


class NewRound(Body):
    """A spreadsheet for a register."""

    register_code: ShortCode
    filename: Words
    content: Annotated[str, Field(max_length=_LONGEST, description="文件内容，Base64")]


@router.lists("/imports", "rounds:import", item=RoundShown, name="import_list", summary="导入记录")
def import_list(request: ApiRequest, paging: Query[Paging]) -> QuerySet[ImportRound]:
    """List the rounds of the token's account."""
    return rounds_of(actor=request.actor)


@router.reads("/imports/{round_id}", "rounds:import", gives=RoundShown, name="import", summary="一次导入")
def import_(request: ApiRequest, round_id: Id) -> ImportRound:
    """Show one round; a large one is read and imported in the background, so ask again."""
    return own_round(actor=request.actor, round_id=round_id)


@router.acts("/imports", "rounds:import", gives=RoundShown, status=201, name="import_upload", summary="上传表格")
def upload(request: ApiRequest, body: NewRound) -> ImportRound:
    """Take a spreadsheet and check it; nothing is written into the register yet."""
    try:
        content = b64decode(body.content, validate=True)
    except (Error, ValueError):
        raise Invalid(fields={"content": "文件内容应是 Base64。"}) from None
    return services.upload_round(
        actor=request.actor, at=timezone.now(), register=body.register_code, filename=body.filename,
        blocks=lambda: [content], size=len(content),
    )  # fmt: skip


@router.acts("/imports/{round_id}/commit", "rounds:import", gives=RoundShown, name="import_commit", summary="确认导入")
def commit(request: ApiRequest, round_id: Id) -> ImportRound:
    """Import what the check let through, or go on with what was interrupted."""
    return services.commit_round(actor=request.actor, at=timezone.now(), round_id=round_id)


@router.acts(
    "/imports/{round_id}/discard", "rounds:import", gives=RoundShown, name="import_discard", summary="放弃导入"
)
def discard(request: ApiRequest, round_id: Id) -> ImportRound:
    """Put a round away that has written nothing."""
    return services.discard_round(actor=request.actor, at=timezone.now(), round_id=round_id)


@router.acts(
    "/imports/{round_id}/take-back", "rounds:import", gives=RoundShown, name="import_take_back", summary="整份撤回"
)
def take_back(request: ApiRequest, round_id: Id) -> ImportRound:
    """Take a whole round out of its register again."""
    return services.take_back_round(actor=request.actor, at=timezone.now(), round_id=round_id)
