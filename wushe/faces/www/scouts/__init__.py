"""Pages of scouts beside the desk: sending a lead from the phone, and what came of each scout's leads."""
