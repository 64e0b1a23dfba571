"""The desks of all registers, in the order in which the station thinks of them: the five societies."""

from .applications import APPLICATIONS_DESK
from .check_in import CHECK_IN_MEMBERS_DESK, CHECK_IN_UNITS_DESK
from .communities import COMMUNITIES_DESK, SEATS_DESK
from .due_visits import DUE_VISITS_DESK, NO_ANSWERS_DESK
from .facilities import FACILITIES_DESK
from .goods import HANDOUTS_DESK, STOCK_DESK
from .grid import CASES_DESK
from .households import HOUSEHOLDS_DESK
from .leads import LEADS_DESK
from .meetings import MEETINGS_DESK, QUESTIONS_DESK
from .organisations import ORGANISATIONS_DESK
from .pairs import PAIRS_DESK
from .people import PEOPLE_DESK
from .resources import DONORS_DESK, RESOURCES_DESK
from .selections import BANS_DESK, PROPOSALS_DESK, SELECTIONS_DESK
from .volunteers import POSTS_DESK, TEAMS_DESK, VOLUNTEERS_DESK
from .wishes import WISHES_DESK
from .workers import SOCIAL_WORKERS_DESK

ALL = (
    PEOPLE_DESK,
    HOUSEHOLDS_DESK,
    COMMUNITIES_DESK,
    SEATS_DESK,
    SOCIAL_WORKERS_DESK,
    ORGANISATIONS_DESK,
    VOLUNTEERS_DESK,
    TEAMS_DESK,
    POSTS_DESK,
    RESOURCES_DESK,
    DONORS_DESK,
    FACILITIES_DESK,
    WISHES_DESK,
    APPLICATIONS_DESK,
    SELECTIONS_DESK,
    PROPOSALS_DESK,
    BANS_DESK,
    LEADS_DESK,
    CASES_DESK,
    MEETINGS_DESK,
    QUESTIONS_DESK,
    CHECK_IN_UNITS_DESK,
    CHECK_IN_MEMBERS_DESK,
    STOCK_DESK,
    HANDOUTS_DESK,
    DUE_VISITS_DESK,
    NO_ANSWERS_DESK,
    PAIRS_DESK,
)
