"""The seven scenes in which the five societies work together (七个五社应用场景, Zhejiang)."""

SCENES = [
    ("mediation", "调解纠纷"),
    ("old_and_young", "一老一小"),
    ("hardship", "困难群众帮扶"),
    ("orphan_and_hardship_children", "孤困儿童关爱"),
    ("small_works", "民生微实事"),
    ("estate_governance", "小区治理质效"),
    ("neighbourly_culture", "睦邻文化"),
]


def scene_title(code: str) -> str:
    """Return the title of a scene, or the code itself for one that is not of the seven."""
    return dict(SCENES).get(code, code)
