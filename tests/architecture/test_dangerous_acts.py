"""What cannot be taken back asks first: the button opens a question that says what happens, never acts at once.

Plans and rounds are confirmed on a page that shows nothing but what will happen; a split or merge of areas has a box
to tick in its form.
"""

import re

import pytest

from tests.architecture.sources import ROOT

TEMPLATES = ROOT / "wushe/faces/www/templates/www"
IRREVERSIBLE = (
    "accounts:reverse_one", "accounts:settle_area", "admin:end", "admin:end_webhook", "admin:password", "admin:revoke",
    "catalogue:drop", "catalogue:publish", "centre:cancel", "community:approve_project", "community:close",
    "community:close_project", "community:grant_cancel", "community:refer", "community:start_project",
    "duplicates:unmerge", "organisation:withdraw", "rounds:discard",
)  # fmt: skip


@pytest.mark.parametrize("name", IRREVERSIBLE)
def test_it_asks_first(name: str) -> None:
    mention = re.compile(rf"""\{{% url ["']{name}["'][^%]*?(?: as (\w+))? %\}}""")
    found = {path.name: text for path in TEMPLATES.rglob("*.html") if mention.search(text := path.read_text())}
    assert found, "nobody can do it"
    for file, text in found.items():
        for variable in mention.findall(text):
            assert variable, f"{file}: a plain form acts at once"
            assert re.search(rf"\{{% confirm action={variable}\b", text), f"{file}: not asked"
