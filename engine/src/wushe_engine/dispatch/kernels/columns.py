"""Names of the columns of the search's tables.

All state is in a few integer tables, one row for a node: the visits ``0 … n-1``, then one start
node and one end node for each person. Rows keep what a move touches together in the cache.
"""

from __future__ import annotations

from typing import Final

# Node table, fixed: S[node, column]
OPEN: Final = 0  # earliest start
LIMIT: Final = 1  # last possible start
DUE: Final = 2  # start after this is late
LATE_W: Final = 3  # points per unit of lateness (end nodes: of overtime)
DURATION: Final = 4
PLACE: Final = 5
PARTNER: Final = 6  # other half of the link, or -1
SECOND: Final = 7  # 1 for the second half of a link
GAP_LOW: Final = 8  # start of the second half minus start of the first: at least
GAP_HIGH: Final = 9  # … and at most
LOAD: Final = 10
PENALTY: Final = 11  # points when the visit is left out
PROMISED: Final = 12  # published person, or -1 (nobody published: -2)
PROMISE: Final = 13  # published start
SERIES: Final = 14  # index of the series, or -1
NODE_WIDTH: Final = 16

# Node table, changing: D[node, column]
PREV: Final = 0
NEXT: Final = 1
WHO: Final = 2  # person, or -1 when unserved
START: Final = 3
TRIAL: Final = 4  # start under the move being priced
COST: Final = 5  # points of lateness, overtime and change
TRIAL_COST: Final = 6
RESTED: Final = 7  # 1 when the break lies before this node
TRIAL_RESTED: Final = 8
TOUCHED: Final = 9  # stamp of the move that re-timed the node
QUEUED: Final = 10  # stamp of the move that queued the unit
LATE: Final = 11  # lateness, visits only
DAY_WIDTH: Final = 12

# People, fixed: P[person, column]
WORK_CAP: Final = 0
LOAD_CAP: Final = 1
SHARE: Final = 2
PAY: Final = 3
PROFILE: Final = 4
REST_EARLY: Final = 5
REST_LATE: Final = 6
REST_LENGTH: Final = 7  # -1: no break
END_FREE: Final = 8  # 1 when the time of coming home costs nothing
PERSON_WIDTH: Final = 9

# People, changing: Q[person, column]
WORK: Final = 0
CARRIED: Final = 1
WORK_BEFORE: Final = 2
MARK: Final = 3  # stamp of the move that touched the person
QUOTA_WIDTH: Final = 4

# Scalars: G[column]
VISITS: Final = 0
PEOPLE: Final = 1
W_TRAVEL: Final = 2
W_MAX: Final = 3
W_UNFAIR: Final = 4
W_CHANGE: Final = 5
TOLERANCE: Final = 6
PERSONAL: Final = 7  # 1 when timing depends on who comes (breaks, profiles, promises)
STAMP: Final = 8
TOTAL: Final = 9  # points of the current plan
TIMING: Final = 10  # part of TOTAL that sits in the COST column
MAX_LATE: Final = 11
DELTA: Final = 12  # change of points by the move, timing excluded
BAD: Final = 13  # 1 when the move breaks a hard rule
LOGGED: Final = 14  # operations in the log
SEEDS: Final = 15  # nodes queued for timing
MARKED: Final = 16  # people touched
RETIMED: Final = 17  # nodes re-timed
BEST: Final = 18
UNSERVED: Final = 19  # visits left out
ITERATIONS: Final = 20
IMPROVED: Final = 21  # iteration of the last better plan
GAINS: Final = 22  # number of better plans
RELABELS: Final = 23  # labels given since the last renumbering
NEW_MAX: Final = 24  # largest lateness under the move
MAX_HIT: Final = 25  # 1 when the move touches a visit with the largest lateness
GONE: Final = 26  # timing points of visits that the move leaves out
RANDOM: Final = 27  # state of the random numbers
MOST: Final = 28  # a move that adds more points than this before timing is hopeless
SCALARS: Final = 32

# Lists: lists[row, …]
IN_QUEUE: Final = 0  # nodes queued for timing
IN_RETIMED: Final = 1  # nodes re-timed by the move
IN_MARKED: Final = 2  # people touched by the move
IN_ORDER: Final = 3  # visits in the global order when last sorted
IN_BEST: Final = 4  # who serves each visit in the best plan
LISTS: Final = 5

# Further labels: labels[row, …]
LOG_LABEL: Final = 0  # labels before the operations of the log
BEST_LABEL: Final = 1  # labels of the best plan
LABELS: Final = 2

# Log operations
OP_UNLINK: Final = 0
OP_LINK: Final = 1
OP_EXCHANGE: Final = 2
OP_LABEL: Final = 3

UNREACHED: Final = 2**30  # travel entry without a way
