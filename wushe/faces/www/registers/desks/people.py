"""The desk of residents: its list is that of every register, its rows have pages of their own at the community desk."""

from wushe.faces.www.registers.desk import Desk, OwnPages
from wushe.registers.people.register import EDIT, PEOPLE

PEOPLE_DESK = Desk(
    register=PEOPLE, one="person", icon="users", edit=EDIT, rounds="residents",
    lead="身份证号、电话、地址都隐去；需要时点开查看，每次都会留下记录。",
    empty="从走访的第一户开始登记，或者导入现成的名册。",
    own=OwnPages(list="community:people", one="community:person", new="community:new_person"),
    siblings=("people", "households"),
)  # fmt: skip
