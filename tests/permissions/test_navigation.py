"""Every row of the side navigation leads to a page that the role may enter."""

import pytest
from django.urls import resolve

from tests.permissions.table import TABLE
from wushe.faces.www.navigation import desk_sections
from wushe.foundation.actor import Actor
from wushe.foundation.roles import ROLES


@pytest.mark.parametrize("role", [code for code in ROLES if code != "system"])
def test_no_row_leads_to_a_refusal(role: str) -> None:
    sections = desk_sections(actor=Actor(user_id=0, name="", role_code=role), path="", counts={})
    entered = {resolve(row["address"]).view_name for section in sections for row in section["rows"]}
    assert [name for name in sorted(entered) if role not in TABLE[name].permitted] == []
