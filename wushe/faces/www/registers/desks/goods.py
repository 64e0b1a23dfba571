"""The desks of stock and of goods for households: their lists are those of every register, their pages are their own."""

from wushe.faces.www.registers.desk import Desk, OwnPages
from wushe.lines.goods.register import HANDOUTS, STOCK

STOCK_DESK = Desk(
    register=STOCK, one="position", icon="package", edit="goods:keep", enter="登记到货",
    lead="每一批从哪里来、放在哪里、还有多少、什么时候到期；先到期的先发。",
    empty="登记第一批到货，验收合格后进库存。",
    own=OwnPages(list="goods:stock", one="goods:position", new="goods:receive"), siblings=("stock", "handouts"),
)  # fmt: skip
HANDOUTS_DESK = Desk(
    register=HANDOUTS, one="handout", icon="gift", edit="goods:allocate", enter="公平发放",
    lead="分给谁、凭什么、领了没有；借用的什么时候该还。",
    empty="先登记到货，再按规则发放。",
    own=OwnPages(list="goods:handouts", one="goods:handout", new="goods:distribute"), siblings=("stock", "handouts"),
)  # fmt: skip
